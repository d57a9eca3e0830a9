import { Badge, Card, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMessages } from '../../i18n/index.ts';

/** Shows one step on the way to the first data. */
export function HomeStep({
  number,
  title,
  text,
  status,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly text: string;
  /** Whether the step is done. Absent on the landing page, where the visitor has started nothing yet. */
  readonly status?: 'done' | 'next' | 'later';
  readonly children?: React.ReactNode;
}) {
  const { start } = useMessages().home;
  const done = status === 'done';
  const color = done ? { color: 'success' } : {};
  return (
    <Card component="li" withBorder radius="md" padding="lg">
      <Group wrap="nowrap" align="flex-start" h="100%">
        <ThemeIcon
          size={36}
          radius="xl"
          variant={status === 'next' || status === undefined ? 'filled' : 'light'}
          {...color}
          aria-hidden
        >
          {done ? <IconCheck size={20} /> : <Text fw={700}>{number}</Text>}
        </ThemeIcon>
        <Stack gap={6} miw={0} flex={1} align="flex-start">
          <Group gap="xs">
            <Title order={2} size="h4">
              {title}
            </Title>
            {status === 'next' || done ? (
              <Badge variant="light" tt="none" {...color}>
                {done ? start.done : start.next}
              </Badge>
            ) : null}
          </Group>
          <Text>{text}</Text>
          {children}
        </Stack>
      </Group>
    </Card>
  );
}
