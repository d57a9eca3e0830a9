import { Anchor, Badge, Box, Button, Card, Code, Group, List, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { IconRefresh, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { ExplorerConfigResponse } from '../../../src/portal-api/contract/explorer.ts';
import { useLanguage, useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { useSession } from '../../shell/session.ts';
import type { ExplorerConnection } from './connection-store.ts';
import classes from './explorer.module.css';
import { CHECKS, readIdToken } from './id-token.ts';
import { JsonView } from './json-view.tsx';
import { forgetConnection, introspect, refresh, revoke } from './oauth.ts';
import { SecretForm } from './secret-form.tsx';
import { storeSecret, useSecret } from './secret-store.ts';

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
  const earlierEvents = connection.events.slice(1, 5);
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
          <Box aria-live="polite">
            <TokenEvents events={connection.events.slice(0, 1)} />
          </Box>
          <Box component="details">
            <Summary>{messages.details}</Summary>
            <Stack gap="sm" pt="xs">
              <OtherFacts connection={connection} />
              {earlierEvents.length === 0 ? null : (
                <div>
                  <Text size="sm" fw={600}>
                    {messages.eventsTitle}
                  </Text>
                  <TokenEvents events={earlierEvents} />
                </div>
              )}
              <Box component="details">
                <Summary>{messages.idToken}</Summary>
                <IdToken about={about} connection={connection} />
              </Box>
              <Box component="details">
                <Summary>{messages.introspection}</Summary>
                <Introspection connection={connection} />
              </Box>
              <Box component="details">
                <Summary>{messages.response}</Summary>
                <RawTokenResponse connection={connection} />
              </Box>
            </Stack>
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

const Summary = ({ children }: { readonly children: string }) => (
  <Box component="summary" fz="sm" style={{ cursor: 'pointer' }}>
    {children}
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
      <MainFact name={messages.patient}>
        <Code>{tokens.patient ?? '–'}</Code>
      </MainFact>
      <MainFact name={messages.app}>
        {clientId === about.client?.clientId ? title : <OwnAppLink connection={connection} />}
      </MainFact>
    </Group>
  );
}

const MainFact = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }) => (
  <div>
    <Text component="dt" size="sm" fw={600} display="inline">
      {name}
    </Text>{' '}
    <Text component="dd" size="sm" m={0} display="inline" style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  </div>
);

function OtherFacts({ connection }: { readonly connection: ExplorerConnection }) {
  const { tokens: messages } = useMessages().explorer;
  const duration = useDuration();
  const { tokens, clientId } = connection;
  return (
    <Table variant="vertical" withRowBorders={false} verticalSpacing={4} fz="sm">
      <Table.Tbody>
        <FactRow name={messages.clientId}>
          <Code>{clientId}</Code>
        </FactRow>
        <FactRow name={messages.scope}>
          <Group gap={4}>
            {tokens.scope.split(' ').map((scope) => (
              <Code key={scope}>{scope}</Code>
            ))}
          </Group>
        </FactRow>
        <FactRow name={messages.refreshToken}>
          {tokens.refresh_token === undefined ? (
            messages.noRefresh
          ) : tokens.refresh_expires_in === undefined || connection.revoked ? (
            <Revoked connection={connection} />
          ) : (
            messages.refreshLeft(duration(tokens.refresh_expires_in))
          )}
        </FactRow>
      </Table.Tbody>
    </Table>
  );
}

const OwnAppLink = ({ connection: { clientId, name } }: { readonly connection: ExplorerConnection }) =>
  name === undefined ? (
    <Code>{clientId}</Code>
  ) : (
    <Anchor component={Link} to={`/developer/apps/${clientId}`}>
      {name}
    </Anchor>
  );

const FactRow = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }) => (
  <Table.Tr>
    <Table.Th scope="row" w={{ base: 110, sm: 180 }}>
      {name}
    </Table.Th>
    <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
  </Table.Tr>
);

const Revoked = ({ connection }: { readonly connection: ExplorerConnection }) => {
  const { tokens: messages } = useMessages().explorer;
  return connection.revoked ? (
    <Badge variant="outline" tt="none" c="inherit" color="danger">
      {messages.revoked}
    </Badge>
  ) : null;
};

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

/**
 * Returns a function that formats a number of seconds, for example as `3 days`, `5 hours` or `2 minutes 10 seconds`.
 */
function useDuration(): (seconds: number) => string {
  const { language } = useLanguage();
  return (seconds) => {
    const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600), Math.floor(seconds / 60)];
    const unit = (count: number, unit: string) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
    if (days >= 2) return unit(days, 'day');
    if (hours >= 2) return `${unit(hours, 'hour')}`;
    if (minutes >= 1) return `${unit(minutes, 'minute')} ${unit(seconds % 60, 'second')}`;
    return unit(seconds, 'second');
  };
}

function TokenEvents({ events }: { readonly events: ExplorerConnection['events'] }) {
  const { tokens: messages } = useMessages().explorer;
  const { time } = useDates();
  return (
    <List size="sm" listStyleType="none">
      {events.map(({ at, kind, text }) => (
        <List.Item key={`${at} ${kind}`}>
          <Text span c="dimmed" size="sm">
            {time(at)}
          </Text>{' '}
          {messages.events[kind]} {text}
        </List.Item>
      ))}
    </List>
  );
}

function IdToken({
  about,
  connection,
}: {
  readonly about: ExplorerConfigResponse;
  readonly connection: ExplorerConnection;
}) {
  const { tokens: messages } = useMessages().explorer;
  const { tokens, clientId, nonce } = connection;
  const token = tokens.id_token;
  const { data, error } = useQuery({
    queryKey: ['explorer', 'id-token', token],
    queryFn: () => readIdToken(token ?? '', { jwks: about.jwks, issuer: about.issuer, clientId, nonce }),
    enabled: token !== undefined,
    retry: false,
  });
  if (token === undefined) return <Text size="sm">{messages.noIdToken}</Text>;
  if (error !== null) return <Text size="sm">{error.message}</Text>;
  if (data === undefined) return null;
  return (
    <Stack gap="xs" pt="xs">
      <List size="sm" listStyleType="none">
        {CHECKS.map((check) => (
          <List.Item key={check}>
            <span aria-hidden>{data.checks[check] ? '✓ ' : '✗ '}</span>
            {messages.checks[check][data.checks[check] ? 0 : 1]}
          </List.Item>
        ))}
      </List>
      <Text size="sm" fw={600}>
        {messages.header}
      </Text>
      <JsonView value={data.header} base="" depth={3} />
      <Text size="sm" fw={600}>
        {messages.claims}
      </Text>
      <JsonView value={data.claims} base="" depth={3} />
    </Stack>
  );
}

function Introspection({ connection }: { readonly connection: ExplorerConnection }) {
  const { addresses } = useSession();
  const secret = useSecret(connection.clientId);
  const { data, error } = useQuery({
    queryKey: ['explorer', 'introspection', connection.tokens.access_token, connection.revoked],
    enabled: !connection.isConfidential || secret !== undefined,
    queryFn: () => introspect(addresses, connection),
    retry: false,
  });
  if (error !== null) return <Text size="sm">{error.message}</Text>;
  return data === undefined ? null : <JsonView value={data} base="" depth={3} />;
}

const SECRET_FIELDS = ['access_token', 'refresh_token', 'id_token'];

/** Shows the token response as JSON. The tokens are masked until the reader reveals them. */
function RawTokenResponse({ connection }: { readonly connection: ExplorerConnection }) {
  const { tokens: messages } = useMessages().explorer;
  const [displayed, setDisplayed] = useState(false);
  const masked = Object.fromEntries(
    Object.entries(connection.tokens).map(([name, value]) => [
      name,
      SECRET_FIELDS.includes(name) && !displayed ? `${String(value).slice(0, 6)}…` : value,
    ]),
  );
  return (
    <Stack gap="xs" pt="xs">
      <Switch
        size="xs"
        label={messages.show}
        checked={displayed}
        onChange={(event) => setDisplayed(event.currentTarget.checked)}
      />
      <JsonView key={String(displayed)} value={masked} base="" depth={3} />
    </Stack>
  );
}
