import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { DATABASE_NAME, DATABASE_USER } from './initialize-cluster.ts';
import { type EmbeddedCluster, HOST, isDiskFull, launchPostmaster, throwIfUnrecoverable } from './launch-postmaster.ts';
import { disconnect, type EmbeddedConnection, joinCluster, leaveCluster } from './locks.ts';
import { findRunningPostmaster, type Postmaster } from './postmaster.ts';
import type { RunningProgram } from './run-program.ts';
import { createStalePidFileRemover } from './stale-pid-file.ts';
import { createStartDeadline } from './start-deadline.ts';

/**
 * Milliseconds between two checks of the database's state. While the disk is full, checks are less frequent, because an
 * operator has to free space.
 */
const POLL_INTERVAL = 20;
const FULL_DISK_POLL_INTERVAL = 1000;
const STOP_TIMEOUT = 60_000;

/** A running embedded database, with the connection that registers this program as one of its users. */
export interface ClusterShare {
  /** Connection that holds this program's advisory locks and does nothing else. */
  readonly client: pg.Client;
  readonly postmaster: Postmaster;
  /** True if the database was already running; false if this program started it. */
  readonly adopted: boolean;
}

/**
 * Connects to the embedded database, and starts the database if it isn't running. One loop handles all cases, because
 * the state can change between any two checks: it reads the current state, takes the next step, and checks again.
 * @param port port at which to start the database if necessary; `undefined` for any free port
 */
export async function attachToCluster(
  embedded: EmbeddedCluster,
  serving: boolean,
  port?: number,
): Promise<ClusterShare> {
  const { cluster } = embedded.dataDir;
  const patience = createStartDeadline(embedded);
  const removeStalePidFile = createStalePidFileRemover(cluster, () => performance.now());
  // A `port` is given only for a restart after a crash. If the disk is full then, the restart waits until an operator
  // frees disk space. The first start fails instead.
  const isFull = () => port !== undefined && isDiskFull(embedded);
  let full = false;
  let launched: RunningProgram | undefined;
  for (; ; await pause(POLL_INTERVAL)) {
    const postmaster = findRunningPostmaster(cluster);
    patience.check(postmaster !== undefined || full);
    if (postmaster?.ready) {
      embedded.onLaunched();
      const client = await joinCluster(toConnection(embedded, postmaster), serving);
      if (typeof client === 'string') patience.rejected(client);
      else if (isStillReady(postmaster, cluster))
        return { client, postmaster, adopted: launched?.pid !== postmaster.pid };
      else await disconnect(client);
    } else if (postmaster === undefined && !launched?.isRunning()) {
      if (full || isFull()) await pause(FULL_DISK_POLL_INTERVAL);
      else if (launched !== undefined) await throwIfUnrecoverable(embedded, launched);
      full = isFull();
      removeStalePidFile();
      launched = await launchPostmaster(embedded, port);
    }
  }
}

/** Releases this program's advisory locks, and stops the database if no other program uses it. */
export async function detachFromCluster(
  embedded: EmbeddedCluster,
  { client, postmaster }: ClusterShare,
): Promise<void> {
  // An error means that the connection is lost. PostgreSQL has then released the locks already, and the database is
  // left running.
  const last = await leaveCluster(client).catch(() => false);
  if (last) await stopPostmaster(embedded.dataDir.cluster, postmaster.pid);
  // This connection stays open until PostgreSQL has stopped, because its exclusive lock keeps other programs from using
  // the database during the shutdown.
  await disconnect(client);
}

/** Shuts a postmaster down, and waits until it has ended. */
export async function stopPostmaster(cluster: string, pid: number): Promise<void> {
  const lives = (): boolean => findRunningPostmaster(cluster)?.pid === pid;
  if (lives()) process.kill(pid, 'SIGINT');
  for (const limit = performance.now() + STOP_TIMEOUT; lives() && performance.now() < limit; )
    await pause(POLL_INTERVAL);
}

export const toConnection = (
  { password }: Pick<EmbeddedCluster, 'password'>,
  { port, socketFolder }: Postmaster,
): EmbeddedConnection => ({
  host: socketFolder ?? HOST,
  port,
  user: DATABASE_USER,
  password,
  database: DATABASE_NAME,
});

/**
 * Tells whether this postmaster (PostgreSQL's main process) is still running and ready. The last user's lock ends
 * during the shutdown, so a program that takes its locks at that moment may hold them in a database that is stopping. A
 * shutdown writes its state to the pid file before it closes connections, so this check detects it.
 */
function isStillReady({ pid }: Postmaster, cluster: string): boolean {
  const now = findRunningPostmaster(cluster);
  return now?.pid === pid && now.ready;
}
