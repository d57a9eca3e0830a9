import { Alert, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconLogin, IconUserPause } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppAnswer } from '../../../src/portal/contract/apps.ts';
import type { ExplorerAnswer } from '../../../src/portal/contract/explorer.ts';
import { useAddress } from '../../shell/address.ts';
import { useSession } from '../../shell/session.ts';
import { Failure, Loading } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { AppChoice } from './app-choice.tsx';
import { canSign, leave } from './oauth.ts';
import { addCallback, readinessOf, useOwnApp } from './own-app.ts';
import { OwnAppNotice } from './own-app-notice.tsx';
import { Who } from './who.tsx';

/** Default scopes, without offline_access, so that access ends with the test patient's session. */
const scopeOf = (about: ExplorerAnswer, app: AppAnswer | undefined): string =>
  (app?.terms.scope ?? about.client?.scope ?? 'openid fhirUser launch/patient online_access patient/*.rs')
    .split(' ')
    .filter((scope) => scope !== 'offline_access')
    .join(' ');

/** Chooses app, user and scopes to connect with. The app is kept in the URL. */
export function ConnectCard({ about }: { readonly about: ExplorerAnswer }) {
  const { connect: messages } = useWords().explorer;
  const { search, choose } = useAddress();
  const clientId = search.get('client') ?? '';
  const own = useOwnApp(clientId);
  const { origin } = new URL(about.redirectUri);
  if (origin !== location.origin) return <Elsewhere origin={origin} />;
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="connect">
      <Stack gap="sm">
        <Title order={2} size="h4" id="connect">
          {own.data?.kind === 'staff' ? messages.titleStaff : messages.title}
        </Title>
        {about.missing === null ? null : (
          <Alert color="yellow" variant="light" role="note">
            {messages.missing[about.missing]}
          </Alert>
        )}
        <AppChoice about={about} clientId={clientId} choose={(client) => choose({ client })} />
        {own.isLoading ? (
          <Loading />
        ) : (
          <Ask
            key={own.data?.clientId ?? ''}
            about={about}
            app={own.data}
            clientId={clientId === '' ? about.client?.clientId : clientId}
            user={search.get('user') ?? undefined}
          />
        )}
      </Stack>
    </Card>
  );
}

function Ask({
  about,
  app,
  clientId,
  user,
}: {
  readonly about: ExplorerAnswer;
  /** Data of a developer's own app; undefined if only the client id is known. */
  readonly app: AppAnswer | undefined;
  readonly clientId: string | undefined;
  readonly user: string | undefined;
}) {
  const { connect: messages, ownApp } = useWords().explorer;
  const { addresses, person, provisionalApps } = useSession();
  const client = useQueryClient();
  const staff = app?.kind === 'staff';
  const [username, setUsername] = useState(user ?? (staff ? 'staffapitest' : 'patientapitest'));
  const [scope, setScope] = useState(scopeOf(about, app));
  const readiness = app === undefined ? 'ready' : readinessOf(app, about, provisionalApps);
  const adds = readiness === 'add' && app?.may.change === true;
  const going = useMutation({
    async mutationFn() {
      if (adds) {
        await addCallback(app, about);
        await client.invalidateQueries({ queryKey: ['apps', 'one', app.clientId] });
      }
      await leave(addresses, about.redirectUri, {
        clientId: clientId ?? '',
        name: app?.name,
        isConfidential: app?.terms.auth === 'secret',
        aud: app === undefined || app.terms.apis.includes('r4') ? addresses.r4 : addresses.dstu2,
        scope: scope.trim(),
        username,
        back: `${location.pathname}${location.search}`,
      });
    },
  });
  const isReady = readiness === 'ready' || adds;
  return (
    <>
      {app === undefined ? null : <OwnAppNotice app={app} about={about} readiness={readiness} />}
      <Group align="flex-start" gap="md" grow preventGrowOverflow={false} wrap="wrap">
        <Who staff={staff} username={username} choose={setUsername} />
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
      {going.error === null ? null : <Failure error={going.error} />}
      {canSign() ? null : <Text c="red">{messages.insecure}</Text>}
      <Group>
        <Button
          leftSection={<IconLogin size={18} aria-hidden />}
          onClick={() => going.mutate()}
          loading={going.isPending || going.isSuccess}
          disabled={clientId === undefined || !isReady || !canSign()}
        >
          {adds ? ownApp.addAndGo : messages.go}
        </Button>
      </Group>
    </>
  );
}

function Elsewhere({ origin }: { readonly origin: string }) {
  const { connect: messages } = useWords().explorer;
  return (
    <Alert color="yellow" variant="light">
      <Group>
        <Text size="sm">{messages.elsewhere(origin)}</Text>
        <Button component="a" href={`${origin}${location.pathname}${location.search}`} size="xs">
          {messages.open}
        </Button>
      </Group>
    </Alert>
  );
}
