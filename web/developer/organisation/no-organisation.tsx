import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconClockHour4, IconInfoCircle } from '@tabler/icons-react';
import type { OwnOrganisationsResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import { CreateOrganisation } from './create-organisation.tsx';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

/**
 * Shows developers without an organization their pending requests, an organization that they can ask to join, or a form
 * to create one.
 */
export function NoOrganisation({ memberships }: { readonly memberships: OwnOrganisationsResponse }) {
  const { organisation } = useMessages();
  const { none, create } = organisation;
  const declined = memberships.requests.filter((one) => one.declinedAt !== null);
  return (
    <Stack gap="md" maw={640}>
      <OwnRequests memberships={memberships} />
      {memberships.mayAsk === null ? null : (
        <AskToJoin text={none.askText(memberships.mayAsk)} button={none.ask(memberships.mayAsk)} />
      )}
      {declined.length === 0 ? null : <AskToJoin text={null} button={none.askAgain} />}
      <Card component="section" withBorder radius="md" padding="lg">
        <Title order={2} size="h4" mb="sm">
          {create.first}
        </Title>
        <CreateOrganisation />
      </Card>
    </Stack>
  );
}

export function OwnRequests({ memberships }: { readonly memberships: OwnOrganisationsResponse }) {
  const { none } = useMessages().organisation;
  const { day } = useDates();
  return memberships.requests.map(({ organisationId, organisationName, askedAt, declinedAt }) => (
    <Alert
      key={organisationId}
      variant="light"
      color={declinedAt === null ? 'accent' : 'gray'}
      icon={declinedAt === null ? <IconClockHour4 aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={declinedAt === null ? none.waiting(organisationName) : none.declined(organisationName)}
    >
      {declinedAt === null ? none.waitingText(day(askedAt)) : none.declinedText(day(declinedAt))}
    </Alert>
  ));
}

function AskToJoin({ text, button }: { readonly text: string | null; readonly button: string }) {
  const { none } = useMessages().organisation;
  const mutation = useOrganisationMutation({ successMessage: none.asked });
  return (
    <div>
      {text === null ? null : <Text mb="xs">{text}</Text>}
      {mutation.error === null ? null : <ErrorState error={mutation.error} />}
      <Group>
        <Button
          loading={mutation.isPending}
          onClick={() => mutation.mutate({ method: 'POST', path: '/developer/organisations/join-requests' })}
        >
          {button}
        </Button>
      </Group>
    </div>
  );
}
