import cluster, { type Worker } from 'node:cluster';
import { minutes, OperatorError } from '../kernel/index.ts';
import { announcer } from './announcer.ts';
import type { ServeOptions } from './serve-options.ts';
import { type OpenedDatabase, startDatabase } from './start-database.ts';
import type { StopRequest } from './stop-request.ts';
import type { StopMessage, WorkerAssignment } from './worker-assignment.ts';
import { watchHeartbeats } from './worker-heartbeat.ts';

/** Number of restarts within `RESTART_WINDOW` milliseconds after which the server gives up. */
const MAX_RESTARTS = 5;
const RESTART_WINDOW = minutes(1);

export interface SupervisorOptions extends Pick<ServeOptions, 'config' | 'environment' | 'print'> {
  /** The program that each worker runs. It notices by itself that it is a worker. */
  readonly program: string;
  readonly stop: StopRequest;
  readonly onDatabaseLost: () => void;
}

/**
 * Runs `WORKERS` processes that share the port, until the server is asked to stop. This process only holds the database
 * and hands connections to the workers in turn; a worker that dies or is stuck is replaced. The first worker also
 * prepares the data and runs the background jobs, so the others start after it listens.
 * @returns the exit code
 */
export async function superviseWorkers(options: SupervisorOptions): Promise<number> {
  const { config, stop, onDatabaseLost: onLost } = options;
  const database = await startDatabase(config, { serving: true, onLost });
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec: options.program });
  const workers = createWorkers(options, database);
  let exitCode = 1;
  try {
    for (let number = 1; number <= config.workers && !stop.isRequested(); number += 1)
      await Promise.race([workers.add(number), stop.exitCode]);
    exitCode = await stop.exitCode;
    return exitCode;
  } finally {
    await workers.stop(exitCode);
    await database.stop();
  }
}

/** A worker, and the reason for which it ends. */
interface StartedWorker {
  readonly worker: Worker;
  /** Never rejects. */
  readonly ended: Promise<string>;
}

function createWorkers(options: SupervisorOptions, { connection, owner, dataDir }: OpenedDatabase) {
  const { environment, stop } = options;
  const announce = announcer(options);
  const workers = new Map<number, StartedWorker>();
  let restarts: readonly number[] = [];
  let stopping = false;
  const isStopping = () => stopping || stop.isRequested();

  function start(number: number): StartedWorker {
    const worker = cluster.fork(environment);
    const started = { worker, ended: whenEnded(worker) };
    workers.set(number, started);
    const assignment: WorkerAssignment = { number, connection, owner, dataDir };
    worker.on('online', () => worker.send(assignment));
    worker.once('listening', () => {
      announce(`Worker ${number} is listening (process ${worker.process.pid})`);
      watchHeartbeats(worker, () => {
        announce(`Worker ${number} doesn’t respond and is killed (process ${worker.process.pid})`, 'warn');
        worker.process.kill('SIGKILL');
      });
    });
    return started;
  }

  function replace(number: number, reason: string): void {
    if (isStopping()) return;
    const now = performance.now();
    restarts = [...restarts.filter((at) => now - at < RESTART_WINDOW), now];
    if (restarts.length > MAX_RESTARTS) {
      announce(
        `Worker ${number} ended (${reason}), after ${MAX_RESTARTS} restarts within a minute. The server stops.`,
        'warn',
      );
      stop.request(1);
      return;
    }
    const { worker, ended } = start(number);
    announce(`Worker ${number} ended (${reason}) and starts again (process ${worker.process.pid})`, 'warn');
    void ended.then((next) => replace(number, next));
  }

  return {
    /**
     * Starts a worker and waits until it listens. From then on it is replaced whenever it dies.
     * @throws OperatorError if it ends before it listens
     */
    async add(number: number): Promise<void> {
      const { worker, ended } = start(number);
      const isListening = new Promise<true>((resolve) => worker.once('listening', () => resolve(true)));
      if ((await Promise.race([isListening, ended])) === true) void ended.then((reason) => replace(number, reason));
      else if (!isStopping()) throw new OperatorError(`Worker ${number} couldn’t start. The reason is above.`);
    },
    /** @param exitCode reason of the stop: 0 if the server was asked to stop */
    async stop(exitCode: number): Promise<void> {
      stopping = true;
      await Promise.all([...workers.values()].map((worker) => stopWorker(worker, exitCode)));
    },
  };
}

/**
 * Resolves with the reason when a worker has ended. A process that can't be started has no id and no exit, only an error.
 * Other errors, such as that of a message to a worker that is dying, need no handling: the exit follows.
 */
const whenEnded = (worker: Worker): Promise<string> =>
  new Promise((resolve) => {
    worker.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (worker.process.pid === undefined) resolve(error.code ?? 'error');
    });
  });

/**
 * Asks a worker to finish its requests and jobs, and waits for its end. After an error, such as a lost database, it
 * doesn't answer new requests for `DRAIN_SECONDS` first.
 */
async function stopWorker({ worker, ended }: StartedWorker, exitCode: number): Promise<void> {
  const terminate = (): void => void worker.process.kill('SIGTERM');
  if (exitCode === 0) terminate();
  else
    worker.send({ stopWith: exitCode } satisfies StopMessage, (error) => {
      if (error !== null) terminate();
    });
  await ended;
}
