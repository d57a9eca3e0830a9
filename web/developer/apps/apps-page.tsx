import { Button, Group, Select, SimpleGrid, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { useMessages } from '../../i18n/index.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { AppCard } from './app-card.tsx';
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
      {mayAdd ? null : <Text size="sm">{apps.readOnly}</Text>}
      {list.error !== null ? (
        <ErrorState error={list.error} again={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : list.data.length === 0 ? (
        <EmptyState title={apps.empty.title} text={apps.empty.text}>
          {mayAdd ? <Group mt="sm">{add}</Group> : null}
        </EmptyState>
      ) : (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
          {list.data.map((app) => (
            <AppCard key={app.clientId} app={app} />
          ))}
        </SimpleGrid>
      )}
    </Page>
  );
}

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
    <Select
      label={apps.organisation}
      maw={360}
      allowDeselect={false}
      data={all.map(({ organisationId, organisationName }) => ({ value: organisationId, label: organisationName }))}
      value={chosen}
      onChange={(organisation) => setSearch(organisation === null ? {} : { organisation })}
    />
  );
}
