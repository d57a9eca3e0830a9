import { Anchor, Card, Code, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { BrandsVersionContent, BrandsVersionResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { Pager } from '../../shell/list/pager.tsx';
import { usePage } from '../../shell/list/use-page.ts';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { Changes } from './changes.tsx';

const SIZE = 20;

/** Lists all published versions of the brands bundle, newest first. `?version=` opens one of them. */
export function History({ versions }: { readonly versions: readonly BrandsVersionResponse[] }) {
  const shown = usePage(versions, SIZE, 'versions');
  return (
    <Stack gap="xs">
      {shown.map((version) => (
        <Version key={version.version} of={version} />
      ))}
      <Pager found={versions.length} size={SIZE} param="versions" />
      <VersionText />
    </Stack>
  );
}

function Version({ of: { version, publishedAt, by, changes } }: { readonly of: BrandsVersionResponse }) {
  const messages = useAdminMessages().publicPages.brands;
  const { queryWith } = useAddress();
  const { minute: when } = useDates();
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{messages.version(version, when(publishedAt))}</Text>
        <Anchor
          component={Link}
          to={queryWith({ version: String(version) })}
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
  const messages = useAdminMessages().publicPages.brands;
  const { search: query, choose } = useAddress();
  const selectedVersion = query.get('version');
  const path =
    selectedVersion === 'draft' ? '/review/brands/draft' : `/review/brands/versions/${Number(selectedVersion)}`;
  const { data, error } = useQuery({
    queryKey: ['brands', 'version', selectedVersion],
    queryFn: () => api<BrandsVersionContent>('GET', path),
    enabled: selectedVersion !== null,
  });
  return (
    <Dialog
      opened={selectedVersion !== null}
      onClose={() => choose({ version: null })}
      title={selectedVersion === 'draft' ? messages.draft : messages.jsonOf(Number(selectedVersion))}
      size="xl"
    >
      {error === null ? null : <ErrorState error={error} />}
      {data === undefined && error === null ? <Loading /> : null}
      {data === undefined ? null : (
        <Code block tabIndex={0} mah="70vh" style={{ overflow: 'auto' }}>
          {JSON.stringify(data.bundle, null, 2)}
        </Code>
      )}
    </Dialog>
  );
}
