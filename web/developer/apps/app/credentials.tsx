import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { CopyableValue } from '../copyable.tsx';
import { Notice } from '../notice.tsx';
import { EndSecret } from './end-secret.tsx';
import { Keys } from './keys.tsx';
import { NewSecret } from './new-secret.tsx';
import { Rotation } from './rotation.tsx';
import { SecretRow } from './secret-row.tsx';

const MAX_SECRETS = 2;

/**
 * Page with an app's client id, secrets and keys. The open dialog is stored in the URL, so that it is still open when
 * the developer returns from confirming their identity on another page.
 */
export default function Credentials({ app }: { readonly app: AppResponse }) {
  const { credentials, clientId } = useMessages().apps;
  return (
    <Stack gap="lg" maw={860}>
      <Card withBorder radius="md" padding="lg">
        <CopyableValue label={clientId} value={app.clientId} />
        <Text size="sm" c="dimmed" mt={4}>
          {credentials.id}
        </Text>
      </Card>
      {app.terms.auth === 'secret' ? <Secrets app={app} /> : null}
      {app.terms.auth === 'none' ? <Text>{credentials.noSecretsAuth}</Text> : null}
      {app.terms.auth === 'private_key_jwt' ? <Keys app={app} /> : null}
    </Stack>
  );
}

function Secrets({ app }: { readonly app: AppResponse }) {
  const { credentials } = useMessages().apps;
  const [search, setSearch] = useSearchParams();
  const live = app.secrets.filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > Date.now());
  const full = live.length >= MAX_SECRETS;
  const mayChange = app.may.change && app.state !== 'retired';
  const ending = app.secrets.find(({ secretId }) => secretId === search.get('end'));
  return (
    <Card component="section" withBorder radius="md" padding="lg">
      <Stack gap="md">
        <Group justify="space-between" align="flex-start">
          <div style={{ flex: '1 1 260px' }}>
            <Title order={2} size="h4">
              {credentials.secrets}
            </Title>
            <Text size="sm" c="dimmed">
              {credentials.secretsText}
            </Text>
          </div>
          {mayChange ? (
            <Button
              leftSection={<IconPlus size={18} aria-hidden />}
              disabled={full}
              onClick={() => setSearch({ add: 'secret' })}
            >
              {credentials.add}
            </Button>
          ) : null}
        </Group>
        {mayChange ? null : <Text size="sm">{credentials.admins}</Text>}
        {full && mayChange ? <Notice color="accent">{credentials.full}</Notice> : null}
        {app.secrets.length === 0 ? <Text>{credentials.none}</Text> : null}
        {app.secrets.map((secret) => (
          <SecretRow
            key={secret.secretId}
            secret={secret}
            onEnd={mayChange ? () => setSearch({ end: secret.secretId }) : undefined}
          />
        ))}
        <Rotation />
      </Stack>
      <NewSecret app={app} opened={search.get('add') === 'secret' && mayChange} onClose={() => setSearch({})} />
      <EndSecret app={app} secret={mayChange ? ending : undefined} onClose={() => setSearch({})} />
    </Card>
  );
}
