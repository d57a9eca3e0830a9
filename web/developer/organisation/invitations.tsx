import { Anchor, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import type {
  OrganisationDetailResponse,
  OrganisationInvitationResponse,
} from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { ApiProblem } from '../../shell/api.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { organisationPath } from './queries.ts';
import { type OrganisationRoleOption, RoleSelect } from './role-select.tsx';
import { useDate } from './use-date.ts';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

/** Invites people to the organization by email. Their addresses may have any domain. */
export function Invitations({ one }: { readonly one: OrganisationDetailResponse }) {
  const { invitations } = useMessages().organisation;
  return (
    <section aria-labelledby="invitations">
      <Title order={2} size="h4" id="invitations" mb={4}>
        {invitations.title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {invitations.text}
      </Text>
      <Stack gap="sm">
        <InviteForm one={one} />
        {one.invitations.length === 0 ? <Text c="dimmed">{invitations.none}</Text> : null}
        {one.invitations.map((invitation) => (
          <InvitationRow key={invitation.invitationId} one={one} invitation={invitation} />
        ))}
      </Stack>
    </section>
  );
}

function InviteForm({ one }: { readonly one: OrganisationDetailResponse }) {
  const { invitations } = useMessages().organisation;
  const { mailLeaves } = useSession();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<OrganisationRoleOption>('developer');
  const mutation = useOrganisationMutation<OrganisationInvitationResponse>({ onDone: () => setEmail('') });
  const fieldError = mutation.error instanceof ApiProblem ? mutation.error.fieldErrors['email'] : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutation.mutate({
          method: 'POST',
          path: `${organisationPath(one.organisationId)}/invitations`,
          body: { email, role },
        });
      }}
    >
      <Group align="flex-start" gap="sm">
        <TextInput
          label={invitations.email}
          type="email"
          autoComplete="off"
          maxLength={254}
          miw={240}
          style={{ flexGrow: 1 }}
          maw={400}
          value={email}
          error={fieldError}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <RoleSelect label={invitations.role} w={170} value={role} onChange={setRole} />
        <Button type="submit" mt={25} loading={mutation.isPending}>
          {invitations.button}
        </Button>
      </Group>
      {mutation.error === null || fieldError !== undefined ? null : <ErrorState error={mutation.error} />}
      <Text role="status" size="sm" mt="xs">
        {mutation.data === undefined ? null : invitations.sent(mutation.data.email)}{' '}
        {mutation.data === undefined || mailLeaves ? null : (
          <>
            {invitations.emailNotSent} <Anchor href="/outbox">{invitations.outbox}</Anchor>.
          </>
        )}
      </Text>
    </form>
  );
}

function InvitationRow({
  one,
  invitation,
}: {
  readonly one: OrganisationDetailResponse;
  readonly invitation: OrganisationInvitationResponse;
}) {
  const { organisation } = useMessages();
  const { invitations, roles } = organisation;
  const day = useDate();
  const { invitationId, email, role, expiresAt, invitedBy } = invitation;
  const mutation = useOrganisationMutation({ successMessage: invitations.cancelled(email) });
  return (
    <Card withBorder radius="md" padding="md">
      <Group justify="space-between">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {email}
          </Text>
          <Text size="sm" c="dimmed">
            {roles[role].name} · {invitations.until(day(expiresAt))}
            {invitedBy === null ? '' : ` · ${invitations.by(invitedBy)}`}
          </Text>
        </div>
        <Button
          variant="default"
          loading={mutation.isPending}
          aria-label={invitations.cancelOf(email)}
          onClick={() =>
            mutation.mutate({
              method: 'DELETE',
              path: `${organisationPath(one.organisationId)}/invitations/${invitationId}`,
            })
          }
        >
          {invitations.cancel}
        </Button>
      </Group>
      {mutation.error === null ? null : <ErrorState error={mutation.error} />}
    </Card>
  );
}
