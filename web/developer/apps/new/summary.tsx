import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import type { AppDraft, CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { normalizeDraft } from '../draft/empty-draft.ts';
import { splitScopes } from '../draft/scopes.ts';
import { useTermsFormatter } from '../format-terms.ts';
import type { WizardStep } from './steps.ts';
import type { NewAppState } from './use-new-app.ts';

/** Shows one or two lines for each step of the wizard, with a link back to that step. */
export function Summary({
  app,
  draft,
  catalogue,
}: {
  readonly app: NewAppState;
  readonly draft: AppDraft;
  readonly catalogue: CatalogResponse;
}) {
  const { newApp } = useMessages().apps;
  const lines = useSummaryLines(normalizeDraft(draft), app.secretDays, catalogue);
  const [search] = useSearchParams();
  const to = (step: WizardStep) => {
    const address = new URLSearchParams(search);
    address.set('step', step);
    return `?${address}`;
  };
  return (
    <Stack gap="sm" component="dl" m={0}>
      {app.steps
        .filter((step) => step !== 'review')
        .map((step) => (
          <div key={step}>
            <Group component="dt" justify="space-between" wrap="nowrap" gap="md">
              <Text span size="sm" c="dimmed">
                {newApp.steps[step]}
              </Text>
              <Anchor component={Link} to={to(step)} size="sm" aria-label={newApp.editOf(newApp.steps[step])}>
                {newApp.edit}
              </Anchor>
            </Group>
            {lines[step].map((line) => (
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
  secretDays: number | null,
  catalogue: CatalogResponse,
): Readonly<Record<WizardStep, readonly string[]>> {
  const { newApp, dataUse, authentication } = useMessages().apps;
  const formatTerm = useTermsFormatter(catalogue);
  const orNone = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [newApp.none] : lines);
  const lasts = catalogue.secretLifetimes.find(({ days }) => days === secretDays)?.label ?? '';
  const answered = Object.keys(draft.dataUse).length;
  return {
    kind: [formatTerm('kind', draft.kind)],
    about: orNone([draft.name, draft.description, draft.website].filter((one) => one !== '')),
    return: orNone([...draft.redirectUris, ...(draft.launchUri === '' ? [] : [draft.launchUri])]),
    data: [formatTerm('apis', draft.apis), splitScopes(draft.scope).join(' ')],
    proof: [
      formatTerm('auth', draft.auth),
      ...(draft.auth === 'secret' ? [`${authentication.lifetime}: ${lasts}`] : []),
    ],
    use: [dataUse.count(answered, catalogue.dataUse.length)],
    policy: orNone([draft.policyUri, draft.termsUri].filter((one) => one !== '')),
    review: [],
  };
}
