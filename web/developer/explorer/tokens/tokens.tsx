import { Anchor, Box, Button, Card, Code, Group, Stack, Text, Title } from '@mantine/core';
import { IconRefresh, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { ExplorerConfigResponse } from '../../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useSession } from '../../../shell/session.ts';
import type { ExplorerConnection } from '../connection-store.ts';
import classes from '../explorer.module.css';
import { forgetConnection, refresh, revoke } from '../oauth.ts';
import { SecretForm } from '../secret-form.tsx';
import { storeSecret, useSecret } from '../secret-store.ts';
import { Revoked, Summary, TokenDetails, TokenEvents } from './token-details.tsx';
import { useDuration } from './use-duration.ts';

/**
 * Shows whose record the explorer's tokens open and how long. The rest can be opened, so that request and response are
 * on the first screen.
 */
export function TokensCard({
  about,
  connection,
}: {
  readonly about: ExplorerConfigResponse;
  readonly connection: ExplorerConnection;
}) {
  const { tokens: messages, connect, ownApp } = useMessages().explorer;
  const { addresses } = useSession();
  const refreshing = useMutation({ mutationFn: () => refresh(addresses, connection) });
  const revoking = useMutation({ mutationFn: () => revoke(addresses, connection) });
  const { tokens, clientId, name } = connection;
  // Phones leave out the sign-in, which has just happened, so that the form is on the first screen.
  const [lastEvent] = connection.events;
  const secret = useSecret(clientId);
  // After a reload the page no longer has the client secret, which is only in memory. It then asks
  // for the secret, and tokens can't be refreshed or revoked until the developer enters it.
  const lacksSecret = connection.isConfidential && secret === undefined;
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="tokens">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h4" id="tokens">
            {messages.title}
          </Title>
          <Group gap="xs">
            <Button
              size="xs"
              px="sm"
              onClick={() => refreshing.mutate()}
              loading={refreshing.isPending}
              disabled={tokens.refresh_token === undefined || lacksSecret}
            >
              <WideIcon icon={IconRefresh} />
              {messages.refresh}
            </Button>
            <Button
              size="xs"
              px="sm"
              variant="default"
              onClick={() => revoking.mutate()}
              loading={revoking.isPending}
              disabled={lacksSecret}
            >
              <WideIcon icon={IconX} />
              {messages.revoke}
            </Button>
            <Button size="xs" px="sm" variant="subtle" onClick={forgetConnection}>
              {connect.again}
            </Button>
          </Group>
        </Group>
        {lacksSecret ? (
          <SecretForm name={name ?? clientId} go={(typed) => storeSecret(clientId, typed)} label={ownApp.useSecret} />
        ) : null}
        <MainFacts about={about} connection={connection} />
        <Group gap="0.25rem 1.5rem" className={classes['folds'] ?? ''}>
          <Box aria-live="polite" {...(lastEvent?.kind === 'signed-in' ? { visibleFrom: 'sm' } : {})}>
            <TokenEvents events={connection.events.slice(0, 1)} />
          </Box>
          <Box component="details">
            <Summary>{messages.details}</Summary>
            <TokenDetails about={about} connection={connection} />
          </Box>
        </Group>
      </Stack>
    </Card>
  );
}

/** Icon of a button. Phones show only its text, so that two buttons fit in a row. */
const WideIcon = ({ icon: Icon }: { readonly icon: typeof IconX }) => (
  <Box component="span" visibleFrom="sm" display="inline-flex" mr={6}>
    <Icon size={16} aria-hidden />
  </Box>
);

function MainFacts({
  about,
  connection,
}: {
  readonly about: ExplorerConfigResponse;
  readonly connection: ExplorerConnection;
}) {
  const { tokens: messages, title } = useMessages().explorer;
  const { tokens, clientId } = connection;
  return (
    <Group component="dl" gap="0.25rem 1.5rem" m={0} fz="sm">
      <MainFact name={messages.accessToken}>
        <RemainingTime connection={connection} />
      </MainFact>
      {/* Phones show the long ID only in the details. */}
      <MainFact name={messages.patient} visibleFrom="sm">
        <Code>{tokens.patient ?? '–'}</Code>
      </MainFact>
      <MainFact name={messages.app}>
        {clientId === about.client?.clientId ? title : <OwnAppLink connection={connection} />}
      </MainFact>
    </Group>
  );
}

const MainFact = ({
  name,
  visibleFrom,
  children,
}: {
  readonly name: string;
  readonly visibleFrom?: 'sm';
  readonly children: React.ReactNode;
}) => (
  <Box {...(visibleFrom === undefined ? {} : { visibleFrom })}>
    <Text component="dt" size="sm" fw={600} display="inline">
      {name}
    </Text>{' '}
    <Text component="dd" size="sm" m={0} display="inline" style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  </Box>
);

const OwnAppLink = ({ connection: { clientId, name } }: { readonly connection: ExplorerConnection }) =>
  name === undefined ? (
    <Code>{clientId}</Code>
  ) : (
    <Anchor component={Link} to={`/developer/apps/${clientId}`}>
      {name}
    </Anchor>
  );

/**
 * Shows how long the access token is still valid. The text changes every second, so it isn't announced to screen
 * readers.
 */
function RemainingTime({ connection }: { readonly connection: ExplorerConnection }) {
  const { tokens: messages } = useMessages().explorer;
  const duration = useDuration();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.floor((connection.expiresAt - now) / 1000);
  if (connection.revoked) return <Revoked connection={connection} />;
  return <span role="timer">{left <= 0 ? messages.accessExpired : messages.accessLeft(duration(left))}</span>;
}
