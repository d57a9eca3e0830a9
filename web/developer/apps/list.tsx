import { Button, Group, Select, SimpleGrid, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { Page } from '../../shell/page.tsx';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { AppCard } from './app-card.tsx';
import { ForDevelopers, type Membership } from './for-developers.tsx';
import { appsQuery } from './queries.ts';

export default function AppsPage() {
  const { apps } = useWords();
  return (
    <ForDevelopers title={apps.title}>
      {(membership, all) => <AppsOf membership={membership} all={all} />}
    </ForDevelopers>
  );
}

function AppsOf({ membership, all }: { readonly membership: Membership; readonly all: readonly Membership[] }) {
  const { apps } = useWords();
  const { organisationId, role } = membership;
  const list = useQuery(appsQuery(organisationId));
  const mayAdd = role !== 'reader';
  const add = <AddButton organisationId={organisationId} />;
  return (
    <Page title={apps.title} lead={apps.lead} actions={mayAdd && list.data?.length !== 0 ? add : undefined}>
      {all.length > 1 ? <Organisations chosen={organisationId} all={all} /> : null}
      {mayAdd ? null : <Text size="sm">{apps.readOnly}</Text>}
      {list.error !== null ? (
        <Failure error={list.error} again={() => void list.refetch()} />
      ) : list.data === undefined ? (
        <Loading />
      ) : list.data.length === 0 ? (
        <Empty title={apps.empty.title} text={apps.empty.text}>
          {mayAdd ? <Group mt="sm">{add}</Group> : null}
        </Empty>
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
  const { apps } = useWords();
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

/** Select of the organization, kept in the URL. */
function Organisations({ chosen, all }: { readonly chosen: string; readonly all: readonly Membership[] }) {
  const { apps } = useWords();
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
