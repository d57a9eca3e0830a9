import { Badge, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReviewedApp, ReviewedAppsResponse } from '../../../src/portal-api/contract/review.ts';
import { useMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { StateBadge } from '../app/state-badge.tsx';
import { AppName } from '../queue/app-name.tsx';
import { Deadline } from '../queue/deadline.tsx';
import { FilterRow, useFilterParams } from '../queue/filter-row.tsx';
import { useDates } from '../queue/use-dates.ts';

/** Page with all registered apps. The filters are stored in the URL. */
export default function AppsPage() {
  const { apps } = useMessages().review;
  const { params } = useFilterParams();
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
              {apps.count(data.apps.length)}
            </Text>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" role="list">
              {data.apps.map((app) => (
                <OneApp key={app.clientId} app={app} />
              ))}
            </SimpleGrid>
          </Stack>
        )}
      </div>
    </Page>
  );
}

function Filters() {
  const { review, apps } = useMessages();
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
    />
  );
}

function OneApp({ app }: { readonly app: ReviewedApp }) {
  const { apps, badges, noOrganisation } = useMessages().review;
  const when = useDates();
  const { organisation, clock } = app;
  return (
    <Card withBorder padding="sm" role="listitem">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <AppName app={app} />
          <StateBadge state={app.state} />
        </Group>
        <Group gap={6}>
          <Text size="sm">{organisation?.name ?? noOrganisation[app.registeredBy]}</Text>
          {organisation === null ? null : (
            <Badge variant="default">{organisation.verifiedAt === null ? badges.unverified : badges.verified}</Badge>
          )}
        </Group>
        {clock === null ? (
          <Text size="xs" c="dimmed">
            {apps.created(when.day(app.createdAt))}
          </Text>
        ) : (
          <>
            <Text size="sm">{apps.pending}</Text>
            <Deadline clock={clock} />
          </>
        )}
      </Stack>
    </Card>
  );
}
