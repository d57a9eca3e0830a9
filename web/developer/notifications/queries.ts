import { queryOptions } from '@tanstack/react-query';
import type { EmailTopicsResponse, NotificationsResponse } from '../../../src/portal-api/contract/notifications.ts';
import { api } from '../../shell/api.ts';

export const notificationsQuery = (page: number) =>
  queryOptions({
    queryKey: ['notifications', 'list', page],
    queryFn: () => api<NotificationsResponse>('GET', `/developer/notifications?page=${page}`),
  });

export const emailTopicsQuery = queryOptions({
  queryKey: ['notifications', 'emails'],
  queryFn: () => api<EmailTopicsResponse>('GET', '/developer/notifications/emails'),
});
