import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useSession } from './session.ts';

/** Layout of a page: title (also of the browser tab), introduction and actions. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string;
  readonly lead?: string;
  readonly actions?: React.ReactNode;
  readonly children: React.ReactNode;
}) {
  const { brandName } = useSession();
  useEffect(() => {
    document.title = `${title} – ${brandName}`;
  }, [title, brandName]);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} miw={0}>
          <Title order={1}>{title}</Title>
          {lead === undefined ? null : (
            <Text c="dimmed" maw="var(--width-text)">
              {lead}
            </Text>
          )}
        </Stack>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}
