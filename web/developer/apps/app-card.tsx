import { Anchor, Avatar, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { AppSummary } from '../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../i18n/index.ts';
import { Deadline } from '../../shell/review-deadline.tsx';
import { useSession } from '../../shell/session.ts';
import { accessText, appStatus, COLORS, nextStep, nextStepUrl } from './app-status.ts';
import { KindIcon } from './kind-icon.tsx';

/** Card that shows an app's name, its status and the developer's next step. */
export function AppCard({ app }: { readonly app: AppSummary }) {
  const { apps } = useMessages();
  const { provisionalApps } = useSession();
  const next = nextStep(app);
  return (
    <Card component="article" withBorder radius="md" padding="lg" h="100%" aria-labelledby={`app-${app.clientId}`}>
      <Stack gap="sm" h="100%">
        <Group wrap="nowrap" align="flex-start">
          <AppLogo app={app} size={44} />
          <Stack gap={2} flex={1} miw={0}>
            <Title order={2} size="h4" id={`app-${app.clientId}`} style={{ overflowWrap: 'anywhere' }}>
              <Anchor component={Link} to={`/developer/apps/${app.clientId}`} inherit c="inherit">
                {app.name}
              </Anchor>
            </Title>
            <Text size="sm" c="dimmed">
              {apps.kinds[app.kind].short}
            </Text>
          </Stack>
        </Group>
        <div>
          <StatusBadge app={app} />
        </div>
        <Text size="sm">{accessText(app, apps.abilities, provisionalApps)}</Text>
        {app.open === null || app.open.clock === null ? null : <Deadline clock={app.open.clock} />}
        {next === undefined ? null : (
          <Anchor component={Link} to={nextStepUrl(app.clientId, next)} size="sm" mt="auto" pt="xs">
            <Group gap={6} component="span" wrap="nowrap" display="inline-flex">
              {apps.next[next]}
              <IconArrowRight size={16} aria-hidden />
            </Group>
          </Anchor>
        )}
      </Stack>
    </Card>
  );
}

export function AppLogo({ app, size }: { readonly app: Pick<AppSummary, 'logo' | 'kind'>; readonly size: number }) {
  return (
    <Avatar src={app.logo} alt="" size={size} radius="md" color="accent">
      <KindIcon kind={app.kind} size={size / 2} />
    </Avatar>
  );
}

export function StatusBadge({ app }: { readonly app: Pick<AppSummary, 'state' | 'open'> }) {
  const { states } = useMessages().apps;
  const status = appStatus(app);
  return (
    <Badge color={COLORS[status]} variant="dot" tt="none" size="lg">
      {states[status]}
    </Badge>
  );
}
