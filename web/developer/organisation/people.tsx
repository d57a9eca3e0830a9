import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { MemberAnswer, OneOrganisation } from '../../../src/portal/contract/organisations.ts';
import { Failure } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { useDay } from './days.ts';
import { pathOf } from './queries.ts';
import { RoleSelect } from './role-select.tsx';
import { Sure } from './sure.tsx';
import { useAct } from './use-act.ts';

/** Members of the organization with their roles. */
export function People({ one }: { readonly one: OneOrganisation }) {
  const { people } = useWords().organisation;
  return (
    <section aria-labelledby="people">
      <Title order={2} size="h4" id="people" mb="sm">
        {people.title}
      </Title>
      <Stack gap="sm">
        {one.members.map((member) => (
          <Person key={member.accountId} one={one} member={member} />
        ))}
      </Stack>
    </section>
  );
}

function Person({ one, member }: { readonly one: OneOrganisation; readonly member: MemberAnswer }) {
  const { people, roles } = useWords().organisation;
  const day = useDay();
  const { name, accountId, role } = member;
  const path = `${pathOf(one.organisationId)}/members/${accountId}`;
  const change = useAct({ successMessage: people.changed(name) });
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
            {member.you ? null : <Remove name={name} path={path} />}
          </Group>
        ) : (
          <Text>{roles[role].name}</Text>
        )}
      </Group>
      {change.error === null ? null : <Failure error={change.error} />}
    </Card>
  );
}

function Remove({ name, path }: { readonly name: string; readonly path: string }) {
  const { people } = useWords().organisation;
  const [opened, { open, close }] = useDisclosure();
  const mutation = useAct({ successMessage: people.removed(name), onDone: close });
  return (
    <>
      <Button variant="default" aria-label={people.removeOf(name)} onClick={open}>
        {people.remove}
      </Button>
      <Sure
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
