import { Text } from '@mantine/core';
import type { AppDraft, CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useTermsFormatter } from '../format-terms.ts';

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
  'initiateLoginUri',
] as const satisfies readonly (keyof AppDraft)[];

/** Shows all fields of a submitted version that have a value. */
export function VersionTerms({
  terms,
  catalogue,
}: {
  readonly terms: AppDraft;
  readonly catalogue: CatalogResponse | undefined;
}) {
  const { fields } = useMessages().apps.settings;
  const formatTerm = useTermsFormatter(catalogue);
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
