import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AppLogFilter, AppLogResponse, UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { api } from '../../shell/api.ts';
import { appPath } from '../apps/queries.ts';

/** Returns a query string with the parameters that have a value. Returns an empty text if none has. */
const toQueryText = (parameters: Readonly<Record<string, string | undefined>>): string => {
  const present = Object.entries(parameters).filter((one): one is [string, string] => one[1] !== undefined);
  return present.length === 0 ? '' : `?${new URLSearchParams(present)}`;
};

export const logQuery = (clientId: string, filter: AppLogFilter) =>
  infiniteQueryOptions({
    queryKey: ['activity', clientId, 'log', filter],
    queryFn: ({ pageParam }) =>
      api<AppLogResponse>('GET', `${appPath(clientId)}/log${toQueryText({ ...filter, before: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const csvUrl = (clientId: string, filter: AppLogFilter): string =>
  `/api${appPath(clientId)}/log.csv${toQueryText(filter)}`;

export const usageQuery = (clientId: string, days: number) =>
  queryOptions({
    queryKey: ['activity', clientId, 'usage', days],
    queryFn: () => api<UsageResponse>('GET', `${appPath(clientId)}/usage?days=${days}`),
    placeholderData: keepPreviousData,
  });
