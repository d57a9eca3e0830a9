import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from 'react-router';
import type { UnreadResponse } from '../../../src/portal-api/contract/notifications.ts';
import { useMessages } from '../../i18n/index.ts';
import { api } from '../api.ts';
import { NOTIFICATIONS_PATH } from './navigation.ts';

/** Milliseconds after which an open page asks again how many notifications are unread. */
const POLL_INTERVAL_MS = 120_000;

/** Link to the developer's notifications: a bell with the number of unread ones. */
export function NotificationsLink() {
  const { notifications: messages } = useMessages();
  const { pathname } = useLocation();
  // Without a connection the bell has no number. The page of the notifications shows the error.
  const { data } = useQuery({
    queryKey: ['notifications', 'unread'],
    queryFn: () => api<UnreadResponse>('GET', '/developer/notifications/unread'),
    staleTime: 30_000,
    refetchInterval: POLL_INTERVAL_MS,
  });
  const unread = data?.unread ?? 0;
  const current = pathname === NOTIFICATIONS_PATH ? { 'aria-current': 'page' as const } : {};
  return (
    <Link className="tool notifications-link" to={NOTIFICATIONS_PATH} aria-label={messages.link(unread)} {...current}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4" />
      </svg>
      {unread === 0 ? null : <span aria-hidden="true">{messages.badge(unread)}</span>}
    </Link>
  );
}
