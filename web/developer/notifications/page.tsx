import { Badge, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { NotificationResponse, UnreadResponse } from '../../../src/portal-api/contract/notifications.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { Pager, readPage } from '../../shell/list/pager.tsx';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { useAddress } from '../../shell/use-address.ts';
import { EmailTopics } from './email-topics.tsx';
import { notificationsQuery } from './queries.ts';

/** Page with what changed about the developer's apps, each with a link to the place to act. */
export default function NotificationsPage() {
  const { notifications: messages } = useMessages();
  const { search } = useAddress();
  const { data, error, refetch } = useQuery(notificationsQuery(readPage(search)));
  const { read, error: failed } = useMarkRead();
  const isUnread = data !== undefined && data.unread > 0;
  return (
    <Page
      title={messages.title}
      lead={messages.lead}
      actions={
        isUnread ? (
          <Button variant="default" onClick={() => read(undefined)}>
            {messages.markAllRead}
          </Button>
        ) : null
      }
    >
      {failed === null ? null : <ErrorState error={failed} />}
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      {data?.found === 0 ? <EmptyState title={messages.empty.title} text={messages.empty.text} /> : null}
      {data === undefined || data.found === 0 ? null : (
        <Stack gap="sm" role="list">
          {data.notifications.map((one) => (
            <NotificationCard key={one.notificationId} notification={one} read={read} />
          ))}
        </Stack>
      )}
      {data === undefined ? null : <Pager found={data.found} />}
      <EmailTopics />
    </Page>
  );
}

type MarkRead = (notificationIds: readonly string[] | undefined) => void;

/** Returns a function that marks notifications as read: all, or those with the given ids. */
function useMarkRead(): { readonly read: MarkRead; readonly error: Error | null } {
  const client = useQueryClient();
  const { mutate, error } = useMutation({
    mutationFn: (notificationIds: readonly string[] | undefined) =>
      api<UnreadResponse>(
        'POST',
        '/developer/notifications/read',
        notificationIds === undefined ? {} : { notificationIds },
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  });
  return { read: mutate, error };
}

function NotificationCard({
  notification,
  read,
}: {
  readonly notification: NotificationResponse;
  readonly read: MarkRead;
}) {
  const { notifications: messages } = useMessages();
  const { minute } = useDates();
  const { notificationId, kind, appName, version } = notification;
  const text = messages.texts[kind](appName, version);
  const markRead = () => read([notificationId]);
  return (
    <Card withBorder padding="md" role="listitem">
      <Stack gap="xs">
        <Group gap="sm" justify="space-between">
          <Title order={2} size="h5" style={{ overflowWrap: 'anywhere' }}>
            {text}
          </Title>
          {notification.read ? null : (
            <Badge variant="dot" tt="none" size="lg">
              {messages.isNew}
            </Badge>
          )}
        </Group>
        <Details notification={notification} />
        <Text size="sm" c="dimmed">
          {minute(notification.at)}
        </Text>
        <Group gap="sm">
          <Button
            component={Link}
            to={actionUrl(notification)}
            variant="default"
            onClick={() => (notification.read ? undefined : markRead())}
          >
            {messages.actions[kind]}
          </Button>
          {notification.read ? null : (
            <Button variant="subtle" onClick={markRead} aria-label={messages.markReadOf(text)}>
              {messages.markRead}
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

function Details({ notification: { secret, errors } }: { readonly notification: NotificationResponse }) {
  const { notifications: messages } = useMessages();
  const { due } = useDates();
  if (secret !== null) return <Text size="sm">{messages.secret(secret.name, due(secret.expiresAt))}</Text>;
  return errors === null ? null : <Text size="sm">{messages.errors(errors)}</Text>;
}

/** Returns the page on which the developer can act on a notification. */
function actionUrl({ kind, clientId }: NotificationResponse): string {
  const app = `/developer/apps/${encodeURIComponent(clientId)}`;
  if (kind === 'secret-expiring') return `${app}/credentials`;
  return kind === 'errors-rising' ? `${app}/log?outcome=refused` : app;
}
