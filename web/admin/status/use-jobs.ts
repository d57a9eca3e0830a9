import { useQuery } from '@tanstack/react-query';
import type { JobsResponse } from '../../../src/portal-api/contract/operations.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';

/** Loads the state of the background jobs. All parts of the page share one request. */
export const useJobs = () => useQuery({ queryKey: ['jobs'], queryFn: () => api<JobsResponse>('GET', '/review/jobs') });

/** Returns a function that names a queue in words. A queue of another release has only its technical name. */
export function useQueueName(): (queue: string) => string {
  const names: Readonly<Record<string, string>> = useAdminMessages().operations.jobs.queues;
  return (queue) => (Object.hasOwn(names, queue) ? (names[queue] ?? queue) : queue);
}

/** Id of a queue's row in the table, for links. */
export const queueRowId = (queue: string): string => `queue-${queue}`;
