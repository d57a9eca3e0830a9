import { Badge, Card, Code, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SettingsResponse } from '../../../src/portal-api/contract/operations.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';

/** Page that shows the server's configuration. It comes from environment variables, so the page can't change it. */
export default function SettingsPage() {
  const messages = useAdminMessages().operations.settings;
  const { data, error, refetch } = useQuery({
    queryKey: ['settings'],
    queryFn: () => api<SettingsResponse>('GET', '/review/settings'),
  });
  return (
    <Page title={messages.title} lead={messages.lead}>
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      <Stack gap="xs">
        {data?.settings.map((setting) => (
          <Setting key={setting.name} setting={setting} />
        ))}
      </Stack>
    </Page>
  );
}

function Setting({ setting }: { readonly setting: SettingsResponse['settings'][number] }) {
  const messages = useAdminMessages().operations.settings;
  const { name, value, hidden, meaning } = setting;
  const description = messages.meanings[name];
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text ff="monospace" fw={600} size="sm">
          {name}
        </Text>
        <Group gap={6}>
          {value === '' ? <Text size="sm">{messages.notSet}</Text> : <Code>{hidden ? messages.hidden : value}</Code>}
          {value === setting.default && value !== '' ? <Badge variant="default">{messages.usual}</Badge> : null}
        </Group>
      </Group>
      <Text size="sm" mt={4} {...(description === undefined ? { lang: 'en' } : {})}>
        {description ?? meaning.replaceAll('`', '')}
      </Text>
    </Card>
  );
}
