import { attachToCluster, type ClusterShare, detachFromCluster, toConnection } from './attach-to-cluster.ts';
import { prepareBinaries } from './binaries.ts';
import { openDataDir } from './data-dir.ts';
import type { EmbeddedCluster } from './launch-postmaster.ts';
import type { EmbeddedConnection } from './locks.ts';
import { readDatabasePassword } from './password.ts';

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
  readonly connection: EmbeddedConnection;
  /** The database was already running: started by a server beside this command, or left behind by a killed server. */
  readonly wasRunning: boolean;
  /** Detaches from the database, and stops it if no one else uses it. */
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL of a data folder, or attaches to it if it is running. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = openDataDir(options.dataDir);
  const embedded: EmbeddedCluster = { dataDir, bin: prepareBinaries(dataDir), password: readDatabasePassword(dataDir) };
  const share = await attachToCluster(embedded, options.serving);
  return {
    connection: toConnection(embedded, share.postmaster),
    wasRunning: share.adopted,
    stop: keepAttached(embedded, share, options),
  };
}

/**
 * Keeps our locks. If their connection is lost because the database crashed, it attaches again, and starts the database
 * again at the same port if necessary, where the pool finds it.
 */
function keepAttached(
  embedded: EmbeddedCluster,
  initial: ClusterShare,
  { serving, onLost }: EmbeddedOptions,
): () => Promise<void> {
  let share = Promise.resolve(initial);
  let stopping: Promise<void> | undefined;
  const watch = ({ client }: ClusterShare): void => {
    client.once('end', () => {
      if (stopping !== undefined) return;
      share = attachToCluster(embedded, serving, initial.postmaster.port);
      share.then(watch, onLost ?? (() => {}));
    });
  };
  watch(initial);
  const leaveAsIs = (): undefined => undefined;
  return () => {
    stopping ??= share.then((current) => detachFromCluster(embedded, current), leaveAsIs);
    return stopping;
  };
}
