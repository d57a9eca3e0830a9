import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { LogAnswer, LogFilter, UsageAnswer } from '../../../src/portal/contract/activity.ts';
import { api } from '../../shell/api.ts';

const place = (clientId: string): string => `/developer/apps/${encodeURIComponent(clientId)}`;

/** Returns an empty text if no parameter is set. */
const queryText = (parameters: Readonly<Record<string, string | undefined>>): string => {
  const present = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return present.length === 0 ? '' : `?${new URLSearchParams(present)}`;
};

export const logQuery = (clientId: string, filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ['activity', clientId, 'log', filter],
    queryFn: ({ pageParam }) =>
      api<LogAnswer>('GET', `${place(clientId)}/log${queryText({ ...filter, before: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const csvAddress = (clientId: string, filter: LogFilter): string =>
  `/api${place(clientId)}/log.csv${queryText(filter)}`;

export const usageQuery = (clientId: string, days: number) =>
  queryOptions({
    queryKey: ['activity', clientId, 'usage', days],
    queryFn: () => api<UsageAnswer>('GET', `${place(clientId)}/usage?days=${days}`),
    placeholderData: keepPreviousData,
  });
