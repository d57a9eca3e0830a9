import { Badge, Button, Card, Code, Group, Stack, Text } from '@mantine/core';
import type { GroupResponse } from '../../../src/portal-api/contract/groups.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';

/** Card that shows a group's practice, number of patients and actions. */
export function GroupCard({
  of: group,
  change,
  remove,
}: {
  readonly of: GroupResponse;
  readonly change: () => void;
  readonly remove: () => void;
}) {
  const { groups: messages } = useAdminMessages();
  const when = useDates();
  const { groupId, practice, name, everyone, patients, changedAt } = group;
  return (
    <Card withBorder padding="md" role="listitem">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} miw={0}>
          <Group gap="xs">
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Text>
            {everyone ? <Badge variant="default">{messages.all}</Badge> : null}
          </Group>
          <Text size="sm">
            {practice} · {messages.count(patients)}
          </Text>
          <Code w="fit-content" maw="100%" style={{ overflowWrap: 'anywhere' }}>
            Group/{groupId}
          </Code>
          <Text size="xs" c="dimmed">
            {messages.since(when.minute(changedAt))}
          </Text>
        </Stack>
        <Group gap="xs">
          {everyone ? null : (
            <Button size="xs" variant="default" onClick={change} aria-label={messages.changeOf(name)}>
              {messages.change}
            </Button>
          )}
          <Button size="xs" variant="outline" color="danger" onClick={remove} aria-label={messages.removeOf(name)}>
            {messages.remove}
          </Button>
        </Group>
      </Group>
    </Card>
  );
}
