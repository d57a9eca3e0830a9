import { Anchor, Button, Code, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { AppAnswer } from '../../../src/portal/contract/apps.ts';
import type { ExplorerAnswer } from '../../../src/portal/contract/explorer.ts';
import { Failure } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { ClockLine } from '../apps/clock.tsx';
import { Notice } from '../apps/notice.tsx';
import { addCallback, type Readiness } from './own-app.ts';

/** Explains why the explorer can't act as this app, or what to do first. */
export function OwnAppNotice({
  app,
  about,
  readiness,
}: {
  readonly app: AppAnswer;
  readonly about: ExplorerAnswer;
  readonly readiness: Readiness;
}) {
  const { ownApp: messages } = useWords().explorer;
  if (readiness === 'ready') return app.terms.auth === 'secret' ? <Text size="sm">{messages.secretLater}</Text> : null;
  return (
    <Notice color={readiness === 'add' ? 'blue' : 'yellow'}>
      <Stack gap="xs">
        <Text size="sm">{messages.standing[readiness](app.name)}</Text>
        {readiness === 'add' || readiness === 'ask-for' ? (
          <Code style={{ overflowWrap: 'anywhere' }}>{about.redirectUri}</Code>
        ) : null}
        {readiness === 'add' && app.terms.auth === 'secret' ? <Text size="sm">{messages.secretLater}</Text> : null}
        {readiness === 'ask-for' && app.open !== null ? <Text size="sm">{messages.replaces}</Text> : null}
        {readiness === 'waits' && app.open !== null ? <ClockLine open={app.open} /> : null}
        {readiness === 'ask-for' ? <AskFor app={app} about={about} /> : null}
        {readiness === 'add' && !app.may.change ? <Text size="sm">{messages.readOnly}</Text> : null}
        <Anchor component={Link} to={`/developer/apps/${app.clientId}`} size="sm" c="inherit" underline="always">
          {messages.toApp(app.name)}
        </Anchor>
      </Stack>
    </Notice>
  );
}

/** For an active app: adding the explorer's redirect URI needs a review, which is said before the button is pressed. */
function AskFor({ app, about }: { readonly app: AppAnswer; readonly about: ExplorerAnswer }) {
  const { ownApp: messages } = useWords().explorer;
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => addCallback(app, about),
    onSuccess: () => client.invalidateQueries({ queryKey: ['apps'] }),
  });
  if (!app.may.change) return <Text size="sm">{messages.readOnly}</Text>;
  return (
    <Stack gap="xs" align="flex-start">
      {mutation.error === null ? null : <Failure error={mutation.error} />}
      <Button size="xs" loading={mutation.isPending} onClick={() => mutation.mutate()}>
        {messages.askFor}
      </Button>
    </Stack>
  );
}
