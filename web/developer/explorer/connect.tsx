import { Alert, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconLogin, IconUserPause } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppResponse } from '../../../src/portal-api/contract/apps.ts';
import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../i18n/index.ts';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { useAddress } from '../../shell/use-address.ts';
import { AccountChoice } from './account-choice.tsx';
import { AppChoice } from './app-choice.tsx';
import { canSign } from './oauth.ts';
import { ownAppReadiness, TEST_USERNAMES, useOwnApp, useOwnAppAuthorization } from './own-app.ts';
import { OwnAppNotice } from './own-app-notice.tsx';

/**
 * Returns the scopes to request by default. For a developer's own app these are all that it has registered. For the
 * explorer's own app, offline_access isn't one of them, so that access ends with the test patient's session.
 */
const defaultScope = (about: ExplorerConfigResponse, app: AppResponse | undefined): string =>
  app?.terms.scope ??
  (about.client?.scope ?? 'openid fhirUser launch/patient online_access patient/*.rs')
    .split(' ')
    .filter((scope) => scope !== 'offline_access')
    .join(' ');

/** Form to choose app, test account and scopes, and to start an authorization. The app is stored in the URL. */
export function ConnectCard({
  about,
  back,
}: {
  readonly about: ExplorerConfigResponse;
  /** URL parameters of the explorer to which the authorization leads back. */
  readonly back: string;
}) {
  const { connect: messages } = useMessages().explorer;
  const { search, choose } = useAddress();
  const clientId = search.get('client') ?? '';
  const ownApp = useOwnApp(clientId);
  const { origin } = new URL(about.redirectUri);
  if (origin !== location.origin) return <OtherOriginNotice origin={origin} />;
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="connect">
      <Stack gap="sm">
        <Title order={2} size="h4" id="connect">
          {ownApp.data?.kind === 'staff' ? messages.titleStaff : messages.title}
        </Title>
        {about.missing === null ? null : (
          <Alert color="warning" variant="light" role="note">
            {messages.missing[about.missing]}
          </Alert>
        )}
        <AppChoice about={about} clientId={clientId} choose={(client) => choose({ client })} />
        {ownApp.isLoading ? (
          <Loading />
        ) : (
          <ConnectForm
            key={ownApp.data?.clientId ?? ''}
            about={about}
            app={ownApp.data}
            clientId={clientId === '' ? about.client?.clientId : clientId}
            user={search.get('user') ?? undefined}
            back={back}
          />
        )}
      </Stack>
    </Card>
  );
}

function ConnectForm({
  about,
  app,
  clientId,
  user,
  back,
}: {
  readonly about: ExplorerConfigResponse;
  /** The app to act as, if it is one of the developer's own. undefined if only the client id is known. */
  readonly app: AppResponse | undefined;
  readonly clientId: string | undefined;
  readonly user: string | undefined;
  readonly back: string;
}) {
  const { connect: messages, ownApp } = useMessages().explorer;
  const session = useSession();
  const { person } = session;
  const authorize = useOwnAppAuthorization(app, clientId);
  const staff = app?.kind === 'staff';
  const [username, setUsername] = useState(user ?? TEST_USERNAMES[staff ? 'staff' : 'patient']);
  const [scope, setScope] = useState(defaultScope(about, app));
  const readiness = app === undefined ? 'ready' : ownAppReadiness(app, about, session);
  const adds = readiness === 'add' && app?.may.change === true;
  const going = useMutation({
    mutationFn: () => authorize(about, { scope: scope.trim(), username, back: `${location.pathname}${back}` }),
  });
  const isReady = readiness === 'ready' || adds;
  return (
    <>
      {app === undefined ? null : <OwnAppNotice app={app} about={about} readiness={readiness} />}
      <Group align="flex-start" gap="md" grow preventGrowOverflow={false} wrap="wrap">
        <AccountChoice staff={staff} username={username} choose={setUsername} />
        <TextInput
          label={messages.scopes}
          description={messages.scopesHint}
          inputWrapperOrder={['label', 'input', 'description']}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
          miw={240}
          flex={2}
          spellCheck={false}
        />
      </Group>
      {person === null ? null : (
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <IconUserPause size={20} aria-hidden style={{ flexShrink: 0 }} />
          <Text size="sm">{messages.session(person.name)}</Text>
        </Group>
      )}
      {going.error === null ? null : <ErrorState error={going.error} />}
      {canSign() ? null : <Text c="red">{messages.insecure}</Text>}
      <Group>
        <Button
          leftSection={<IconLogin size={18} aria-hidden />}
          onClick={() => going.mutate()}
          loading={going.isPending || going.isSuccess}
          disabled={clientId === undefined || !isReady || !canSign()}
        >
          {adds ? ownApp.addAndGo : messages.button}
        </Button>
      </Group>
    </>
  );
}

function OtherOriginNotice({ origin }: { readonly origin: string }) {
  const { connect: messages } = useMessages().explorer;
  return (
    <Alert color="warning" variant="light">
      <Group>
        <Text size="sm">{messages.otherAddress(origin)}</Text>
        <Button component="a" href={`${origin}${location.pathname}${location.search}`} size="xs">
          {messages.open}
        </Button>
      </Group>
    </Alert>
  );
}
