import { Anchor, SimpleGrid, Stack, Title } from '@mantine/core';
import { useMessages } from '../../i18n/index.ts';

/** Links to the pages of the documentation that each describe one task. */
export function TaskGuides() {
  const { guides } = useMessages();
  return (
    <Stack component="section" gap="sm" aria-labelledby="guides">
      <Title order={2} size="h4" id="guides">
        {guides.title}
      </Title>
      <SimpleGrid component="ul" cols={{ base: 1, xs: 2, md: 3 }} spacing="md" verticalSpacing={6} m={0} p={0}>
        {Object.entries(guides.pages).map(([page, title]) => (
          <li key={page} style={{ listStyle: 'none' }}>
            <Anchor href={`/docs/${page}`}>{title}</Anchor>
          </li>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
