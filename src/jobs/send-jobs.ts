import { type Executor, statement } from '../database/index.ts';
import type { QueueName } from './queues.ts';

/**
 * Inserts jobs with the options of their queue, as `insert()` of pg-boss does. That function needs a started pg-boss
 * instance. Our own statement doesn't, so any process, commands included, can insert a job in its own transaction. A
 * job isn't inserted if the queue has one with the same id that hasn't been attempted yet.
 * https://pgboss.io/sql/job-table
 */
const insertJobs = statement(
  'jobs.insert',
  {},
  `insert into pgboss.job (name, data, priority, start_after, created_on, singleton_key, policy, retry_limit, retry_delay,
     retry_backoff, retry_delay_max, expire_seconds, deletion_seconds, keep_until, dead_letter, heartbeat_seconds)
   select q.name, jsonb_build_object('id', k.id), $3::int, t.start_after, pgboss.job_now(), k.id, q.policy, q.retry_limit,
     q.retry_delay, q.retry_backoff, q.retry_delay_max, q.expire_seconds, q.deletion_seconds,
     t.start_after + q.retention_seconds * interval '1 second', q.dead_letter, q.heartbeat_seconds
   from pgboss.queue q cross join unnest($2::text[]) as k(id)
     cross join (select pgboss.job_now() + $4::float8 * interval '1 second' as start_after) t
   where q.name = $1
   on conflict do nothing`,
);

export interface JobOptions {
  /** Within a queue, jobs with a higher priority run first. The default is 0. */
  readonly priority?: number;
  /** Milliseconds until the job may run. The default is 0. */
  readonly delay?: number;
}

/**
 * Adds a job to a queue. The job can run once the transaction of `tx` commits. Does nothing if the queue has a job with
 * the same id that hasn't been attempted yet.
 * @param id identifies the email, export, file or task that the job is for; it must not contain personal data, because
 * it is displayed and logged
 */
export const sendJob = (tx: Executor, queue: QueueName, id: string, options: JobOptions = {}): Promise<void> =>
  sendJobs(tx, queue, [id], options);

/** Adds one job for each id, as `sendJob` does. */
export async function sendJobs(
  tx: Executor,
  queue: QueueName,
  ids: readonly string[],
  { priority = 0, delay = 0 }: JobOptions = {},
): Promise<void> {
  if (ids.length > 0) await tx.query(insertJobs, [queue, ids, priority, delay / 1000]);
}

/**
 * SQL condition: the queue has no job with this id that is waiting, running or due for a retry.
 * @param id SQL expression of type text
 */
export const withoutJob = (queue: QueueName, id: string): string =>
  `not exists (select from pgboss.job j where j.name = '${queue}' and j.policy = 'stately' and j.state <= 'active'
     and coalesce(j.singleton_key, '') = ${id})`;
