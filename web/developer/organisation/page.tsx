import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import type { OwnOrganisationsResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { signInUrl } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { CreateOrganisationButton } from './create-organisation.tsx';
import { OrganisationDetails } from './details.tsx';
import { Invitations } from './invitations.tsx';
import { JoinRequests } from './join-requests.tsx';
import { Leave } from './leave.tsx';
import { Members } from './members.tsx';
import { NoOrganisation, OwnRequests } from './no-organisation.tsx';
import { membershipsQuery, organisationQuery } from './queries.ts';

export default function OrganisationPage() {
  const { organisation, shell } = useMessages();
  const { person } = useSession();
  if (person?.kind === 'developer') return <OwnOrganisationPage />;
  const why = person === null ? organisation.signedOut : organisation.notDeveloper;
  return (
    <Page title={organisation.title}>
      <EmptyState title={why.title} text={why.text}>
        {person === null ? (
          <Group gap="sm" mt="sm">
            <Button component="a" href={signInUrl()}>
              {shell.signIn}
            </Button>
            <Button component="a" href="/developer/sign-up" variant="default">
              {shell.signUp}
            </Button>
          </Group>
        ) : null}
      </EmptyState>
    </Page>
  );
}

function OwnOrganisationPage() {
  const { organisation } = useMessages();
  const memberships = useQuery(membershipsQuery);
  if (memberships.data !== undefined && memberships.data.organisations.length > 0)
    return <MembershipSections memberships={memberships.data} />;
  return (
    <Page title={organisation.none.title} lead={organisation.none.text}>
      {memberships.error !== null ? (
        <ErrorState error={memberships.error} again={() => void memberships.refetch()} />
      ) : null}
      {memberships.data === undefined ? (
        memberships.error === null ? (
          <Loading />
        ) : null
      ) : (
        <NoOrganisation memberships={memberships.data} />
      )}
    </Page>
  );
}

function MembershipSections({ memberships }: { readonly memberships: OwnOrganisationsResponse }) {
  const { organisation } = useMessages();
  const { person } = useSession();
  const { organisationId } = useParams();
  const chosen = organisationId ?? memberships.organisations[0]?.organisationId ?? '';
  return (
    <Page
      title={organisation.title}
      lead={organisation.lead}
      actions={person?.sandboxDeveloper === true ? undefined : <CreateOrganisationButton />}
    >
      {memberships.organisations.length > 1 ? <OrganisationSwitch memberships={memberships} chosen={chosen} /> : null}
      <OrganisationSections organisationId={chosen} />
      <OwnRequests memberships={memberships} />
    </Page>
  );
}

function OrganisationSwitch({
  memberships,
  chosen,
}: {
  readonly memberships: OwnOrganisationsResponse;
  readonly chosen: string;
}) {
  const { which } = useMessages().organisation;
  const navigate = useNavigate();
  return (
    <NativeSelect
      label={which}
      maw={360}
      data={memberships.organisations.map(({ organisationId, name }) => ({ value: organisationId, label: name }))}
      value={chosen}
      onChange={({ currentTarget }) => void navigate(`/developer/organisation/${currentTarget.value}`)}
    />
  );
}

function OrganisationSections({ organisationId }: { readonly organisationId: string }) {
  const { madeUp } = useMessages();
  const { person } = useSession();
  const { data: one, error, refetch } = useQuery(organisationQuery(organisationId));
  if (error !== null) return <ErrorState error={error} again={() => void refetch()} />;
  if (one === undefined) return <Loading />;
  const administers = one.role === 'administrator';
  const isMadeUp = person?.sandboxDeveloper === true;
  return (
    <Stack gap="xl" maw={860}>
      <OrganisationDetails key={one.name} one={one} />
      {administers ? <JoinRequests one={one} /> : null}
      <Members one={one} />
      {administers && !isMadeUp ? <Invitations one={one} /> : null}
      {isMadeUp ? <Text size="sm">{madeUp.organisation}</Text> : <Leave one={one} />}
    </Stack>
  );
}
