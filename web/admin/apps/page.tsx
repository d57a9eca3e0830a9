import { Card, Group, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReviewedApp, ReviewedAppsResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { FilterRow } from '../../shell/list/filter-row.tsx';
import { Pager } from '../../shell/list/pager.tsx';
import { useListParams } from '../../shell/list/use-list-params.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { Deadline } from '../../shell/review-deadline.tsx';
import { StateBadge } from '../app/state-badge.tsx';
import { OrganisationBadge } from '../organisation-badge.tsx';
import { AppName } from '../queue/app-name.tsx';

/** Page with all registered apps. The filters are stored in the URL. */
export default function AppsPage() {
  const { apps } = useAdminMessages().review;
  const { params } = useListParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['review', 'apps', params.toString()],
    queryFn: () => api<ReviewedAppsResponse>('GET', `/review/apps?${params}`),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={apps.title} lead={apps.lead}>
      <Filters />
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      <div aria-live="polite">
        {data === undefined ? null : data.apps.length === 0 ? (
          <EmptyState {...apps.empty} />
        ) : (
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              {apps.count(data.found)}
            </Text>
            <AppsTable apps={data.apps} />
            <Stack hiddenFrom="md" gap="sm" role="list">
              {data.apps.map((app) => (
                <AppCard key={app.clientId} app={app} />
              ))}
            </Stack>
            <Pager found={data.found} />
          </Stack>
        )}
      </div>
    </Page>
  );
}

function Filters() {
  const { review, apps, shell } = useAdminMessages();
  const { filters, states, registrars } = review;
  const kinds = (['patient', 'staff', 'backend'] as const).map((kind) => ({
    value: kind,
    label: apps.kinds[kind].short,
  }));
  const [all, by] = [states, registrars].map((messages) =>
    Object.entries(messages).map(([value, label]) => ({ value, label })),
  );
  return (
    <FilterRow
      hint={filters.textHint}
      choices={[
        { name: 'state', label: filters.state, options: all ?? [] },
        { name: 'kind', label: filters.kind, options: kinds },
        { name: 'registeredBy', label: filters.registeredBy, options: by ?? [] },
      ]}
      orders={(['newest', 'oldest', 'name'] as const).map((value) => ({ value, label: shell.list.orders[value] }))}
    />
  );
}

/** The apps on wide windows. */
function AppsTable({ apps }: { readonly apps: readonly ReviewedApp[] }) {
  const { queue, filters, apps: messages } = useAdminMessages().review;
  return (
    <Table visibleFrom="md" highlightOnHover>
      <Table.Caption>
        <VisuallyHidden>{messages.title}</VisuallyHidden>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{queue.app}</Table.Th>
          <Table.Th scope="col">{queue.organisation}</Table.Th>
          <Table.Th scope="col">{filters.state}</Table.Th>
          <Table.Th scope="col">{queue.deadline}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {apps.map((app) => (
          <Table.Tr key={app.clientId}>
            <Table.Td>
              <AppName app={app} />
            </Table.Td>
            <Table.Td>
              <Developer app={app} />
            </Table.Td>
            <Table.Td>
              <StateBadge state={app.state} />
            </Table.Td>
            <Table.Td>
              <Progress app={app} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** An app on narrow windows. */
function AppCard({ app }: { readonly app: ReviewedApp }) {
  return (
    <Card withBorder padding="sm" role="listitem">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <AppName app={app} />
          <StateBadge state={app.state} />
        </Group>
        <Developer app={app} />
        <Progress app={app} />
      </Stack>
    </Card>
  );
}

function Developer({ app: { organisation, registeredBy } }: { readonly app: ReviewedApp }) {
  const { noOrganisation } = useAdminMessages().review;
  return (
    <Stack gap={4} miw={0} align="flex-start">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {organisation?.name ?? noOrganisation[registeredBy]}
      </Text>
      {organisation === null ? null : <OrganisationBadge verifiedAt={organisation.verifiedAt} />}
    </Stack>
  );
}

/** Shows the deadline of the pending version or, without one, when the app was registered. */
function Progress({ app: { clock, createdAt } }: { readonly app: ReviewedApp }) {
  const { apps } = useAdminMessages().review;
  const { day } = useDates();
  if (clock !== null) return <Deadline clock={clock} />;
  return (
    <Text size="xs" c="dimmed">
      {apps.created(day(createdAt))}
    </Text>
  );
}
