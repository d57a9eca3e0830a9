import { Anchor, Card, Code, Group, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { BrandsVersionContent, BrandsVersionResponse } from '../../../src/portal-api/contract/public.ts';
import { useMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { Changes } from './changes.tsx';
import { useDateTime } from './use-date-time.ts';

/** Lists all published versions of the brands bundle, newest first. `?version=` opens one of them. */
export function History({ versions }: { readonly versions: readonly BrandsVersionResponse[] }) {
  return (
    <Stack gap="xs">
      {versions.map((version) => (
        <Version key={version.version} of={version} />
      ))}
      <VersionText />
    </Stack>
  );
}

function Version({ of: { version, publishedAt, by, changes } }: { readonly of: BrandsVersionResponse }) {
  const messages = useMessages().publicPages.brands;
  const when = useDateTime();
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{messages.version(version, when(publishedAt))}</Text>
        <Anchor
          component={Link}
          to={`?version=${version}`}
          aria-label={`${messages.json}: ${messages.jsonOf(version)}`}
        >
          {messages.json}
        </Anchor>
      </Group>
      <Text size="sm" c="dimmed">
        {by === null ? messages.bySelf : messages.by(by)}
      </Text>
      {version === 1 ? <Text size="sm">{messages.first}</Text> : <Changes changes={changes} />}
    </Card>
  );
}

function VersionText() {
  const messages = useMessages().publicPages.brands;
  const { shell } = useMessages();
  const [query, setQuery] = useSearchParams();
  const selectedVersion = query.get('version');
  const path =
    selectedVersion === 'draft' ? '/review/brands/draft' : `/review/brands/versions/${Number(selectedVersion)}`;
  const { data, error } = useQuery({
    queryKey: ['brands', 'version', selectedVersion],
    queryFn: () => api<BrandsVersionContent>('GET', path),
    enabled: selectedVersion !== null,
  });
  return (
    <Modal
      opened={selectedVersion !== null}
      onClose={() => setQuery({})}
      title={selectedVersion === 'draft' ? messages.draft : messages.jsonOf(Number(selectedVersion))}
      size="xl"
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      {error === null ? null : <ErrorState error={error} />}
      {data === undefined && error === null ? <Loading /> : null}
      {data === undefined ? null : (
        <Code block tabIndex={0} mah="70vh" style={{ overflow: 'auto' }}>
          {JSON.stringify(data.bundle, null, 2)}
        </Code>
      )}
    </Modal>
  );
}
