import type { Database } from '../database/index.ts';
import { type Clock, later } from '../kernel/index.ts';
import type { QueueName } from './queues.ts';
import { type JobFailure, type JobHandler, type JobRunner, startJobs } from './run-jobs.ts';
import type { JobSchedule } from './schedules.ts';

/** A task of the queue `maintenance`. docs/operating.md describes each task. */
export interface ScheduledTask extends JobSchedule {
  /** Milliseconds for which the task leaves what has expired or ended. Defaults to 0. */
  readonly keptFor?: number;
  /** @param before now, less the time that `keptFor` says */
  run(before: Date): Promise<unknown>;
}

/** The work that a module does outside of requests. */
export interface BackgroundWork {
  /** The tasks that run by a schedule. */
  readonly tasks?: readonly ScheduledTask[];
  /** The handlers of the module's queues. */
  readonly handlers?: Partial<Readonly<Record<QueueName, JobHandler>>>;
  /** Adds jobs for what waits in a table and has none. */
  queueMissingJobs?(): Promise<void>;
}

export interface BackgroundDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: { error(fields: { readonly failedJob: JobFailure } | { readonly jobs: string }): void };
}

export const HOURLY = '7 * * * *';
const EVERY_FIVE_MINUTES = '*/5 * * * *';

/** Joins the background work of all modules. */
export function joinBackgroundWork({ db, clock, log }: BackgroundDeps, works: readonly BackgroundWork[]) {
  const queueMissingJobs = async (): Promise<void> => {
    for (const work of works) await work.queueMissingJobs?.();
  };
  const tasks: readonly ScheduledTask[] = [
    { name: 'queue-missing-jobs', cron: EVERY_FIVE_MINUTES, run: queueMissingJobs },
    ...works.flatMap((work) => work.tasks ?? []),
  ];
  const handlers = Object.assign({}, ...works.map((work) => work.handlers)) as NonNullable<BackgroundWork['handlers']>;
  return {
    /** Works on the queues until it is stopped. Several processes share the work. */
    async start(): Promise<JobRunner> {
      await queueMissingJobs();
      return startJobs({
        db,
        handlers: { ...handlers, maintenance: (name) => runNamedTask(tasks, name, clock.now()) },
        schedules: tasks,
        onFailure: (failedJob) => log.error({ failedJob }),
        onError: (jobs) => log.error({ jobs }),
      });
    },
    runTasks: (): Promise<void> => runAllTasks(tasks, clock.now()),
  };
}

const runTask = async ({ keptFor = 0, run }: ScheduledTask, now: Date): Promise<void> =>
  void (await run(later(now, -keptFor)));

/** Runs one task: the handler of the queue `maintenance`. */
async function runNamedTask(tasks: readonly ScheduledTask[], name: string, now: Date): Promise<void> {
  const task = tasks.find((one) => one.name === name);
  // A process of another release can have added it.
  if (task === undefined) throw new Error('unknown task');
  await runTask(task, now);
}

/** Runs all tasks, one after another. One that fails stops none of the others; its error is thrown at the end. */
export async function runAllTasks(tasks: readonly ScheduledTask[], now: Date): Promise<void> {
  const failures: unknown[] = [];
  for (const task of tasks) await runTask(task, now).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
