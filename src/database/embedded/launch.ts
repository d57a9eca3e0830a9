import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { OperatorFault } from '../../kernel/index.ts';
import type { DataDir } from './data-dir.ts';
import { initialise, isInitialised } from './initialise.ts';
import { lastLines } from './log.ts';
import { type Program, runProgram } from './process.ts';

/** All that it takes to run the database of one data folder. */
export interface Place {
  readonly dataDir: DataDir;
  /** The folder of PostgreSQL's programs. */
  readonly bin: string;
  readonly password: string;
}

const HOST = '127.0.0.1';

/** Kept small: at rest the database and the server together stay far below 250 MB. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: HOST,
  unix_socket_directories: '',
  shared_buffers: '32MB',
  max_connections: '60',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  log_checkpoints: 'off',
  // details and contexts of errors quote values of rows: no patient's data in the log
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** Starts a postmaster, after making the cluster if there is none. It outlives this program. */
export async function launch(place: Place, port: number | undefined): Promise<Program> {
  const { dataDir, bin, password } = place;
  if (!isInitialised(dataDir)) await initialise(dataDir, bin, password);
  const options = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // the cluster's path comes first: the command line is how a living postmaster is told from another program
  const base = ['-D', dataDir.cluster, '-p', String(port ?? (await freePort()))];
  return runProgram(dataDir, bin, ['postgres', ...base, ...options], true);
}

/** What ends by itself: a postmaster killed a moment ago that is not gone yet, or a port taken since we looked. */
const PASSING = /lock file "postmaster\.pid" (already exists|is empty)|shared memory block|Address already in use/;

/** A segment of the write-ahead log. */
const LEAST_ROOM = 16 * 1024 * 1024;

/** Whether the disk is full. Then the log may not say so. */
export function isOutOfRoom({ dataDir }: Place): boolean {
  const { bavail, bsize } = statfsSync(dataDir.root);
  return bavail * bsize < LEAST_ROOM;
}

/** Throws when the postmaster ended for a reason that another try won't mend. */
export async function refuseHopeless(place: Place, ended: Program): Promise<void> {
  const code = await ended.ended;
  const words = ended.said();
  if (code === undefined || code === 0 || PASSING.test(words)) return;
  throw new OperatorFault(`The database in ${place.dataDir.root} can't be started. Its last words:${lastLines(words)}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new OperatorFault(`There is no free port on ${HOST} for the database.`));
      });
    });
  });
}
