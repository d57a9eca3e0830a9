import { fileURLToPath } from 'node:url';
import { systemClock as clock } from './kernel/index.ts';
import {
  requirePort,
  type ServeOptions,
  type StopRequest,
  startDatabase,
  superviseWorkers,
  toStopRequest,
} from './serving/index.ts';

/** Runs the server until it is asked to stop. Closes the database even after an error. @returns the exit code */
export async function serveUntilStopped(
  options: ServeOptions & { readonly program?: string | undefined },
): Promise<number> {
  const { config, print } = options;
  const begun = clock.now();
  const stop = toStopRequest(options.stop);
  const onDatabaseLost = stopOnDatabaseLoss(print, stop);
  try {
    await requirePort(config);
    if (config.workers === 1) return await serveHere(options, begun, stop, onDatabaseLost);
    const { program = fileURLToPath(new URL('main.ts', import.meta.url)) } = options;
    return await superviseWorkers({ ...options, program, stop, onDatabaseLost });
  } catch (error) {
    // Ctrl-C also stops the processes that the server started. An error that this causes doesn't count as a failure of
    // the server, so the exit code is 0.
    if (stop.isRequested()) return 0;
    throw error;
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

/** Creates the callback that stops the server after the embedded database has died and could not be restarted. */
const stopOnDatabaseLoss = (say: (text: string) => void, stop: StopRequest) => () => {
  say('The database stopped and couldn’t be restarted. Its log is postgres.log in the data folder.');
  stop.request(1);
};
