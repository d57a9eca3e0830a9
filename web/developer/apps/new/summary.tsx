import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import type { AppDraft, CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages, type WebMessages } from '../../../i18n/index.ts';
import { normalizeDraft } from '../draft/empty-draft.ts';
import { splitScopes } from '../draft/scopes.ts';
import { useTermsFormatter } from '../format-terms.ts';
import type { WizardStep } from './steps.ts';
import type { NewAppState } from './use-new-app.ts';

type Section = keyof WebMessages['apps']['sections'];

/** Sections of the summary with the step of the wizard that changes them. The last step itself shows the others. */
const SECTIONS = [
  ['kind', 'app'],
  ['about', 'app'],
  ['return', 'app'],
  ['proof', 'access'],
  ['data', 'access'],
] as const satisfies readonly (readonly [Section, WizardStep])[];

/** Shows one or two lines for each section of the registration, with a link to the step that changes it. */
export function Summary({
  app,
  draft,
  catalogue,
}: {
  readonly app: NewAppState;
  readonly draft: AppDraft;
  readonly catalogue: CatalogResponse;
}) {
  const { newApp, sections } = useMessages().apps;
  const lines = useSummaryLines(normalizeDraft(draft), app, catalogue);
  const [search] = useSearchParams();
  const to = (step: WizardStep) => {
    const address = new URLSearchParams(search);
    address.set('step', step);
    return `?${address}`;
  };
  return (
    <Stack gap="sm" component="dl" m={0}>
      {SECTIONS.filter(([section]) => draft.kind !== 'backend' || section !== 'return').map(([section, step]) => (
        <div key={section}>
          <Group component="dt" justify="space-between" wrap="nowrap" gap="md">
            <Text span size="sm" c="dimmed">
              {sections[section]}
            </Text>
            <Anchor component={Link} to={to(step)} size="sm" aria-label={newApp.editOf(sections[section])}>
              {newApp.edit}
            </Anchor>
          </Group>
          {lines[section].map((line) => (
            <Text component="dd" key={line} m={0} style={{ overflowWrap: 'anywhere' }}>
              {line}
            </Text>
          ))}
        </div>
      ))}
    </Stack>
  );
}

function useSummaryLines(
  draft: AppDraft,
  { secretDays, logo }: NewAppState,
  catalogue: CatalogResponse,
): Readonly<Record<(typeof SECTIONS)[number][0], readonly string[]>> {
  const { newApp, authentication, settings } = useMessages().apps;
  const formatTerm = useTermsFormatter(catalogue);
  const orNone = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [newApp.none] : lines);
  const lasts = catalogue.secretLifetimes.find(({ days }) => days === secretDays)?.label ?? '';
  const about = [draft.name, draft.description, draft.website, logo === undefined ? '' : settings.fields.logo];
  return {
    kind: [formatTerm('kind', draft.kind)],
    about: orNone(about.filter((one) => one !== '')),
    return: orNone([...draft.redirectUris, ...(draft.launchUri === '' ? [] : [draft.launchUri])]),
    proof: [
      formatTerm('auth', draft.auth),
      ...(draft.auth === 'secret' ? [`${authentication.lifetime}: ${lasts}`] : []),
    ],
    data: [formatTerm('apis', draft.apis), splitScopes(draft.scope).join(' ')],
  };
}
