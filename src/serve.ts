import { fileURLToPath } from 'node:url';
import type { Config } from './config/index.ts';
import { systemClock as clock } from './kernel/index.ts';
import {
  type Announce,
  announcer,
  requirePort,
  type ServeOptions,
  type StopRequest,
  startDatabase,
  superviseWorkers,
  toDatabaseLoss,
  toStopRequest,
} from './serving/index.ts';

/** Runs the server until it is asked to stop. Closes the database even after an error. @returns the exit code */
export async function serveUntilStopped(
  options: ServeOptions & { readonly program?: string | undefined },
): Promise<number> {
  const { config } = options;
  const begun = clock.now();
  const stop = toStopRequest(options.stop);
  const onDatabaseLost = stopOnDatabaseLoss(announcer(options), stop);
  try {
    await requirePort(config);
    if (config.workers === 1) return await serveHere(options, begun, stop, onDatabaseLost);
    const { program = fileURLToPath(new URL('main.ts', import.meta.url)) } = options;
    const stopMetrics = await publishWorkerMetrics(config);
    try {
      return await superviseWorkers({ ...options, program, stop, onDatabaseLost });
    } finally {
      stopMetrics();
    }
  } catch (error) {
    // Ctrl-C also stops the processes that the server started. An error that this causes doesn't count as a failure of
    // the server, so the exit code is the one of the stop.
    if (stop.isRequested()) return stop.exitCode;
    throw toDatabaseLoss(error);
  }
}

/** Serves in this process. The modules of the server are loaded while the database starts. */
async function serveHere(options: ServeOptions, begun: Date, stop: StopRequest, onLost: () => void): Promise<number> {
  const { promise: launched, resolve: onLaunched } = Promise.withResolvers<void>();
  const database = startDatabase(options.config, { serving: true, onLost, onLaunched });
  await Promise.race([launched, database]);
  const { serveDatabase } = await import('./server.ts');
  return serveDatabase(await database, options, { begun, stop });
}

/** Serves the metrics of all workers together, if they have a port. @returns a function that stops it */
async function publishWorkerMetrics({ metrics, host }: Config): Promise<() => void> {
  if (metrics?.port === undefined) return () => {};
  const { collectWorkerMetrics, listenForMetrics } = await import('./metrics/index.ts');
  return listenForMetrics({ host, port: metrics.port, token: metrics.token }, collectWorkerMetrics());
}

/** Creates the callback that stops the server after the embedded database has died and could not be restarted. */
const stopOnDatabaseLoss = (announce: Announce, stop: StopRequest) => () => {
  announce('The database stopped and couldn’t be restarted. Its log is postgres.log in the data folder.', 'warn');
  stop.request(1);
};
