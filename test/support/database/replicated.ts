import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kill } from '../../../bench/against/npm-server.ts';
import { listProcesses } from '../../../bench/process-usage.ts';
import { prepareBinaries } from '../../../src/database/embedded/binaries.ts';
import { type DataDir, openDataDir } from '../../../src/database/embedded/data-dir.ts';
import { DATABASE_NAME, DATABASE_USER, initializeCluster } from '../../../src/database/embedded/initialize-cluster.ts';
import { runProgram } from '../../../src/database/embedded/run-program.ts';
import { until } from '../runs/until.ts';
import { freePort } from '../servers/processes.ts';
import { makeFolder, postmasterOf } from './folders.ts';
import { isResponding, queryValues } from './query.ts';

/** A primary, and a synchronous standby: a change is stored on both before the primary reports success. */
export interface ReplicatedDatabase {
  /** URL with both hosts. */
  readonly url: string;
  /** URL of the standby alone. */
  readonly standbyUrl: string;
  /** Ends all processes of the primary with SIGKILL. */
  killPrimary(): void;
  /** Makes the standby the primary, or waits until a failover manager has done so. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

/** A primary and a standby that a test can stop and start again. */
export interface StandbyDatabase extends ReplicatedDatabase {
  /** URL of the primary alone. */
  readonly primaryUrl: string;
  /** Process id of the primary. */
  readonly primaryPid: number;
  /** Data folder of the standby. */
  readonly standbyFolder: string;
  /** Ends all processes of the standby with SIGKILL. */
  killStandby(): void;
  /** Starts the standby again, and waits until it accepts connections. */
  startStandby(): Promise<void>;
}

/** Settings of PostgreSQL for both hosts. */
export const STREAMING_SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 32MB
wal_level = replica
wal_keep_size = 256MB
`;

/**
 * Starts both with the programs of the embedded PostgreSQL. The test promotes the standby.
 * @param options.synchronous whether the primary waits for the standby before it reports success
 */
export async function startReplicated({ synchronous = true } = {}): Promise<StandbyDatabase> {
  const folders = [makeFolder(), makeFolder()] as const;
  const [primary, standby] = [openDataDir(folders[0].folder), openDataDir(folders[1].folder)];
  const ports = [await freePort(), await freePort()] as const;
  const password = randomBytes(12).toString('hex');
  const urlAt = (...hosts: readonly number[]) =>
    `postgresql://${DATABASE_USER}:${password}@${hosts.map((port) => `127.0.0.1:${port}`).join(',')}/${DATABASE_NAME}`;
  const bin = prepareBinaries(primary);
  const start = (dataDir: DataDir, port: number, ...options: readonly string[]) =>
    runProgram(dataDir, bin, ['postgres', '-D', dataDir.cluster, '-p', String(port), ...options], true);

  await initializeCluster(primary, bin, password);
  appendFileSync(path.join(primary.cluster, 'postgresql.conf'), STREAMING_SETTINGS);
  // A cluster that has never run is a complete base backup.
  execFileSync('cp', ['-a', primary.cluster, standby.cluster]);
  const source = `host=127.0.0.1 port=${ports[0]} user=${DATABASE_USER} password=${password} application_name=standby`;
  appendFileSync(path.join(standby.cluster, 'postgresql.conf'), `primary_conninfo = '${source}'\n`);
  const signal = path.join(standby.cluster, 'standby.signal');
  writeFileSync(signal, '');
  if (standby.user !== undefined) chownSync(signal, standby.user.uid, standby.user.gid);
  const programs = [
    await start(primary, ports[0], ...(synchronous ? ['-c', 'synchronous_standby_names=standby'] : [])),
    await start(standby, ports[1]),
  ];
  const syncState = "select sync_state from pg_stat_replication where application_name = 'standby'";
  await until(async () => {
    for (const { isRunning, readOutput } of programs) if (!isRunning()) throw new Error(readOutput());
    const states = await queryValues({ connectionString: urlAt(ports[0]) }, syncState).catch((): unknown[] => []);
    return (
      states.includes(synchronous ? 'sync' : 'async') &&
      isResponding({ connectionString: urlAt(ports[1]) }).catch(() => false)
    );
  });

  return {
    url: urlAt(...ports),
    primaryUrl: urlAt(ports[0]),
    standbyUrl: urlAt(ports[1]),
    primaryPid: postmasterOf(primary.root) ?? 0,
    standbyFolder: standby.cluster,
    killStandby: () => killWithChildren(postmasterOf(standby.root)),
    async startStandby() {
      const { isRunning, readOutput } = await start(standby, ports[1]);
      await until(() => {
        if (!isRunning()) throw new Error(readOutput());
        return isResponding({ connectionString: urlAt(ports[1]) }).catch(() => false);
      });
    },
    killPrimary: () => killWithChildren(postmasterOf(primary.root)),
    async failOver() {
      const promoted = await runProgram(standby, bin, ['pg_ctl', 'promote', '-D', standby.cluster], false);
      const code = await promoted.exitCode;
      if (code !== 0) throw new Error(`pg_ctl promote ended with ${code}: ${promoted.readOutput()}`);
    },
    async close() {
      for (const { remove } of folders) await remove();
    },
  };
}

/** Ends a process and its children with SIGKILL, the parent first, so that it can't replace a child. */
export function killWithChildren(parent: number | undefined): void {
  if (parent === undefined) return;
  const children = listProcesses().filter((one) => one.parent === parent);
  for (const pid of [parent, ...children.map((one) => one.pid)]) kill(pid, 'SIGKILL');
}
