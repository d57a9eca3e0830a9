import { Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type {
  JoinRequestResponse,
  OrganisationDetailResponse,
} from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { organisationPath } from './queries.ts';
import { type OrganisationRoleOption, RoleSelect } from './role-select.tsx';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

/** Lists the people who asked to join the organization. Their email addresses have the organization's domain. */
export function JoinRequests({ one }: { readonly one: OrganisationDetailResponse }) {
  const { requests } = useMessages().organisation;
  if (one.domain === null && one.requests.length === 0) return null;
  return (
    <section aria-labelledby="requests">
      <Title order={2} size="h4" id="requests" mb="sm">
        {requests.title}
      </Title>
      {one.requests.length === 0 ? <Text c="dimmed">{requests.none}</Text> : null}
      <Stack gap="sm">
        {one.requests.map((request) => (
          <JoinRequestRow key={request.accountId} one={one} request={request} />
        ))}
      </Stack>
    </section>
  );
}

function JoinRequestRow({
  one,
  request,
}: {
  readonly one: OrganisationDetailResponse;
  readonly request: JoinRequestResponse;
}) {
  const { requests } = useMessages().organisation;
  const [role, setRole] = useState<OrganisationRoleOption>('developer');
  const { day } = useDates();
  const { name, accountId, email } = request;
  const path = `${organisationPath(one.organisationId)}/join-requests/${accountId}`;
  const accept = useOrganisationMutation({ successMessage: requests.accepted(name) });
  const [asked, ask] = useDisclosure();
  const decline = useOrganisationMutation({ successMessage: requests.declined(name), onDone: ask.close });
  const pending = accept.isPending || decline.isPending;
  return (
    <Card withBorder radius="md" padding="md">
      <Group justify="space-between" align="flex-end">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {email}
          </Text>
          <Text size="sm" c="dimmed">
            {requests.asked(day(request.askedAt))}
          </Text>
        </div>
        <Group align="flex-end" gap="xs">
          <RoleSelect aria-label={requests.role(name)} value={role} onChange={setRole} />
          <Button
            loading={accept.isPending}
            disabled={pending}
            aria-label={requests.acceptOf(name)}
            onClick={() => accept.mutate({ method: 'POST', path: `${path}/accept`, body: { role } })}
          >
            {requests.accept}
          </Button>
          <Button
            variant="default"
            loading={decline.isPending}
            disabled={pending}
            aria-label={requests.declineOf(name)}
            onClick={ask.open}
          >
            {requests.decline}
          </Button>
        </Group>
      </Group>
      {accept.error === null ? null : <ErrorState error={accept.error} />}
      <ConfirmDialog
        opened={asked}
        close={ask.close}
        title={requests.declineTitle(name)}
        text={requests.declineText}
        button={requests.decline}
        pending={decline.isPending}
        error={decline.error}
        onYes={() => decline.mutate({ method: 'POST', path: `${path}/decline` })}
      />
    </Card>
  );
}
