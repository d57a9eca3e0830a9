import { Button, Card, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import type { AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useSession } from '../../../shell/session.ts';

/** Page that lists what each role in the organization may do with the app. */
export default function RolePermissions({ app }: { readonly app: AppResponse }) {
  const { people } = useMessages().apps;
  const { person } = useSession();
  const membership = person?.memberships.find(({ organisationId }) => organisationId === app.organisationId);
  return (
    <Stack gap="md" maw={640}>
      <Title order={2} size="h4">
        {people.title}
      </Title>
      <Text>{people.text}</Text>
      {Object.entries(people.roles).map(([role, { name, text }]) => (
        <Card key={role} withBorder radius="md" padding="md">
          <Text fw={600}>{name}</Text>
          <Text size="sm">{text}</Text>
          {membership?.role === role ? (
            <Text size="sm" c="dimmed" mt={4}>
              {people.you(`${name}, ${membership.organisationName}`)}
            </Text>
          ) : null}
        </Card>
      ))}
      <div>
        <Button component={Link} to="/developer/organisation" variant="default">
          {people.link}
        </Button>
      </div>
    </Stack>
  );
}
