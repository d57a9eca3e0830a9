import { Button, Group, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { OwnOrganisations } from '../../../src/portal/contract/organisations.ts';
import { signInAddress } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.ts';
import { Empty, Failure, Loading } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { Details } from './details.tsx';
import { Invitations } from './invitations.tsx';
import { Leave } from './leave.tsx';
import { MakeButton } from './make.tsx';
import { Nowhere, Requests } from './nowhere.tsx';
import { People } from './people.tsx';
import { oneQuery, ownQuery } from './queries.ts';
import { JoinRequests } from './requests.tsx';

export default function OrganisationPage() {
  const { organisation, shell } = useWords();
  const { person } = useSession();
  if (person?.kind === 'developer') return <Own />;
  const why = person === null ? organisation.signedOut : organisation.notDeveloper;
  return (
    <Page title={organisation.title}>
      <Empty title={why.title} text={why.text}>
        {person === null ? (
          <Group gap="sm" mt="sm">
            <Button component="a" href={signInAddress()}>
              {shell.signIn}
            </Button>
            <Button component="a" href="/developer/sign-up" variant="default">
              {shell.signUp}
            </Button>
          </Group>
        ) : null}
      </Empty>
    </Page>
  );
}

function Own() {
  const { organisation } = useWords();
  const own = useQuery(ownQuery);
  if (own.data !== undefined && own.data.organisations.length > 0) return <Belonging own={own.data} />;
  return (
    <Page title={organisation.nowhere.title} lead={organisation.nowhere.text}>
      {own.error !== null ? <Failure error={own.error} again={() => void own.refetch()} /> : null}
      {own.data === undefined ? own.error === null ? <Loading /> : null : <Nowhere own={own.data} />}
    </Page>
  );
}

function Belonging({ own }: { readonly own: OwnOrganisations }) {
  const { organisation } = useWords();
  const { organisationId } = useParams();
  const chosen = organisationId ?? own.organisations[0]?.organisationId ?? '';
  return (
    <Page title={organisation.title} lead={organisation.lead} actions={<MakeButton />}>
      {own.organisations.length > 1 ? <Which own={own} chosen={chosen} /> : null}
      <One organisationId={chosen} />
      <Requests own={own} />
    </Page>
  );
}

function Which({ own, chosen }: { readonly own: OwnOrganisations; readonly chosen: string }) {
  const { which } = useWords().organisation;
  const navigate = useNavigate();
  return (
    <Select
      label={which}
      maw={360}
      allowDeselect={false}
      data={own.organisations.map(({ organisationId, name }) => ({ value: organisationId, label: name }))}
      value={chosen}
      onChange={(id) => void navigate(`/developer/organisation/${id ?? ''}`)}
    />
  );
}

function One({ organisationId }: { readonly organisationId: string }) {
  const { data: one, error, refetch } = useQuery(oneQuery(organisationId));
  if (error !== null) return <Failure error={error} again={() => void refetch()} />;
  if (one === undefined) return <Loading />;
  const administers = one.role === 'administrator';
  return (
    <Stack gap="xl" maw={860}>
      <Details key={one.name} one={one} />
      {administers ? <JoinRequests one={one} /> : null}
      <People one={one} />
      {administers ? <Invitations one={one} /> : null}
      <Leave one={one} />
    </Stack>
  );
}
