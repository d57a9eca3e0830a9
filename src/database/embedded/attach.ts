import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { DATABASE, USER } from './initialise.ts';
import { isOutOfRoom, launch, type Place, refuseHopeless } from './launch.ts';
import { type Connection, disconnect, join, leave } from './locks.ts';
import { startPatience } from './patience.ts';
import { livingPostmaster, type Postmaster } from './postmaster.ts';
import type { Program } from './process.ts';
import { stalePidFileRemover } from './stale-pid-file.ts';

const TURN = 20;
const ROOM_TURN = 1000;
const STOP_LIMIT = 60_000;

/** Our share in a running database. */
export interface Share {
  /** Holds our locks, and does nothing else. */
  readonly client: pg.Client;
  readonly postmaster: Postmaster;
  /** The database ran already. */
  readonly adopted: boolean;
}

/**
 * Joins the database of a place, and starts it where it does not run. One loop serves every case, because the state can
 * change between any two looks: it asks what is there now, takes the next step, and looks again.
 * @param port where to start it, if it has to be started
 */
export async function attach(place: Place, serving: boolean, port?: number): Promise<Share> {
  const { cluster } = place.dataDir;
  const patience = startPatience(place);
  const removeStalePidFile = stalePidFileRemover(cluster, () => performance.now());
  // A database that was running gets time: an operator can make room while the server waits.
  const isFull = () => port !== undefined && isOutOfRoom(place);
  let full = false;
  let launched: Program | undefined;
  for (; ; await pause(TURN)) {
    const postmaster = livingPostmaster(cluster);
    patience.look(postmaster !== undefined || full);
    if (postmaster?.ready) {
      const client = await join(connectionTo(place, postmaster), serving);
      if (typeof client === 'string') patience.refused(client);
      else if (isStill(postmaster, cluster)) return { client, postmaster, adopted: launched?.pid !== postmaster.pid };
      else await disconnect(client);
    } else if (postmaster === undefined && !launched?.running()) {
      if (full || isFull()) await pause(ROOM_TURN);
      else if (launched !== undefined) await refuseHopeless(place, launched);
      full = isFull();
      removeStalePidFile();
      launched = await launch(place, port);
    }
  }
}

/** Gives our share back and, if it was the last, stops the database. */
export async function detach(place: Place, { client, postmaster }: Share): Promise<void> {
  // with the connection lost there is nothing to give back
  const last = await leave(client).catch(() => false);
  if (last) await stop(place.dataDir.cluster, postmaster.pid);
  // not earlier: our lock keeps newcomers out until the shutdown ends the connection
  await disconnect(client);
}

async function stop(cluster: string, pid: number): Promise<void> {
  const lives = (): boolean => livingPostmaster(cluster)?.pid === pid;
  if (lives()) process.kill(pid, 'SIGINT');
  for (const limit = performance.now() + STOP_LIMIT; lives() && performance.now() < limit; ) await pause(TURN);
}

export const connectionTo = (place: Place, { port }: Postmaster): Connection => ({
  host: '127.0.0.1',
  port,
  user: USER,
  password: place.password,
  database: DATABASE,
});

/**
 * The last user's lock ends in the midst of its shutdown: who got in at that very moment holds a lock of a database
 * that is going away. A shutdown is recorded before it ends any connection, so here it shows.
 */
function isStill({ pid }: Postmaster, cluster: string): boolean {
  const now = livingPostmaster(cluster);
  return now?.pid === pid && now.ready;
}
