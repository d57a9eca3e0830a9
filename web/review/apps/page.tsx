import { Badge, Card, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReviewedApp, ReviewedApps } from '../../../src/portal/contract/review.ts';
import { api } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { StateBadge } from '../app/state-badge.tsx';
import { AppName } from '../queue/app-name.tsx';
import { Clock } from '../queue/clock.tsx';
import { FilterRow, useAsked } from '../queue/filter-row.tsx';
import { useWhen } from '../queue/when.ts';

/** All registered apps with the filters kept in the URL. */
export default function AppsPage() {
  const { apps } = useWords().review;
  const { params } = useAsked();
  const { data, error, refetch } = useQuery({
    queryKey: ['review', 'apps', params.toString()],
    queryFn: () => api<ReviewedApps>('GET', `/review/apps?${params}`),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={apps.title} lead={apps.lead}>
      <Filters />
      {error === null ? null : <Failure error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      <div aria-live="polite">
        {data === undefined ? null : data.apps.length === 0 ? (
          <Empty {...apps.empty} />
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
  const { review, apps } = useWords();
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
  const { apps, badges, noOrganisation } = useWords().review;
  const when = useWhen();
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
            <Text size="sm">{apps.waits}</Text>
            <Clock clock={clock} />
          </>
        )}
      </Stack>
    </Card>
  );
}
