import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { SecretResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { daysUntil, useDates } from '../../../i18n/use-dates.ts';

/** Number of days before its expiration from which a secret is shown in orange. */
const SOON_DAYS = 30;

/** Shows a client secret's name, age and expiration, in words and not only by color. */
export function SecretRow({
  secret,
  onEnd,
}: {
  readonly secret: SecretResponse;
  readonly onEnd: (() => void) | undefined;
}) {
  const { credentials } = useMessages().apps;
  const { ago } = useDates();
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
  const { credentials } = useMessages().apps;
  const { day } = useDates();
  if (expiresAt === null) return <SecretStatus color="gray" text={credentials.never} />;
  const left = daysUntil(expiresAt);
  if (Date.parse(expiresAt) <= Date.now()) return <SecretStatus color="danger" text={credentials.ended} />;
  if (left <= SOON_DAYS) return <SecretStatus color="warning" text={credentials.endsSoon(Math.max(left, 1))} />;
  return <SecretStatus color="success" text={credentials.endsOn(day(expiresAt))} />;
}

const SecretStatus = ({ color, text }: { readonly color: string; readonly text: string }) => (
  <Badge variant="dot" color={color} tt="none" size="lg">
    {text}
  </Badge>
);
