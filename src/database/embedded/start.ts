import { attach, connectionTo, detach, type Share } from './attach.ts';
import { binariesFor } from './binaries.ts';
import { openDataDir } from './data-dir.ts';
import type { Place } from './launch.ts';
import type { Connection } from './locks.ts';
import { databasePassword } from './password.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** True for the server (one per data folder); false for a command, which runs beside a server or alone. */
  readonly serving: boolean;
  /**
   * Called when the connection to the database was lost and the database can't be started again. Without it, only
   * failing queries show that.
   */
  readonly onLost?: (reason: unknown) => void;
}

export interface EmbeddedPostgres {
  readonly connection: Connection;
  /** The database was already running: started by a server beside this command, or left behind by a killed server. */
  readonly adopted: boolean;
  /** Detaches from the database, and stops it if no one else uses it. */
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL of a data folder, or attaches to it if it is running. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = openDataDir(options.dataDir);
  const embedded: Place = { dataDir, bin: binariesFor(dataDir), password: databasePassword(dataDir) };
  const share = await attach(embedded, options.serving);
  return {
    connection: connectionTo(embedded, share.postmaster),
    adopted: share.adopted,
    stop: keep(embedded, share, options),
  };
}

/**
 * Keeps our locks. If their connection is lost because the database crashed, it attaches again, and starts the database
 * again at the same port if necessary, where the pool finds it.
 */
function keep(embedded: Place, initial: Share, { serving, onLost }: EmbeddedOptions): () => Promise<void> {
  let share = Promise.resolve(initial);
  let stopping: Promise<void> | undefined;
  const watch = ({ client }: Share): void => {
    client.once('end', () => {
      if (stopping !== undefined) return;
      share = attach(embedded, serving, initial.postmaster.port);
      share.then(watch, onLost ?? (() => {}));
    });
  };
  watch(initial);
  const leaveAsIs = (): undefined => undefined;
  return () => {
    stopping ??= share.then((current) => detach(embedded, current), leaveAsIs);
    return stopping;
  };
}
