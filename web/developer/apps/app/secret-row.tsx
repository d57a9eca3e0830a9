import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { SecretAnswer } from '../../../../src/portal/contract/apps.ts';
import { useWords } from '../../../words/index.ts';
import { daysUntil, useDays } from '../days.ts';

/** Days before expiry from which it is shown in orange. */
const SOON = 30;

/** A secret with its name, age and expiry, in words and not only by color. */
export function SecretRow({
  secret,
  onEnd,
}: {
  readonly secret: SecretAnswer;
  readonly onEnd: (() => void) | undefined;
}) {
  const { credentials } = useWords().apps;
  const { ago } = useDays();
  return (
    <Paper withBorder radius="md" p="md">
      <Group justify="space-between" gap="md">
        <Group gap="sm" wrap="nowrap" miw={0} style={{ flex: '1 1 240px' }}>
          <IconKey size={20} aria-hidden style={{ flex: 'none' }} />
          <Stack gap={2} miw={0}>
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {secret.name}
            </Text>
            <Text size="sm" c="dimmed">
              {credentials.made(ago(secret.createdAt))}
            </Text>
          </Stack>
        </Group>
        <Group gap="sm">
          <Expiry expiresAt={secret.expiresAt} />
          {onEnd === undefined ? null : (
            <Button size="xs" variant="default" onClick={onEnd} aria-label={credentials.endOf(secret.name)}>
              {credentials.end}
            </Button>
          )}
        </Group>
      </Group>
    </Paper>
  );
}

function Expiry({ expiresAt }: { readonly expiresAt: string | null }) {
  const { credentials } = useWords().apps;
  const { day } = useDays();
  if (expiresAt === null) return <Standing color="gray" text={credentials.never} />;
  const left = daysUntil(expiresAt);
  if (Date.parse(expiresAt) <= Date.now()) return <Standing color="red" text={credentials.ended} />;
  if (left <= SOON) return <Standing color="orange" text={credentials.endsSoon(Math.max(left, 1))} />;
  return <Standing color="green" text={credentials.endsOn(day(expiresAt))} />;
}

const Standing = ({ color, text }: { readonly color: string; readonly text: string }) => (
  <Badge variant="dot" color={color} tt="none" size="lg">
    {text}
  </Badge>
);
