import { Anchor, Badge, Box, Button, Card, Code, Group, List, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { IconRefresh, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { ExplorerAnswer } from '../../../src/portal/contract/explorer.ts';
import { useSession } from '../../shell/session.ts';
import { useLanguage, useWords } from '../../words/index.ts';
import type { Connection } from './held.ts';
import { holdSecret, useSecret } from './held-secret.ts';
import { CHECKS, readIdToken } from './id-token.ts';
import { JsonView } from './json-view.tsx';
import { forget, introspect, refresh, revoke } from './oauth.ts';
import { SecretForm } from './secret-form.tsx';

/** The tokens: patient, scopes, expiry, and their history. */
export function TokensCard({ about, connection }: { readonly about: ExplorerAnswer; readonly connection: Connection }) {
  const { tokens: messages, connect, ownApp } = useWords().explorer;
  const { addresses } = useSession();
  const refreshing = useMutation({ mutationFn: () => refresh(addresses, connection) });
  const revoking = useMutation({ mutationFn: () => revoke(addresses, connection) });
  const { answer, clientId, name } = connection;
  const secret = useSecret(clientId);
  // A reload forgets the secret.
  const lacksSecret = connection.isConfidential && secret === undefined;
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="tokens">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4" id="tokens">
            {messages.title}
          </Title>
          <Group gap="xs">
            <Button
              size="xs"
              leftSection={<IconRefresh size={16} aria-hidden />}
              onClick={() => refreshing.mutate()}
              loading={refreshing.isPending}
              disabled={answer.refresh_token === undefined || lacksSecret}
            >
              {messages.refresh}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconX size={16} aria-hidden />}
              onClick={() => revoking.mutate()}
              loading={revoking.isPending}
              disabled={lacksSecret}
            >
              {messages.revoke}
            </Button>
            <Button size="xs" variant="subtle" onClick={forget}>
              {connect.again}
            </Button>
          </Group>
        </Group>
        {lacksSecret ? (
          <SecretForm name={name ?? clientId} go={(typed) => holdSecret(clientId, typed)} label={ownApp.holdSecret} />
        ) : null}
        <Facts about={about} connection={connection} />
        <Happened connection={connection} />
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
          <Response connection={connection} />
        </Box>
      </Stack>
    </Card>
  );
}

const Summary = ({ children }: { readonly children: string }) => (
  <Box component="summary" fz="sm" style={{ cursor: 'pointer' }}>
    {children}
  </Box>
);

function Facts({ about, connection }: { readonly about: ExplorerAnswer; readonly connection: Connection }) {
  const { tokens: messages, title } = useWords().explorer;
  const duration = useDuration();
  const { answer, clientId } = connection;
  return (
    <Table variant="vertical" withRowBorders={false} verticalSpacing={4} fz="sm">
      <Table.Tbody>
        <Row name={messages.patient}>
          <Code>{answer.patient ?? '–'}</Code>
        </Row>
        <Row name={messages.app}>
          {clientId === about.client?.clientId ? title : <OwnName connection={connection} />} <Code>{clientId}</Code>
        </Row>
        <Row name={messages.scope}>
          <Group gap={4}>
            {answer.scope.split(' ').map((scope) => (
              <Code key={scope}>{scope}</Code>
            ))}
          </Group>
        </Row>
        <Row name={messages.access}>
          <Left connection={connection} />
        </Row>
        <Row name={messages.refreshToken}>
          {answer.refresh_token === undefined ? (
            messages.noRefresh
          ) : answer.refresh_expires_in === undefined || connection.revoked ? (
            <Revoked connection={connection} />
          ) : (
            messages.refreshLeft(duration(answer.refresh_expires_in))
          )}
        </Row>
      </Table.Tbody>
    </Table>
  );
}

const OwnName = ({ connection: { clientId, name } }: { readonly connection: Connection }) =>
  name === undefined ? null : (
    <Anchor component={Link} to={`/developer/apps/${clientId}`}>
      {name}
    </Anchor>
  );

const Row = ({ name, children }: { readonly name: string; readonly children: React.ReactNode }) => (
  <Table.Tr>
    <Table.Th scope="row" w={{ base: 110, sm: 180 }}>
      {name}
    </Table.Th>
    <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
  </Table.Tr>
);

const Revoked = ({ connection }: { readonly connection: Connection }) => {
  const { tokens: messages } = useWords().explorer;
  return connection.revoked ? (
    <Badge variant="outline" tt="none" c="inherit" color="red">
      {messages.revoked}
    </Badge>
  ) : null;
};

/** Remaining validity, updated every second without being announced to screen readers. */
function Left({ connection }: { readonly connection: Connection }) {
  const { tokens: messages } = useWords().explorer;
  const duration = useDuration();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = Math.floor((connection.expiresAt - now) / 1000);
  if (connection.revoked) return <Revoked connection={connection} />;
  return <span role="timer">{left <= 0 ? messages.accessOver : messages.accessLeft(duration(left))}</span>;
}

/** Formats seconds in at most two units. */
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

function Happened({ connection }: { readonly connection: Connection }) {
  const { tokens: messages } = useWords().explorer;
  const { language } = useLanguage();
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  return (
    <Box aria-live="polite">
      <Text size="sm" fw={600}>
        {messages.happened}
      </Text>
      <List size="sm" listStyleType="none">
        {connection.happened.slice(0, 5).map(({ at, kind, text }) => (
          <List.Item key={`${at} ${kind}`}>
            <Text span c="dimmed" size="sm">
              {time.format(at)}
            </Text>{' '}
            {messages.happenings[kind]} {text}
          </List.Item>
        ))}
      </List>
    </Box>
  );
}

function IdToken({ about, connection }: { readonly about: ExplorerAnswer; readonly connection: Connection }) {
  const { tokens: messages } = useWords().explorer;
  const { answer, clientId, nonce } = connection;
  const token = answer.id_token;
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

function Introspection({ connection }: { readonly connection: Connection }) {
  const { addresses } = useSession();
  const secret = useSecret(connection.clientId);
  const { data, error } = useQuery({
    queryKey: ['explorer', 'introspection', connection.answer.access_token, connection.revoked],
    enabled: !connection.isConfidential || secret !== undefined,
    queryFn: () => introspect(addresses, connection),
    retry: false,
  });
  if (error !== null) return <Text size="sm">{error.message}</Text>;
  return data === undefined ? null : <JsonView value={data} base="" depth={3} />;
}

const SECRET = ['access_token', 'refresh_token', 'id_token'];

/** The token response with masked tokens, which the reader can reveal. */
function Response({ connection }: { readonly connection: Connection }) {
  const { tokens: messages } = useWords().explorer;
  const [displayed, setShown] = useState(false);
  const masked = Object.fromEntries(
    Object.entries(connection.answer).map(([name, value]) => [
      name,
      SECRET.includes(name) && !displayed ? `${String(value).slice(0, 6)}…` : value,
    ]),
  );
  return (
    <Stack gap="xs" pt="xs">
      <Switch
        size="xs"
        label={messages.show}
        checked={displayed}
        onChange={(event) => setShown(event.currentTarget.checked)}
      />
      <JsonView key={String(displayed)} value={masked} base="" depth={3} />
    </Stack>
  );
}
