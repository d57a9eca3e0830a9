import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { OperatorError } from '../../kernel/index.ts';
import type { DataDir } from './data-dir.ts';
import { initializeCluster, isClusterInitialized } from './initialize-cluster.ts';
import { lastLines } from './log.ts';
import { type RunningProgram, runProgram } from './run-program.ts';
import { readSystemIdentifier } from './system-identifier.ts';
import { makeWalArchive, queueTimelines, walArchiveFolder, walArchiveSettings } from './wal-archive.ts';

/** The data folder, programs and password of one embedded database. */
export interface EmbeddedCluster {
  readonly dataDir: DataDir;
  /** Folder with PostgreSQL's programs. */
  readonly bin: string;
  readonly password: string;
  /** Connections that all processes of the server may open. */
  readonly connections: number;
  /** Folder to which PostgreSQL archives its write-ahead log; undefined if it doesn't. */
  readonly walArchive: string | undefined;
  /** Called when PostgreSQL has been launched. It may not be ready yet. */
  readonly onLaunched: () => void;
}

/** Host on which PostgreSQL accepts connections besides its Unix socket. */
export const HOST = '127.0.0.1';

/** PostgreSQL settings for low memory use: when idle, database and server together use far less than 250 MB. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: HOST,
  shared_buffers: '32MB',
  // A backup of the running database needs this level.
  wal_level: 'replica',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  log_checkpoints: 'off',
  // The detail and context of a PostgreSQL error can quote row values. They are not logged, because the log must not
  // contain patient data.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** Connections for commands beside the server, and for the database's own work. */
const MORE_CONNECTIONS = 45;

/**
 * Starts PostgreSQL, and creates the database cluster first if there is none. PostgreSQL keeps running after this
 * program ends.
 */
export async function launchPostmaster(embedded: EmbeddedCluster, port: number | undefined): Promise<RunningProgram> {
  const { dataDir, bin, password, onLaunched } = embedded;
  if (!isClusterInitialized(dataDir)) await initializeCluster(dataDir, bin, password);
  const options = Object.entries(await clusterSettings(embedded)).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  // The cluster's path is the first argument, because `isPostmasterOf` recognizes a running postmaster by it.
  const base = ['-D', dataDir.cluster, '-p', String(port ?? (await findFreePort()))];
  const program = await runProgram(dataDir, bin, ['postgres', ...base, ...options], true);
  onLaunched();
  return program;
}

/** Returns PostgreSQL's settings, and prepares the folder of the WAL archive if there is one. */
export async function clusterSettings({
  dataDir,
  connections,
  walArchive,
}: Pick<EmbeddedCluster, 'dataDir' | 'connections' | 'walArchive'>): Promise<Readonly<Record<string, string>>> {
  const settings = {
    ...SETTINGS,
    unix_socket_directories: await findSocketFolder(dataDir),
    max_connections: String(connections + MORE_CONNECTIONS),
  };
  if (walArchive === undefined) return settings;
  const folder = walArchiveFolder(walArchive, readSystemIdentifier(dataDir.cluster));
  makeWalArchive(folder, dataDir.user);
  queueTimelines(dataDir.cluster, dataDir.user);
  return { ...settings, ...walArchiveSettings(folder) };
}

/** Longest path of a Unix socket in bytes on any system. */
const MAX_SOCKET_PATH = 103;

/**
 * Returns the folder of the database's Unix socket, which is in the cluster, so that only the database's user can use it.
 * A statement over it takes less CPU time than one over TCP. Returns an empty text if there can't be one: some shared
 * folders have no sockets, and a comma would separate two folders.
 */
async function findSocketFolder({ cluster }: DataDir): Promise<string> {
  const longest = Buffer.byteLength(path.join(cluster, '.s.PGSQL.65535'));
  if (process.platform === 'win32' || longest > MAX_SOCKET_PATH || /[,"]/.test(cluster)) return '';
  const probe = createServer().listen(path.join(cluster, `.s.${process.pid}`));
  try {
    await once(probe, 'listening');
    return cluster;
  } catch {
    return '';
  } finally {
    probe.close();
  }
}

/**
 * PostgreSQL errors that another start attempt can overcome: a killed postmaster that hasn't ended yet, or a port that
 * was taken in the meantime.
 */
const TEMPORARY_ERRORS =
  /lock file "postmaster\.pid" (already exists|is empty)|shared memory block|Address already in use/;

/** Free bytes below which the disk counts as full: the size of one segment of the write-ahead log. */
const MIN_FREE_BYTES = 16 * 1024 * 1024;

/** Tells whether the disk is full. PostgreSQL's log doesn't always contain an error about a full disk. */
export function isDiskFull({ dataDir }: EmbeddedCluster): boolean {
  const { bavail, bsize } = statfsSync(dataDir.root);
  return bavail * bsize < MIN_FREE_BYTES;
}

/** Throws an `OperatorError` if PostgreSQL ended for a reason that another start attempt can't fix. */
export async function throwIfUnrecoverable(embedded: EmbeddedCluster, ended: RunningProgram): Promise<void> {
  const code = await ended.exitCode;
  const output = ended.readOutput();
  if (code === undefined || code === 0 || TEMPORARY_ERRORS.test(output)) return;
  throw new OperatorError(
    `The database in ${embedded.dataDir.root} can't be started. Its last output:${lastLines(output)}`,
  );
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new OperatorError(`There is no free port on ${HOST} for the database.`));
      });
    });
  });
}
