import { attachToCluster, type ClusterShare, detachFromCluster, toConnection } from './attach-to-cluster.ts';
import { prepareBinaries } from './binaries.ts';
import { openDataDir } from './data-dir.ts';
import type { EmbeddedCluster } from './launch-postmaster.ts';
import type { EmbeddedConnection } from './locks.ts';
import { readDatabasePassword } from './password.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /**
   * True for the server, of which only one may use a data folder. False for a command, which can run beside a server or
   * alone.
   */
  readonly serving: boolean;
  /**
   * Called if the connection to the database was lost and the database can't be started again. Without this callback, a
   * program notices the loss only when its queries fail.
   */
  readonly onLost?: (reason: unknown) => void;
  /** Called when the database has been launched, or was found running. It may not be ready yet. */
  readonly onLaunched?: () => void;
  /** Connections that all processes of the server may open. The default is that of one process. */
  readonly connections?: number;
  /** Folder to which PostgreSQL archives its write-ahead log; undefined if it doesn't. */
  readonly walArchive?: string | undefined;
}

export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection;
  /**
   * True if the database was already running: a server beside this command uses it, or a killed server left it behind.
   */
  readonly wasRunning: boolean;
  /** Stops using the database, and shuts the database down if no other program uses it. */
  stop(): Promise<void>;
}

/** Starts the embedded PostgreSQL of a data folder, or uses it if it is already running. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = openDataDir(options.dataDir);
  const embedded: EmbeddedCluster = {
    dataDir,
    bin: prepareBinaries(dataDir),
    password: readDatabasePassword(dataDir),
    connections: options.connections ?? 15,
    walArchive: options.walArchive,
    onLaunched: options.onLaunched ?? (() => {}),
  };
  const share = await attachToCluster(embedded, options.serving);
  return {
    connection: toConnection(embedded, share.postmaster),
    wasRunning: share.adopted,
    stop: keepAttached(embedded, share, options),
  };
}

/**
 * Keeps this program registered as a user of the database. If the connection with its advisory locks is lost because
 * the database crashed, connects again. If necessary, starts the database again at the same port, where the connection
 * pool finds it.
 * @returns a function that stops using the database
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
