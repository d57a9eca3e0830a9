import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { DATABASE, USER } from './initialise.ts';
import { isOutOfRoom, launch, type Place, refuseHopeless } from './launch.ts';
import { type Connection, disconnect, join, leave } from './locks.ts';
import { startPatience } from './patience.ts';
import { livingPostmaster, type Postmaster } from './postmaster.ts';
import type { Program } from './process.ts';
import { stalePidFileRemover } from './stale-pid-file.ts';

/**
 * Milliseconds between two checks of the database's state; longer while the disk is full, so that an operator can free
 * space.
 */
const TURN = 20;
const ROOM_TURN = 1000;
const STOP_LIMIT = 60_000;

/** Our use of a running embedded database. */
export interface Share {
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
export async function attach(embedded: Place, serving: boolean, port?: number): Promise<Share> {
  const { cluster } = embedded.dataDir;
  const patience = startPatience(embedded);
  const removeStalePidFile = stalePidFileRemover(cluster, () => performance.now());
  // After a database was running, it gets time: an operator can free disk space while the server waits.
  const isFull = () => port !== undefined && isOutOfRoom(embedded);
  let full = false;
  let launched: Program | undefined;
  for (; ; await pause(TURN)) {
    const postmaster = livingPostmaster(cluster);
    patience.look(postmaster !== undefined || full);
    if (postmaster?.ready) {
      const client = await join(connectionTo(embedded, postmaster), serving);
      if (typeof client === 'string') patience.refused(client);
      else if (isStill(postmaster, cluster)) return { client, postmaster, adopted: launched?.pid !== postmaster.pid };
      else await disconnect(client);
    } else if (postmaster === undefined && !launched?.running()) {
      if (full || isFull()) await pause(ROOM_TURN);
      else if (launched !== undefined) await refuseHopeless(embedded, launched);
      full = isFull();
      removeStalePidFile();
      launched = await launch(embedded, port);
    }
  }
}

/** Releases our locks and stops the database if we were its last user. */
export async function detach(embedded: Place, { client, postmaster }: Share): Promise<void> {
  // If the connection is lost, there is nothing to release.
  const last = await leave(client).catch(() => false);
  if (last) await stop(embedded.dataDir.cluster, postmaster.pid);
  // Not earlier: our lock keeps new users out until the shutdown closes the connection.
  await disconnect(client);
}

async function stop(cluster: string, pid: number): Promise<void> {
  const lives = (): boolean => livingPostmaster(cluster)?.pid === pid;
  if (lives()) process.kill(pid, 'SIGINT');
  for (const limit = performance.now() + STOP_LIMIT; lives() && performance.now() < limit; ) await pause(TURN);
}

export const connectionTo = (embedded: Place, { port }: Postmaster): Connection => ({
  host: '127.0.0.1',
  port,
  user: USER,
  password: embedded.password,
  database: DATABASE,
});

/**
 * Tells whether this postmaster is still running and ready. The last user's lock ends during its shutdown, so a client
 * that joined at that moment holds a lock of a database that is stopping. A shutdown writes its state to the pid file
 * before it closes connections, so it is visible here.
 */
function isStill({ pid }: Postmaster, cluster: string): boolean {
  const now = livingPostmaster(cluster);
  return now?.pid === pid && now.ready;
}
