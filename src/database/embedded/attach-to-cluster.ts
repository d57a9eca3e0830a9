import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { DATABASE_NAME, DATABASE_USER } from './initialize-cluster.ts';
import { type EmbeddedCluster, isDiskFull, launchPostmaster, throwIfUnrecoverable } from './launch-postmaster.ts';
import { disconnect, type EmbeddedConnection, joinCluster, leaveCluster } from './locks.ts';
import { findRunningPostmaster, type Postmaster } from './postmaster.ts';
import type { RunningProgram } from './run-program.ts';
import { createStalePidFileRemover } from './stale-pid-file.ts';
import { createStartDeadline } from './start-deadline.ts';

/**
 * Milliseconds between two checks of the database's state; longer while the disk is full, so that an operator can free
 * space.
 */
const POLL_INTERVAL = 20;
const FULL_DISK_POLL_INTERVAL = 1000;
const STOP_TIMEOUT = 60_000;

/** Our use of a running embedded database. */
export interface ClusterShare {
  /** Connection that holds our advisory locks and does nothing else. */
  readonly client: pg.Client;
  readonly postmaster: Postmaster;
  /** The database was already running. */
  readonly adopted: boolean;
}

/**
 * Attaches to the database of a cluster and starts it if it isn't running. One loop handles all cases, because the
 * state can change between any two checks: it reads the current state, takes the next step, and checks again.
 * @param port port to start the database at, if it has to be started; `undefined` for any free port
 */
export async function attachToCluster(
  embedded: EmbeddedCluster,
  serving: boolean,
  port?: number,
): Promise<ClusterShare> {
  const { cluster } = embedded.dataDir;
  const patience = createStartDeadline(embedded);
  const removeStalePidFile = createStalePidFileRemover(cluster, () => performance.now());
  // After a database was running, it gets time: an operator can free disk space while the server waits.
  const isFull = () => port !== undefined && isDiskFull(embedded);
  let full = false;
  let launched: RunningProgram | undefined;
  for (; ; await pause(POLL_INTERVAL)) {
    const postmaster = findRunningPostmaster(cluster);
    patience.check(postmaster !== undefined || full);
    if (postmaster?.ready) {
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

/** Releases our locks and stops the database if we were its last user. */
export async function detachFromCluster(
  embedded: EmbeddedCluster,
  { client, postmaster }: ClusterShare,
): Promise<void> {
  // If the connection is lost, there is nothing to release.
  const last = await leaveCluster(client).catch(() => false);
  if (last) await stopPostmaster(embedded.dataDir.cluster, postmaster.pid);
  // Not earlier: our lock keeps new users out until the shutdown closes the connection.
  await disconnect(client);
}

async function stopPostmaster(cluster: string, pid: number): Promise<void> {
  const lives = (): boolean => findRunningPostmaster(cluster)?.pid === pid;
  if (lives()) process.kill(pid, 'SIGINT');
  for (const limit = performance.now() + STOP_TIMEOUT; lives() && performance.now() < limit; )
    await pause(POLL_INTERVAL);
}

export const toConnection = (embedded: EmbeddedCluster, { port }: Postmaster): EmbeddedConnection => ({
  host: '127.0.0.1',
  port,
  user: DATABASE_USER,
  password: embedded.password,
  database: DATABASE_NAME,
});

/**
 * Tells whether this postmaster is still running and ready. The last user's lock ends during its shutdown, so a client
 * that joined at that moment holds a lock of a database that is stopping. A shutdown writes its state to the pid file
 * before it closes connections, so it is visible here.
 */
function isStillReady({ pid }: Postmaster, cluster: string): boolean {
  const now = findRunningPostmaster(cluster);
  return now?.pid === pid && now.ready;
}
