import { Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppDraft, PreviewRequest, PreviewResponse } from '../../../../src/portal-api/contract/apps.ts';
import { type Language, useLanguage } from '../../../i18n/index.ts';
import { api } from '../../../shell/api.ts';
import { ErrorState, Loading } from '../../../shell/page-states.tsx';
import classes from '../apps.module.css';
import { normalizeDraft } from '../draft/empty-draft.ts';

/** Shows a preview of the consent page, which the server renders, in a sandboxed iframe. */
export function ConsentPreview({
  draft,
  sound,
  of,
}: {
  readonly draft: AppDraft;
  readonly sound: boolean;
  /** Id of the organization for a new app, or client id of an existing app. */
  readonly of: Pick<PreviewRequest, 'organisationId' | 'clientId'>;
}) {
  const { messages, language: own } = useLanguage();
  const { preview } = messages.apps;
  const [language, setLanguage] = useState<Language>(own);
  const [settled] = useDebouncedValue(draft, 500);
  const order: PreviewRequest = { draft: normalizeDraft(settled), language, ...of };
  const consented = draft.kind !== 'backend';
  const displayed = useQuery({
    queryKey: ['apps', 'preview', order],
    queryFn: () => api<PreviewResponse>('POST', '/developer/preview', order),
    enabled: consented && sound,
    placeholderData: keepPreviousData,
  });
  return (
    <Stack component="section" gap="xs">
      <Group justify="space-between">
        <Title order={3} size="h4">
          {preview.titles[draft.kind]}
        </Title>
        {consented ? (
          <SegmentedControl
            size="xs"
            aria-label={preview.language}
            data={[
              { value: 'en', label: 'English' },
              { value: 'es', label: 'Español' },
            ]}
            value={language}
            onChange={(chosen) => setLanguage(chosen as Language)}
          />
        ) : null}
      </Group>
      {!consented ? (
        <Text>{preview.noConsent}</Text>
      ) : !sound ? (
        <Text c="dimmed">{preview.notReady}</Text>
      ) : displayed.error !== null ? (
        <ErrorState error={displayed.error} again={() => void displayed.refetch()} />
      ) : displayed.data?.html == null ? (
        <Loading />
      ) : (
        <>
          <iframe className={classes['frame']} title={preview.frame} sandbox="" srcDoc={displayed.data.html} />
          <Text size="sm" c="dimmed">
            {preview.hint}
          </Text>
        </>
      )}
    </Stack>
  );
}
