import { Text } from '@mantine/core';
import type { AppDraft, CatalogueAnswer } from '../../../../src/portal/contract/apps.ts';
import { useWords } from '../../../words/index.ts';
import { useTermsInWords } from '../terms-in-words.ts';

const SHOWN = [
  'name',
  'description',
  'website',
  'redirectUris',
  'launchUri',
  'apis',
  'scope',
  'auth',
  'jwksUri',
  'dataUse',
  'policyUri',
  'termsUri',
] as const satisfies readonly (keyof AppDraft)[];

/** All fields of a submitted version that have a value. */
export function VersionTerms({
  terms,
  catalogue,
}: {
  readonly terms: AppDraft;
  readonly catalogue: CatalogueAnswer | undefined;
}) {
  const { fields } = useWords().apps.settings;
  const formatTerm = useTermsInWords(catalogue);
  return (
    <dl style={{ margin: 0 }}>
      {SHOWN.map((field) => [field, formatTerm(field, terms[field])] as const)
        .filter(([, text]) => text !== '')
        .map(([field, text]) => (
          <div key={field}>
            <Text component="dt" size="sm" c="dimmed" mt="xs">
              {fields[field]}
            </Text>
            <Text component="dd" m={0} size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {text}
            </Text>
          </div>
        ))}
    </dl>
  );
}
