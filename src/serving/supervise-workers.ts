import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { minutes, OperatorError } from '../kernel/index.ts';
import { announcer } from './announcer.ts';
import type { ServeOptions } from './serve-options.ts';
import { type OpenedDatabase, startDatabase } from './start-database.ts';
import type { StopRequest } from './stop-request.ts';
import type { WorkerAssignment } from './worker-assignment.ts';

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
 * and hands connections to the workers in turn; a worker that dies is replaced. The first worker also prepares the data
 * and runs the background jobs, so the others start after it listens.
 * @returns the exit code
 */
export async function superviseWorkers(options: SupervisorOptions): Promise<number> {
  const { config, stop, onDatabaseLost: onLost } = options;
  const database = await startDatabase(config, { serving: true, onLost });
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec: options.program });
  const workers = createWorkers(options, database);
  try {
    for (let number = 1; number <= config.workers && !stop.isRequested(); number += 1) await workers.add(number);
    return await stop.exitCode;
  } finally {
    await workers.stop();
    await database.stop();
  }
}

function createWorkers(options: SupervisorOptions, { connection, owner, dataDir }: OpenedDatabase) {
  const { environment, stop } = options;
  const announce = announcer(options);
  const workers = new Map<number, Worker>();
  let restarts: readonly number[] = [];
  let stopping = false;
  const isStopping = () => stopping || stop.isRequested();

  function start(number: number): Worker {
    const worker = cluster.fork(environment);
    workers.set(number, worker);
    const assignment: WorkerAssignment = { number, connection, owner, dataDir };
    worker.on('online', () => worker.send(assignment));
    // A worker that dies while it gets the message is replaced. The error itself needs no handling.
    worker.on('error', () => {});
    worker.on('listening', () => announce(`Worker ${number} is listening (process ${worker.process.pid})`));
    return worker;
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
    const worker = start(number);
    announce(`Worker ${number} ended (${reason}) and starts again (process ${worker.process.pid})`, 'warn');
    worker.once('exit', (code, signal) => replace(number, toReason(code, signal)));
  }

  return {
    /**
     * Starts a worker and waits until it listens. From then on it is replaced whenever it dies.
     * @throws OperatorError if it ends before it listens
     */
    async add(number: number): Promise<void> {
      const worker = start(number);
      const exited = once(worker, 'exit');
      const isListening = once(worker, 'listening').then(() => true);
      if (await Promise.race([isListening, exited.then(() => false)]))
        void exited.then(([code, signal]) => replace(number, toReason(code, signal)));
      else if (!isStopping()) throw new OperatorError(`Worker ${number} couldn’t start. The reason is above.`);
    },
    async stop(): Promise<void> {
      stopping = true;
      await Promise.all([...workers.values()].map(stopWorker));
    },
  };
}

const toReason = (code: number, signal: string | null): string => signal ?? `exit code ${code}`;

/** Asks a worker to finish its requests and jobs, after `DRAIN_SECONDS`, and waits for its end. */
async function stopWorker(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const exited = once(worker, 'exit');
  worker.process.kill('SIGTERM');
  await exited;
}
