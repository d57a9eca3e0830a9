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
  const place: Place = { dataDir, bin: binariesFor(dataDir), password: databasePassword(dataDir) };
  const share = await attach(place, options.serving);
  return {
    connection: connectionTo(place, share.postmaster),
    adopted: share.adopted,
    stop: keep(place, share, options),
  };
}

/**
 * Keeps our locks. If their connection is lost because the database crashed, it attaches again, and starts the database
 * again at the same port if necessary, where the pool finds it.
 */
function keep(place: Place, first: Share, { serving, onLost }: EmbeddedOptions): () => Promise<void> {
  let share = Promise.resolve(first);
  let stopping: Promise<void> | undefined;
  const watch = ({ client }: Share): void => {
    client.once('end', () => {
      if (stopping !== undefined) return;
      share = attach(place, serving, first.postmaster.port);
      share.then(watch, onLost ?? (() => {}));
    });
  };
  watch(first);
  const leaveAsIs = (): undefined => undefined;
  return () => {
    stopping ??= share.then((held) => detach(place, held), leaveAsIs);
    return stopping;
  };
}
