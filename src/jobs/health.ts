import { type Executor, statement } from '../database/index.ts';
import { hours, minutes } from '../kernel/index.ts';
import { toBossDatabase } from './boss-database.ts';
import { DEAD_LETTER_QUEUE } from './queues.ts';

/** Milliseconds for which a failed job is counted and listed, unless its queue deletes failed jobs earlier. */
const WINDOW = hours(24);
/**
 * Milliseconds after which a job that is ready to run counts as late. Workers look for jobs at least every 15 seconds.
 */
const LATE = minutes(5);

/** SQL: whether a job failed within `$1` milliseconds, and its queue hasn't deleted it by then. */
const RECENTLY_FAILED = `(j.state = 'failed' and j.completed_on > $2::timestamptz
     - least($1::float8 / 1000, q.deletion_seconds) * interval '1 second')`;
const queues = statement(
  'jobs.queues',
  {
    name: 'text',
    ready: 'int4',
    later: 'int4',
    running: 'int4',
    failed: 'int4',
    failed_hours: 'int4',
    oldest: 'timestamptz?',
  },
  `select q.name,
     (count(*) filter (where j.state < 'active' and j.start_after <= now()))::int4 as ready,
     (count(*) filter (where j.state < 'active' and j.start_after > now()))::int4 as later,
     (count(*) filter (where j.state = 'active'))::int4 as running,
     (count(*) filter (where ${RECENTLY_FAILED}))::int4 as failed,
     (least($1::float8 / 1000, q.deletion_seconds) / 3600)::int4 as failed_hours,
     min(j.start_after) filter (where j.state < 'active' and j.start_after <= now()) as oldest
   from pgboss.queue q left join pgboss.job j on j.name = q.name
   where q.name not like '\\_\\_pgboss\\_\\_%' and q.name <> $3
   group by q.name, q.deletion_seconds order by q.name`,
);
const failures = statement(
  'jobs.failures',
  { name: 'text', id: 'text?', completed_on: 'timestamptz?', error: 'text?' },
  `select j.name, j.data->>'id' as id, j.completed_on,
     coalesce(j.output->>'error', j.output->>'value', j.output->>'message') as error
   from pgboss.job j join pgboss.queue q on q.name = j.name
   where ${RECENTLY_FAILED} order by j.completed_on desc limit 20`,
);
const deadLetters = statement(
  'jobs.dead-letters',
  { count: 'int4' },
  "select count(*)::int4 as count from pgboss.job where name = $1 and state < 'completed'",
);
const schedules = statement(
  'jobs.schedules',
  { key: 'text', cron: 'text', last: 'timestamptz?' },
  `select s.key, s.cron, max(j.completed_on) as last
   from pgboss.schedule s
     left join pgboss.job j on j.name = s.name and j.data->>'id' = s.key and j.state = 'completed'
   group by s.key, s.cron order by s.key`,
);

/** Numbers of jobs of one queue. */
export interface JobCounts {
  readonly name: string;
  /** Number of jobs that can start now. */
  readonly ready: number;
  /** Number of jobs that may start only later, such as retries. */
  readonly later: number;
  readonly running: number;
  /** Number of jobs whose last attempt failed within the last `failedHours` hours. */
  readonly failed: number;
  /** 24, or fewer if the queue deletes failed jobs earlier. */
  readonly failedHours: number;
  /** Time since which the oldest ready job could have started; undefined if no job is ready. */
  readonly oldestReadyAt: Date | undefined;
}

export interface QueueHealth extends JobCounts {
  /** Whether the oldest ready job has waited so long that no process seems to run the jobs of the queue. */
  readonly isLate: boolean;
}

export interface FailedJob {
  readonly queue: string;
  /** Id of the job: the name of a scheduled task, or the id of an email, export or uploaded file. Empty if unknown. */
  readonly id: string;
  readonly at: Date;
  /** Code of the error, or its class name if it has no code. */
  readonly error: string;
}

export interface TaskHealth {
  readonly name: string;
  /** Time when the task last succeeded; undefined if it hasn't succeeded within the last 24 hours. */
  readonly lastAt: Date | undefined;
  readonly nextAt: Date | undefined;
}

export interface JobHealth {
  readonly queues: readonly QueueHealth[];
  /** The failed jobs that the queues count: at most 20, the newest first. */
  readonly failures: readonly FailedJob[];
  readonly tasks: readonly TaskHealth[];
  /** Number of jobs in the dead-letter queue. Their last attempt failed within the last two weeks. */
  readonly deadLetters: number;
}

/** Returns the numbers of waiting, running and failed jobs of each queue. */
export const countJobs = async (db: Executor, now: Date): Promise<readonly JobCounts[]> =>
  (await db.query(queues, [WINDOW, now, DEAD_LETTER_QUEUE])).map(({ oldest, failed_hours, ...counts }) => ({
    ...counts,
    failedHours: failed_hours,
    oldestReadyAt: oldest ?? undefined,
  }));

/**
 * Returns the numbers of waiting, running and failed jobs of each queue, the newest failures, and the last and next run
 * of each scheduled task.
 */
export async function getJobHealth(db: Executor, now: Date): Promise<JobHealth> {
  const { PgBoss } = await import('pg-boss');
  // This pg-boss instance is never started. It only computes the next times of cron expressions.
  const boss = new PgBoss({ db: toBossDatabase(db) });
  const [dead] = await db.query(deadLetters, [DEAD_LETTER_QUEUE]);
  return {
    queues: (await countJobs(db, now)).map((counts) => ({
      ...counts,
      isLate: counts.oldestReadyAt !== undefined && now.getTime() - counts.oldestReadyAt.getTime() > LATE,
    })),
    failures: (await db.query(failures, [WINDOW, now])).map(({ name, id, completed_on, error }) => ({
      queue: name,
      id: id ?? '',
      at: completed_on ?? now,
      error: error ?? 'unknown',
    })),
    tasks: (await db.query(schedules)).map(({ key, cron, last }) => ({
      name: key,
      lastAt: last ?? undefined,
      nextAt: boss.previewSchedule(cron, { from: now, count: 1 })[0],
    })),
    deadLetters: dead?.count ?? 0,
  };
}
