import { Alert, Badge, Button, Card, Checkbox, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReviewQueueItem, ReviewQueueResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { FilterRow } from '../../shell/list/filter-row.tsx';
import { Pager } from '../../shell/list/pager.tsx';
import { useListParams } from '../../shell/list/use-list-params.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { Deadline } from '../../shell/review-deadline.tsx';
import { OrganisationBadge } from '../organisation-badge.tsx';
import { AppName } from './app-name.tsx';
import { Counts } from './counts.tsx';

/** Page with the versions that wait for a decision. The filters are stored in the URL. */
export default function QueuePage() {
  const { review, reviewDeadline } = useAdminMessages();
  const { queue } = review;
  const { params } = useListParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['review', 'queue', params.toString()],
    queryFn: () => api<ReviewQueueResponse>('GET', `/review/queue?${params}`),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={queue.title} lead={`${queue.lead} ${reviewDeadline.rule}`}>
      {data?.mode === 'automatic' ? (
        <Alert icon={<IconInfoCircle aria-hidden />} variant="light">
          {queue.automatic}
        </Alert>
      ) : null}
      {data === undefined ? null : <Counts counts={data.counts} />}
      <Filters />
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      <div aria-live="polite">{data === undefined ? null : <QueueItems answer={data} />}</div>
    </Page>
  );
}

function Filters() {
  const { review, apps, shell } = useAdminMessages();
  const { queue, filters, registrars } = review;
  const { params, setParam } = useListParams();
  const kinds = (['patient', 'staff', 'backend'] as const).map((kind) => ({
    value: kind,
    label: apps.kinds[kind].short,
  }));
  // The filter doesn't offer apps that come with the server, because these are never pending.
  const waiting = (['developer', 'itself', 'operator'] as const).map((value) => ({ value, label: registrars[value] }));
  return (
    <FilterRow
      hint={filters.textHint}
      choices={[
        { name: 'kind', label: filters.kind, options: kinds },
        { name: 'registeredBy', label: filters.registeredBy, options: waiting },
      ]}
      orders={(['due', 'name', 'newest'] as const).map((value) => ({ value, label: shell.list.orders[value] }))}
    >
      <Checkbox
        label={queue.onlyChanges}
        checked={params.get('changes') === 'true'}
        onChange={({ currentTarget }) => setParam('changes', currentTarget.checked ? 'true' : null)}
        pb={8}
      />
    </FilterRow>
  );
}

function QueueItems({ answer: { items, found } }: { readonly answer: ReviewQueueResponse }) {
  const { queue } = useAdminMessages().review;
  const { params, clear } = useListParams();
  const isFiltered = [...params.keys()].some((name) => name !== 'sort' && name !== 'page');
  if (items.length > 0) {
    return (
      <>
        <QueueTable items={items} />
        <QueueCards items={items} />
        <Pager found={found} />
      </>
    );
  }
  if (!isFiltered) return <EmptyState {...queue.empty} />;
  return (
    <EmptyState {...queue.noMatch}>
      <Button variant="default" onClick={clear}>
        {queue.clear}
      </Button>
    </EmptyState>
  );
}

function QueueTable({ items }: { readonly items: readonly ReviewQueueItem[] }) {
  const { queue } = useAdminMessages().review;
  return (
    <Table visibleFrom="md" verticalSpacing="sm" highlightOnHover>
      <Table.Caption>
        <VisuallyHidden>{queue.table}</VisuallyHidden>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{queue.app}</Table.Th>
          <Table.Th>{queue.organisation}</Table.Th>
          <Table.Th>{queue.appKind}</Table.Th>
          <Table.Th>{queue.deadline}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.clientId}>
            <Table.Td>
              <AppName app={item} name={item.open.terms.name} />
            </Table.Td>
            <Table.Td>
              <AppDeveloper item={item} />
            </Table.Td>
            <Table.Td>
              <Badges item={item} />
            </Table.Td>
            <Table.Td>
              <Deadline clock={item.clock} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function QueueCards({ items }: { readonly items: readonly ReviewQueueItem[] }) {
  return (
    <Stack hiddenFrom="md" gap="sm" role="list">
      {items.map((item) => (
        <Card key={item.clientId} withBorder padding="sm" role="listitem">
          <Stack gap="sm">
            <AppName app={item} name={item.open.terms.name} />
            <Group justify="space-between" gap="xs">
              <AppDeveloper item={item} />
              <Badges item={item} />
            </Group>
            <Deadline clock={item.clock} />
          </Stack>
        </Card>
      ))}
    </Stack>
  );
}

function AppDeveloper({ item: { organisation, registeredBy } }: { readonly item: ReviewQueueItem }) {
  const { noOrganisation } = useAdminMessages().review;
  if (organisation === null) return <Text size="sm">{noOrganisation[registeredBy]}</Text>;
  return (
    <Stack gap={4} miw={0} align="flex-start">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {organisation.name}
      </Text>
      <OrganisationBadge verifiedAt={organisation.verifiedAt} />
    </Stack>
  );
}

/**
 * Badges that show whether a pending version is a first version or a change, whether it needs two approvals, and
 * whether the developer has yet to answer a question.
 */
function Badges({ item }: { readonly item: ReviewQueueItem }) {
  const { queue, badges } = useAdminMessages().review;
  return (
    <Group gap={6}>
      <Badge variant="default">{item.isChange ? queue.change : queue.first}</Badge>
      {item.needsTwo ? (
        <Badge variant="default">{item.approvedFirstBy === null ? badges.two : badges.oneOfTwo}</Badge>
      ) : null}
      {item.open.askedAt === null ? null : <Badge variant="default">{badges.asked}</Badge>}
    </Group>
  );
}
