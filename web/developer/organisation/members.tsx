import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { MemberResponse, OrganisationDetailResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { Pager } from '../../shell/list/pager.tsx';
import { usePage } from '../../shell/list/use-page.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { organisationPath } from './queries.ts';
import { RoleSelect } from './role-select.tsx';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

const SIZE = 25;

/** Lists the members of an organization with their roles. */
export function Members({ one }: { readonly one: OrganisationDetailResponse }) {
  const { people } = useMessages().organisation;
  const shown = usePage(one.members, SIZE, 'people');
  return (
    <section aria-labelledby="people">
      <Title order={2} size="h4" id="people" mb="sm">
        {people.title}
      </Title>
      <Stack gap="sm">
        {shown.map((member) => (
          <MemberRow key={member.accountId} one={one} member={member} />
        ))}
        <Pager found={one.members.length} size={SIZE} param="people" />
      </Stack>
    </section>
  );
}

function MemberRow({ one, member }: { readonly one: OrganisationDetailResponse; readonly member: MemberResponse }) {
  const { people, roles } = useMessages().organisation;
  const { day } = useDates();
  const { name, accountId, role } = member;
  const path = `${organisationPath(one.organisationId)}/members/${accountId}`;
  const restore = useOrganisationMutation();
  const change = useOrganisationMutation({
    successMessage: people.changed(name),
    // `role` is the role before the change.
    undo: () => restore.mutate({ method: 'PATCH', path, body: { role } }),
  });
  const error = change.error ?? restore.error;
  return (
    <Card withBorder radius="md" padding="md">
      <Group justify="space-between">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Text>
            {member.you ? (
              <Badge variant="light" tt="none">
                {people.you}
              </Badge>
            ) : null}
          </Group>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {member.email}
          </Text>
          <Text size="sm" c="dimmed">
            {people.joined(day(member.joinedAt))}
          </Text>
        </div>
        {one.role === 'administrator' ? (
          <Group gap="xs">
            <RoleSelect
              aria-label={people.role(name)}
              value={role}
              disabled={change.isPending}
              onChange={(next) =>
                next === role ? undefined : change.mutate({ method: 'PATCH', path, body: { role: next } })
              }
            />
            {member.you ? null : <RemoveMember name={name} path={path} />}
          </Group>
        ) : (
          <Text>{roles[role].name}</Text>
        )}
      </Group>
      {error === null ? null : <ErrorState error={error} />}
    </Card>
  );
}

function RemoveMember({ name, path }: { readonly name: string; readonly path: string }) {
  const { people } = useMessages().organisation;
  const [opened, { open, close }] = useDisclosure();
  const mutation = useOrganisationMutation({ successMessage: people.removed(name), onDone: close });
  return (
    <>
      <Button variant="default" aria-label={people.removeOf(name)} onClick={open}>
        {people.remove}
      </Button>
      <ConfirmDialog
        opened={opened}
        close={close}
        title={people.removeTitle(name)}
        text={people.removeText}
        button={people.remove}
        pending={mutation.isPending}
        error={mutation.error}
        onYes={() => mutation.mutate({ method: 'DELETE', path })}
      />
    </>
  );
}
