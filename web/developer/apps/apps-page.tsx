import { Button, Group, NativeSelect, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { AppSummary } from '../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../i18n/index.ts';
import { FilterRow } from '../../shell/list/filter-row.tsx';
import { Pager } from '../../shell/list/pager.tsx';
import { useListParams } from '../../shell/list/use-list-params.ts';
import { usePage } from '../../shell/list/use-page.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { AppCard } from './app-card.tsx';
import { appStatus } from './app-status.ts';
import { readStoredDraft, removeStoredDraft } from './draft/stored-draft.ts';
import { DraftNotice } from './draft-notice.tsx';
import { MembershipGuard, type OwnMembership } from './membership-guard.tsx';
import { appsQuery } from './queries.ts';

export default function AppsPage() {
  const { apps } = useMessages();
  return (
    <MembershipGuard title={apps.title}>
      {(membership, all) => <OrganisationApps membership={membership} all={all} />}
    </MembershipGuard>
  );
}

function OrganisationApps({
  membership,
  all,
}: {
  readonly membership: OwnMembership;
  readonly all: readonly OwnMembership[];
}) {
  const { apps } = useMessages();
  const { organisationId, role } = membership;
  const list = useQuery(appsQuery(organisationId));
  const mayAdd = role !== 'reader';
  const add = <AddButton organisationId={organisationId} />;
  return (
    <Page title={apps.title} lead={apps.lead} actions={mayAdd && list.data?.length !== 0 ? add : undefined}>
      {all.length > 1 ? <OrganisationSelect chosen={organisationId} all={all} /> : null}
      {mayAdd ? <StoredDraftNotice organisationId={organisationId} /> : <Text size="sm">{apps.readOnly}</Text>}
      {list.error !== null ? (
        <ErrorState error={list.error} again={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : list.data.length === 0 ? (
        <EmptyState title={apps.empty.title} text={apps.empty.text}>
          {mayAdd ? <Group mt="sm">{add}</Group> : null}
        </EmptyState>
      ) : (
        <AppCards apps={list.data} />
      )}
    </Page>
  );
}

function StoredDraftNotice({ organisationId }: { readonly organisationId: string }) {
  const [draft, setDraft] = useState(() => readStoredDraft());
  if (draft === undefined) return null;
  const discard = () => {
    removeStoredDraft();
    setDraft(undefined);
  };
  return <DraftNotice draft={draft} organisationId={organisationId} discard={discard} />;
}

/** Number of apps on a page. Up to `FEW` apps need no filters. */
const [SIZE, FEW] = [24, 6];

/** The apps that match the filters in the URL. */
function AppCards({ apps }: { readonly apps: readonly AppSummary[] }) {
  const { shell, apps: messages } = useMessages();
  const { list } = shell;
  const { params, setParam } = useListParams();
  const text = params.get('text')?.toLowerCase() ?? '';
  const order = ORDERS[params.get('sort') as keyof typeof ORDERS] ?? ORDERS.newest;
  const matching = apps
    .filter((app) => `${app.name} ${app.clientId}`.toLowerCase().includes(text))
    .filter((app) => [null, '', appStatus(app)].includes(params.get('status')))
    .toSorted(order);
  const shown = usePage(matching, SIZE);
  const statuses = Object.entries(messages.states).map(([value, label]) => ({ value, label }));
  return (
    <Stack gap="md">
      {apps.length <= FEW ? null : (
        <FilterRow
          hint={messages.filterHint}
          choices={[{ name: 'status', label: messages.status, options: statuses }]}
          orders={(['newest', 'oldest', 'name'] as const).map((value) => ({ value, label: list.orders[value] }))}
        />
      )}
      {matching.length > 0 ? null : (
        <EmptyState title={messages.noMatch.title} text={messages.noMatch.text}>
          <Button
            variant="default"
            onClick={() => {
              setParam('text', null);
              setParam('status', null);
            }}
          >
            {list.clear}
          </Button>
        </EmptyState>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
        {shown.map((app) => (
          <AppCard key={app.clientId} app={app} />
        ))}
      </SimpleGrid>
      <Pager found={matching.length} size={SIZE} />
    </Stack>
  );
}

const byAge = (one: AppSummary, other: AppSummary): number => Date.parse(one.createdAt) - Date.parse(other.createdAt);

const ORDERS = {
  newest: (one: AppSummary, other: AppSummary) => byAge(other, one),
  oldest: byAge,
  name: (one: AppSummary, other: AppSummary) => one.name.localeCompare(other.name),
};

function AddButton({ organisationId }: { readonly organisationId: string }) {
  const { apps } = useMessages();
  return (
    <Button
      component={Link}
      to={`/developer/apps/new?organisation=${organisationId}`}
      leftSection={<IconPlus size={18} aria-hidden />}
    >
      {apps.add}
    </Button>
  );
}

/** Lets the developer select an organization, which is stored in the URL. */
function OrganisationSelect({ chosen, all }: { readonly chosen: string; readonly all: readonly OwnMembership[] }) {
  const { apps } = useMessages();
  const [, setSearch] = useSearchParams();
  return (
    <NativeSelect
      label={apps.organisation}
      maw={360}
      data={all.map(({ organisationId, organisationName }) => ({ value: organisationId, label: organisationName }))}
      value={chosen}
      onChange={({ currentTarget }) => setSearch({ organisation: currentTarget.value })}
    />
  );
}
