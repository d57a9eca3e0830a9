import { Anchor, Button, Code, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { AppResponse } from '../../../src/portal-api/contract/apps.ts';
import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../i18n/index.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import { DeadlineLine } from '../../shell/review-deadline.tsx';
import { Notice } from '../apps/notice.tsx';
import { addRedirectUri, type OwnAppReadiness } from './own-app.ts';

/** Explains why the explorer can't act as one of the developer's apps, or what to do first. */
export function OwnAppNotice({
  app,
  about,
  readiness,
}: {
  readonly app: AppResponse;
  readonly about: ExplorerConfigResponse;
  readonly readiness: OwnAppReadiness;
}) {
  const { ownApp: messages } = useMessages().explorer;
  const clock = app.open?.clock ?? null;
  if (readiness === 'ready') return app.terms.auth === 'secret' ? <Text size="sm">{messages.secretLater}</Text> : null;
  return (
    <Notice color={readiness === 'add' ? 'accent' : 'warning'}>
      <Stack gap="xs">
        <Text size="sm">{messages.states[readiness](app.name)}</Text>
        {readiness === 'add' || readiness === 'ask-for' ? (
          <Code style={{ overflowWrap: 'anywhere' }}>{about.redirectUri}</Code>
        ) : null}
        {readiness === 'add' && app.terms.auth === 'secret' ? <Text size="sm">{messages.secretLater}</Text> : null}
        {readiness === 'ask-for' && app.open !== null ? <Text size="sm">{messages.replacesPending}</Text> : null}
        {readiness === 'waits' && clock !== null ? <DeadlineLine clock={clock} /> : null}
        {readiness === 'ask-for' ? <AddRedirectUri app={app} about={about} /> : null}
        {readiness === 'add' && !app.may.change ? <Text size="sm">{messages.readOnly}</Text> : null}
        <Anchor component={Link} to={`/developer/apps/${app.clientId}`} size="sm" c="inherit" underline="always">
          {messages.toApp(app.name)}
        </Anchor>
      </Stack>
    </Notice>
  );
}

/**
 * Button that adds the explorer's redirect URI to an active app. The change needs a review, as the
 * text above the button says.
 */
function AddRedirectUri({ app, about }: { readonly app: AppResponse; readonly about: ExplorerConfigResponse }) {
  const { ownApp: messages } = useMessages().explorer;
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => addRedirectUri(app, about),
    onSuccess: () => client.invalidateQueries({ queryKey: ['apps'] }),
  });
  if (!app.may.change) return <Text size="sm">{messages.readOnly}</Text>;
  return (
    <Stack gap="xs" align="flex-start">
      {mutation.error === null ? null : <ErrorState error={mutation.error} />}
      <Button size="xs" loading={mutation.isPending} onClick={() => mutation.mutate()}>
        {messages.submitChange}
      </Button>
    </Stack>
  );
}
