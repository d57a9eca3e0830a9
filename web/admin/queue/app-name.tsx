import { Anchor, Avatar, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { ReviewedApp } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';

/** Shows logo, name and kind of an app, with a link to the app's page. */
export function AppName({ app, name = app.name }: { readonly app: ReviewedApp; readonly name?: string }) {
  const { apps } = useAdminMessages();
  return (
    <Group gap="sm" wrap="nowrap" miw={0}>
      <Avatar src={app.logo} alt="" radius="sm" size={36} color="accent" variant="light" aria-hidden>
        {[...name][0]?.toUpperCase()}
      </Avatar>
      <Stack gap={0} miw={0}>
        <Anchor component={Link} to={`/review/apps/${encodeURIComponent(app.clientId)}`} fw={600} style={WRAPPED}>
          {name}
        </Anchor>
        <Text size="xs" c="dimmed">
          {apps.kinds[app.kind].short}
        </Text>
      </Stack>
    </Group>
  );
}

const WRAPPED = { overflowWrap: 'anywhere' } as const;
