import type { Job, JobResult, PgBoss } from 'pg-boss';
import type { Database } from '../database/index.ts';
import { minutes, OperatorError, seconds } from '../kernel/index.ts';
import { toBossDatabase } from './boss-database.ts';
import { nameError, PermanentJobFailure } from './job-failure.ts';
import { JOB_SCHEMA, QUEUES, type QueueName } from './queues.ts';
import { type JobSchedule, saveSchedules } from './schedules.ts';

/** Works on one job. A rejection has it tried again, as its queue says. */
export type JobHandler = (id: string) => Promise<void>;

export interface JobRunnerDeps {
  readonly db: Database;
  /** This process works on these queues only. */
  readonly handlers: Partial<Readonly<Record<QueueName, JobHandler>>>;
  /** All tasks that run by a schedule. */
  readonly schedules: readonly JobSchedule[];
  /** Reports that an attempt failed. `error` is a code or a class name. */
  readonly onFailure: (failure: JobFailure) => void;
  /** Reports an error of pg-boss, such as a lost database connection, by its code. */
  readonly onError: (error: string) => void;
}

export interface JobFailure {
  readonly queue: QueueName;
  readonly id: string;
  readonly error: string;
}

export interface JobRunner {
  /** Starts nothing more, and resolves when the running jobs are done, after three minutes at most. */
  stop(): Promise<void>;
}

interface JobData {
  readonly id: string;
}

/** Milliseconds. The longest job is an email, which may take two minutes. */
const STOP_TIMEOUT = minutes(3);

/**
 * Starts to work on the queues. Several processes share the work: each job runs in one of them.
 * @throws OperatorError if the schema of the queues isn't the one that this release knows
 */
export async function startJobs(deps: JobRunnerDeps): Promise<JobRunner> {
  // Imported only by the server, so that commands start faster.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ ...OPTIONS, db: toBossDatabase(deps.db) });
  boss.on('error', (error) => deps.onError(nameError(error)));
  boss.on('warning', ({ data }) => deps.onError(`warning: ${String((data as { type?: unknown })?.type ?? 'unknown')}`));
  await boss.start().catch((error: Error) => {
    throw /requires migrations|not installed/.test(error.message) ? new OperatorError(SCHEMA_PROBLEM) : error;
  });
  await saveSchedules(boss, deps.schedules);
  for (const [queue, handler] of Object.entries(deps.handlers)) await work(boss, deps, queue as QueueName, handler);
  return { stop: () => boss.stop({ graceful: true, timeout: STOP_TIMEOUT }) };
}

const SCHEMA_PROBLEM =
  'The job queues of this database belong to another release. Start that release, or run its command "migrate".';

/**
 * The server changes no schema: `migrate` has installed it, and nothing here partitions or reindexes. Nothing listens
 * for notifications, which a pooler in transaction mode would not pass on.
 */
const OPTIONS = {
  schema: JOB_SCHEMA,
  migrate: false,
  createSchema: false,
  reindex: false,
  monitorVacuum: false,
  persistQueueStats: false,
  persistWarnings: false,
  registerInstance: false,
  useListenNotify: false,
  openTelemetry: { enabled: false },
  // Half a minute after a process was killed, its jobs go to the others.
  superviseIntervalSeconds: 30,
  monitorIntervalSeconds: 30,
  maintenanceIntervalSeconds: 3600,
  cronWorkerIntervalSeconds: 15,
  // There are no jobs that depend on others.
  flowIntervalSeconds: 3600,
} as const;

/** Works on a queue, and looks for more at once as long as there is something to do. */
async function work(boss: PgBoss, deps: JobRunnerDeps, queue: QueueName, handler: JobHandler): Promise<void> {
  const { pollSeconds, concurrency } = QUEUES[queue];
  const options = { pollingIntervalSeconds: pollSeconds, batchSize: concurrency, perJobResults: true } as const;
  let worker = '';
  worker = await boss.work<JobData>(queue, options, async (jobs: Job<JobData>[]) => {
    const results = await Promise.all(jobs.map((job) => runJob(deps, queue, handler, job)));
    boss.notifyWorker(worker);
    return results;
  });
}

/**
 * Runs a job. Only the name of an error is stored: what it says could be about a person.
 */
async function runJob(
  { onFailure }: JobRunnerDeps,
  queue: QueueName,
  handler: JobHandler,
  { id: jobId, data: { id } }: Job<JobData>,
): Promise<JobResult> {
  try {
    await handler(id);
    return { id: jobId, status: 'completed' };
  } catch (failure) {
    const error = nameError(failure);
    onFailure({ queue, id, error });
    const status = failure instanceof PermanentJobFailure ? 'deadletter' : 'failed';
    return { id: jobId, status, output: { error } };
  }
}

/** Milliseconds after which a job that repeats itself may run again. Its worker looks for it every 15 seconds. */
export const REPEAT_DELAY = seconds(10);
