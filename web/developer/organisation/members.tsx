import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { MemberResponse, OrganisationDetailResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { organisationPath } from './queries.ts';
import { RoleSelect } from './role-select.tsx';
import { useDate } from './use-date.ts';
import { useOrganisationMutation } from './use-organisation-mutation.ts';

/** Lists the members of an organization with their roles. */
export function Members({ one }: { readonly one: OrganisationDetailResponse }) {
  const { people } = useMessages().organisation;
  return (
    <section aria-labelledby="people">
      <Title order={2} size="h4" id="people" mb="sm">
        {people.title}
      </Title>
      <Stack gap="sm">
        {one.members.map((member) => (
          <MemberRow key={member.accountId} one={one} member={member} />
        ))}
      </Stack>
    </section>
  );
}

function MemberRow({ one, member }: { readonly one: OrganisationDetailResponse; readonly member: MemberResponse }) {
  const { people, roles } = useMessages().organisation;
  const day = useDate();
  const { name, accountId, role } = member;
  const path = `${organisationPath(one.organisationId)}/members/${accountId}`;
  const change = useOrganisationMutation({ successMessage: people.changed(name) });
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
              w={170}
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
      {change.error === null ? null : <ErrorState error={change.error} />}
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
