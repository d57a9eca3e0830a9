import { Badge, Box, Code, Group, List, Stack, Switch, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExplorerConfigResponse } from '../../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useDates } from '../../../i18n/use-dates.ts';
import { useSession } from '../../../shell/session.ts';
import type { ExplorerConnection } from '../connection-store.ts';
import { CopyText } from '../copy-text.tsx';
import { JsonView } from '../json-view.tsx';
import { introspect } from '../oauth.ts';
import { useSecret } from '../secret-store.ts';
import { CHECKS, readIdToken } from './id-token.ts';
import { useDuration } from './use-duration.ts';

/** Shows all that the token response says, earlier events of these tokens, and what the server says about them. */
export function TokenDetails({
  about,
  connection,
}: {
  readonly about: ExplorerConfigResponse;
  readonly connection: ExplorerConnection;
}) {
  const { tokens: messages } = useMessages().explorer;
  const events = connection.events.slice(1, 5);
  return (
    <Stack gap="sm" pt="xs">
      <OtherFacts connection={connection} />
      {events.length === 0 ? null : (
        <div>
          <Text size="sm" fw={600}>
            {messages.eventsTitle}
          </Text>
          <TokenEvents events={events} />
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
  );
}

function OtherFacts({ connection }: { readonly connection: ExplorerConnection }) {
  const { tokens: messages } = useMessages().explorer;
  const duration = useDuration();
  const { second } = useDates();
  const { tokens, clientId, requestedScope = '' } = connection;
  const granted = tokens.scope.split(' ');
  const notGranted = requestedScope.split(/\s+/).filter((scope) => scope !== '' && !granted.includes(scope));
  return (
    <Table variant="vertical" withRowBorders={false} verticalSpacing={4} fz="sm">
      <Table.Tbody>
        <FactRow name={messages.patient}>
          <Code>{tokens.patient ?? '–'}</Code>
        </FactRow>
        <FactRow name={messages.clientId}>
          <Code>{clientId}</Code>
        </FactRow>
        <FactRow name={messages.scope}>
          <Scopes scopes={granted} />
        </FactRow>
        {notGranted.length === 0 ? null : (
          <FactRow name={messages.notGranted}>
            <Scopes scopes={notGranted} />
          </FactRow>
        )}
        <FactRow name={messages.expires}>
          <Group gap="xs">
            {second(connection.expiresAt)}
            <CopyText value={tokens.access_token} label={messages.copyAccess} />
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

const Scopes = ({ scopes }: { readonly scopes: readonly string[] }) => (
  <Group gap={4}>
    {scopes.map((scope) => (
      <Code key={scope}>{scope}</Code>
    ))}
  </Group>
);

const FactRow = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }) => (
  <Table.Tr>
    <Table.Th scope="row" w={{ base: 110, sm: 180 }}>
      {name}
    </Table.Th>
    <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
  </Table.Tr>
);

export const Summary = ({ children }: { readonly children: string }) => (
  <Box component="summary" fz="sm" style={{ cursor: 'pointer' }}>
    {children}
  </Box>
);

export const Revoked = ({ connection }: { readonly connection: ExplorerConnection }) => {
  const { tokens: messages } = useMessages().explorer;
  return connection.revoked ? (
    <Badge variant="outline" tt="none" c="inherit" color="danger">
      {messages.revoked}
    </Badge>
  ) : null;
};

export function TokenEvents({ events }: { readonly events: ExplorerConnection['events'] }) {
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
