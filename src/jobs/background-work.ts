import type { Database } from '../database/index.ts';
import { type Clock, later } from '../kernel/index.ts';
import type { QueueName } from './queues.ts';
import { type JobFailure, type JobHandler, type JobRunner, type JobTracer, startJobs } from './run-jobs.ts';
import type { JobSchedule } from './schedules.ts';

/** A task that runs on a schedule, as a job of the queue `maintenance`. docs/operating.md describes each task. */
export interface ScheduledTask extends JobSchedule {
  /** Milliseconds for which a cleanup task keeps data after the data expired, ended or was stored. The default is 0. */
  readonly keptFor?: number;
  /**
   * Runs the task once.
   * @param before the current time minus `keptFor`; a cleanup task deletes data that expired, ended or was stored
   * before this time
   */
  run(before: Date): Promise<unknown>;
}

/** The scheduled tasks and job handlers of a module, which run outside of requests. */
export interface BackgroundWork {
  readonly tasks?: readonly ScheduledTask[];
  /** The functions that run the jobs of the module's queues. */
  readonly handlers?: Partial<Readonly<Record<QueueName, JobHandler>>>;
  /** Queues jobs for rows of the module's tables that wait for a job but have none, such as unsent emails. */
  queueMissingJobs?(): Promise<void>;
}

export interface BackgroundDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: { error(fields: { readonly failedJob: JobFailure } | { readonly jobs: string }): void };
  /** Makes a span of each run of a job; undefined if there are no traces. */
  readonly tracer?: JobTracer | undefined;
}

export const HOURLY = '7 * * * *';
export const EVERY_MINUTE = '* * * * *';
export const EVERY_FIVE_MINUTES = '*/5 * * * *';

/** Combines the scheduled tasks and job handlers of all modules, and adds the task that queues missing jobs. */
export function joinBackgroundWork({ db, clock, log, tracer }: BackgroundDeps, works: readonly BackgroundWork[]) {
  const queueMissingJobs = async (): Promise<void> => {
    for (const work of works) await work.queueMissingJobs?.();
  };
  const tasks: readonly ScheduledTask[] = [
    { name: 'queue-missing-jobs', cron: EVERY_FIVE_MINUTES, run: queueMissingJobs },
    ...works.flatMap((work) => work.tasks ?? []),
  ];
  const handlers = Object.assign({}, ...works.map((work) => work.handlers)) as NonNullable<BackgroundWork['handlers']>;
  return {
    /**
     * Queues missing jobs, and then runs jobs and scheduled tasks until the returned runner is stopped. Several
     * processes can do this at the same time; each job runs in one of them.
     */
    async start(): Promise<JobRunner> {
      await queueMissingJobs();
      return startJobs({
        db,
        handlers: { ...handlers, maintenance: (name) => runNamedTask(tasks, name, clock.now()) },
        schedules: tasks,
        onFailure: (failedJob) => log.error({ failedJob }),
        onError: (jobs) => log.error({ jobs }),
        tracer,
      });
    },
    runTasks: (): Promise<void> => runAllTasks(tasks, clock.now()),
  };
}

const runTask = async ({ keptFor = 0, run }: ScheduledTask, now: Date): Promise<void> =>
  void (await run(later(now, -keptFor)));

/** Runs the scheduled task with the given name. It is the handler of the queue `maintenance`. */
async function runNamedTask(tasks: readonly ScheduledTask[], name: string, now: Date): Promise<void> {
  const task = tasks.find((one) => one.name === name);
  // A process of another release may have queued a task that this release doesn't have. The job then fails, and a
  // process of that release may run the retry.
  if (task === undefined) throw new Error('unknown task');
  await runTask(task, now);
}

/**
 * Runs all scheduled tasks, one after another. If a task fails, the others still run; the first error is thrown at the
 * end.
 */
export async function runAllTasks(tasks: readonly ScheduledTask[], now: Date): Promise<void> {
  const failures: unknown[] = [];
  for (const task of tasks) await runTask(task, now).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
