import type { Job, JobResult, PgBoss } from 'pg-boss';
import type { Database } from '../database/index.ts';
import { minutes, OperatorError } from '../kernel/index.ts';
import { toBossDatabase } from './boss-database.ts';
import { nameError, PermanentJobFailure } from './job-failure.ts';
import { JOB_SCHEMA, QUEUES, type QueueName } from './queues.ts';
import { type JobSchedule, saveSchedules } from './schedules.ts';

/**
 * Runs one job, which is identified by its id. If the promise rejects, the job is retried as often as its queue allows.
 */
export type JobHandler = (id: string) => Promise<void>;

export interface JobRunnerDeps {
  readonly db: Database;
  /** Handlers by queue. This process runs jobs only of queues that have a handler here. */
  readonly handlers: Partial<Readonly<Record<QueueName, JobHandler>>>;
  /** All scheduled tasks of this release. The schedules of other tasks are removed from the database. */
  readonly schedules: readonly JobSchedule[];
  /** Called after each failed attempt to run a job. `error` is an error code or a class name. */
  readonly onFailure: (failure: JobFailure) => void;
  /**
   * Called with the code of an error in pg-boss itself, such as a lost database connection, or with a warning of
   * pg-boss.
   */
  readonly onError: (error: string) => void;
  /** Makes a span of each run; undefined if there are no traces. */
  readonly tracer?: JobTracer | undefined;
}

/** Makes a span of each run of a job (OpenTelemetry). */
export interface JobTracer {
  /**
   * Runs the work of a job, whose own spans belong to the span of the job. They have a limit, because the work may be
   * that of many rows.
   */
  runJob(job: TracedJob, work: () => Promise<void>): Promise<void>;
}

export interface TracedJob {
  readonly queue: QueueName;
  /** Name of the scheduled task, if the job is the run of one. */
  readonly task: string | undefined;
}

export interface JobFailure {
  readonly queue: QueueName;
  readonly id: string;
  readonly error: string;
}

export interface JobRunner {
  /** Starts no further jobs. Resolves when the running jobs have ended, or after three minutes at the latest. */
  stop(): Promise<void>;
}

interface JobData {
  readonly id: string;
}

/**
 * Milliseconds to wait for running jobs when the server stops. The job that takes longest is sending an email, which
 * may take two minutes.
 */
const STOP_TIMEOUT = minutes(3);

/**
 * Starts to run the jobs of the queues and the scheduled tasks. Several processes can do this at the same time; each
 * job runs in one of them.
 * @throws OperatorError if the job queues in the database were not created, or belong to another version of pg-boss
 */
export async function startJobs(deps: JobRunnerDeps): Promise<JobRunner> {
  // pg-boss is imported only when it is needed, so that commands start faster.
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({ ...OPTIONS, db: toBossDatabase(deps.db) });
  boss.on('error', (error) => deps.onError(nameError(error)));
  boss.on('warning', ({ data }) => deps.onError(`warning: ${String((data as { type?: unknown })?.type ?? 'unknown')}`));
  try {
    await boss.start();
    await saveSchedules(boss, deps.schedules);
    for (const queue of Object.keys(QUEUES) as QueueName[]) {
      const handler = deps.handlers[queue];
      if (handler !== undefined) await work(boss, deps, queue, handler);
    }
  } catch (error) {
    // The timers of pg-boss would keep the process running.
    await boss.stop({ graceful: false }).catch(() => {});
    throw /requires migrations|not installed/.test((error as Error).message)
      ? new OperatorError(SCHEMA_PROBLEM)
      : error;
  }
  return { stop: () => boss.stop({ graceful: true, timeout: STOP_TIMEOUT }) };
}

const SCHEMA_PROBLEM =
  'The job queues of this database belong to another release. Start that release, or run its command "migrate".';

/**
 * Options of pg-boss. Our migrations create its schema, so pg-boss neither creates, migrates nor reindexes it. It
 * doesn't listen for notifications, which a connection pooler in transaction mode doesn't pass on.
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
  // Other processes take over the jobs of a killed process within about a minute: its heartbeat is overdue after 30
  // seconds, and a check for overdue heartbeats runs every 30 seconds.
  superviseIntervalSeconds: 30,
  monitorIntervalSeconds: 30,
  maintenanceIntervalSeconds: 3600,
  cronWorkerIntervalSeconds: 15,
  // pg-boss can hold a job back until other jobs are done. No job here uses that, so pg-boss rarely needs to check for
  // such jobs.
  flowIntervalSeconds: 3600,
} as const;

/** Runs the jobs of a queue. After running jobs, it looks for more at once instead of waiting for the next poll. */
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
 * Runs a job. If it fails, only the code or class name of the error is stored, because the error's message may contain
 * personal data.
 */
async function runJob(
  { onFailure, tracer, schedules }: JobRunnerDeps,
  queue: QueueName,
  handler: JobHandler,
  { id: jobId, data: { id } }: Job<JobData>,
): Promise<JobResult> {
  try {
    if (tracer === undefined) await handler(id);
    else await tracer.runJob({ queue, task: schedules.find(({ name }) => name === id)?.name }, () => handler(id));
    return { id: jobId, status: 'completed' };
  } catch (failure) {
    const error = nameError(failure);
    onFailure({ queue, id, error });
    const status = failure instanceof PermanentJobFailure ? 'deadletter' : 'failed';
    return { id: jobId, status, output: { error } };
  }
}
