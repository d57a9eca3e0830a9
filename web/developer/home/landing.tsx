import { Alert, Anchor, Button, Code, Group, List, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useMessages } from '../../i18n/index.ts';
import { signInUrl } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.ts';
import { HomeStep } from './step.tsx';
import { TaskGuides } from './task-guides.tsx';

/** Landing page for visitors: describes the developer portal, and how to get the first data in five minutes. */
export function Landing() {
  const { landing } = useMessages().home;
  const { person } = useSession();
  return (
    <Page title={landing.title} lead={landing.lead}>
      {person === null ? null : <Alert variant="light">{landing.otherAccount(person.name)}</Alert>}
      <Group gap="sm">
        <Button component="a" href="/developer/sign-up" size="md">
          {landing.signUp}
        </Button>
        <Button component="a" href={signInUrl()} size="md" variant="default">
          {landing.signIn}
        </Button>
      </Group>
      <SimpleGrid component="ol" cols={{ base: 1, lg: 3 }} m={0} p={0} aria-label={landing.steps}>
        <HomeStep number={1} {...landing.one} />
        <HomeStep number={2} {...landing.two} />
        <HomeStep number={3} {...landing.three} />
      </SimpleGrid>
      <Text maw={720}>{landing.later}</Text>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <ExploreCards />
        <Addresses />
      </SimpleGrid>
      <TaskGuides />
    </Page>
  );
}

function ExploreCards() {
  const { landing } = useMessages().home;
  const { addresses } = useSession();
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {landing.look}
      </Title>
      <Text>{landing.lookText}</Text>
      <List spacing={6}>
        <List.Item>
          <Anchor component={Link} to="/developer/explorer">
            {landing.explorer}
          </Anchor>
        </List.Item>
        <List.Item>
          <Anchor component={Link} to="/developer/test-patients">
            {landing.patients}
          </Anchor>
        </List.Item>
        <List.Item>
          <Anchor href="/docs">{landing.docs}</Anchor>
        </List.Item>
        <List.Item>
          <Anchor href={new URL(addresses.swagger).pathname}>{landing.swagger}</Anchor>
        </List.Item>
      </List>
    </Stack>
  );
}

function Addresses() {
  const { landing } = useMessages().home;
  const { addresses } = useSession();
  const all = [
    ['FHIR R4', addresses.r4],
    ['FHIR DSTU2', addresses.dstu2],
    [landing.authorization, addresses.issuer],
  ] as const;
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {landing.addresses}
      </Title>
      <Stack component="dl" gap="xs" m={0}>
        {all.map(([name, address]) => (
          <div key={name}>
            <Text component="dt" size="sm" c="dimmed">
              {name}
            </Text>
            <dd style={{ margin: 0 }}>
              <Code style={{ overflowWrap: 'anywhere' }}>{address}</Code>
            </dd>
          </div>
        ))}
      </Stack>
    </Stack>
  );
}
