import { Card, Group, Stack, Text, Title } from '@mantine/core';

export function Section({
  id,
  title,
  lead,
  action,
  children,
}: {
  readonly id?: string;
  readonly title: string;
  readonly lead?: string;
  readonly action?: React.ReactNode;
  readonly children: React.ReactNode;
}) {
  return (
    <Card component="section" withBorder padding="md" {...(id === undefined ? {} : { id })}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={2} miw={0}>
            <Title order={2} size="h4">
              {title}
            </Title>
            {lead === undefined ? null : (
              <Text size="sm" c="dimmed">
                {lead}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Card>
  );
}
