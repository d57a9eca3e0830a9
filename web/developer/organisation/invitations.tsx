import { Anchor, Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type {
  OrganisationDetailResponse,
  OrganisationInvitationResponse,
} from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { ApiProblem } from '../../shell/api.ts';
import { ConfirmIdentity, useConfirmedIdentity } from '../../shell/confirm-identity.tsx';
import { ErrorState } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { useAddress } from '../../shell/use-address.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { organisationPath } from './queries.ts';
import { type OrganisationRoleOption, RoleSelect } from './role-select.tsx';
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
        <NewInvitation one={one} />
        {one.invitations.length === 0 ? <Text c="dimmed">{invitations.none}</Text> : null}
        {one.invitations.map((invitation) => (
          <InvitationRow key={invitation.invitationId} one={one} invitation={invitation} />
        ))}
      </Stack>
    </section>
  );
}

/** The form for an invitation, which gives access. Users whose last authentication is too old confirm their identity first. */
function NewInvitation({ one }: { readonly one: OrganisationDetailResponse }) {
  const { invitations } = useMessages().organisation;
  const isConfirmed = useConfirmedIdentity();
  const { search, choose } = useAddress();
  if (isConfirmed) return <InviteForm one={one} />;
  if (search.get('invite') === 'new') return <ConfirmIdentity onCancel={() => choose({ invite: null })} />;
  return (
    <div>
      <Button variant="default" onClick={() => choose({ invite: 'new' })}>
        {invitations.open}
      </Button>
    </div>
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
        <RoleSelect label={invitations.role} value={role} onChange={setRole} />
        <Button type="submit" mt={25} loading={mutation.isPending}>
          {invitations.button}
        </Button>
      </Group>
      {mutation.error === null ? null : <ErrorState error={mutation.error} />}
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
  const { day } = useDates();
  const { invitationId, email, role, expiresAt, invitedBy } = invitation;
  const [asked, ask] = useDisclosure();
  const mutation = useOrganisationMutation({ successMessage: invitations.cancelled(email), onDone: ask.close });
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
        <Button variant="default" aria-label={invitations.cancelOf(email)} onClick={ask.open}>
          {invitations.cancel}
        </Button>
      </Group>
      <ConfirmDialog
        opened={asked}
        close={ask.close}
        title={invitations.cancelOf(email)}
        text={invitations.cancelText}
        button={invitations.cancel}
        pending={mutation.isPending}
        error={mutation.error}
        onYes={() =>
          mutation.mutate({
            method: 'DELETE',
            path: `${organisationPath(one.organisationId)}/invitations/${invitationId}`,
          })
        }
      />
    </Card>
  );
}
