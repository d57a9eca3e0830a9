import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openDataDir } from '../../../src/database/embedded/data-dir.ts';
import { DATABASE_NAME, DATABASE_USER, initializeCluster } from '../../../src/database/embedded/initialize-cluster.ts';
import { runProgram } from '../../../src/database/embedded/run-program.ts';
import { until } from '../runs/until.ts';
import { freePort } from '../servers/processes.ts';
import { urlOf } from './databases.ts';
import { makeFolder, postmasterOf } from './folders.ts';
import { isResponding, queryValues } from './query.ts';
import { killWithChildren } from './replicated.ts';

/** Folder with the programs of a PostgreSQL that has Citus, such as `/usr/lib/postgresql/17/bin`. */
const PROGRAMS = process.env['TEST_CITUS_BIN'];

/** Why a test can't start nodes. Undefined if it can. */
export const NODES_PROBLEM =
  process.platform !== 'linux'
    ? 'it needs Linux'
    : PROGRAMS === undefined || !existsSync(path.join(PROGRAMS, 'postgres'))
      ? 'TEST_CITUS_BIN isn’t a folder with the programs of a PostgreSQL that has Citus'
      : undefined;

/** A PostgreSQL of a cluster that a test can end and start again. */
export interface CitusNode {
  readonly port: number;
  readonly url: string;
  /** Ends all its processes with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it, and waits until it accepts connections. */
  start(): Promise<void>;
}

export interface CitusNodes {
  readonly coordinator: CitusNode;
  readonly workers: readonly [CitusNode, CitusNode];
  /**
   * Creates a database with Citus on all nodes. No table is distributed.
   * @param roles roles to create on all nodes. The first one owns the database; default: the superuser
   * @returns its URL on the coordinator, as the superuser
   */
  createDatabase(name: string, roles?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

const SETTINGS = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_preload_libraries = 'citus'
shared_buffers = 64MB
wal_level = logical
max_worker_processes = 24
citus.recover_2pc_interval = '2s'
citus.enable_statistics_collection = off
`;

/** Setting for the libraries that logical replication may use. */
const PLUGINS = 'output_plugin_libraries';

/** Starts a coordinator and two workers. */
export async function startCitusNodes(): Promise<CitusNodes> {
  const started: { readonly node: CitusNode; remove(): Promise<void> }[] = [];
  const close = async () => {
    for (const { remove } of started) await remove();
  };
  try {
    for (let count = 0; count < 3; count += 1) started.push(await startNode());
  } catch (error) {
    await close();
    throw error;
  }
  const [coordinator, first, second] = started.map(({ node }) => node);
  if (coordinator === undefined || first === undefined || second === undefined) throw new Error('three were started');
  return {
    coordinator,
    workers: [first, second],
    async createDatabase(name, roles = []) {
      for (const { url } of [coordinator, first, second]) {
        for (const role of roles) await queryValues({ connectionString: url }, `create role ${role} login`);
        await queryValues({ connectionString: url }, `create database ${name} owner ${roles[0] ?? DATABASE_USER}`);
        await queryValues({ connectionString: urlOf(url, name) }, 'create extension citus');
      }
      const url = urlOf(coordinator.url, name);
      const join = `select citus_set_coordinator_host('127.0.0.1', ${coordinator.port})`;
      await queryValues({ connectionString: url }, join);
      for (const { port } of [first, second])
        await queryValues({ connectionString: url }, `select citus_add_node('127.0.0.1', ${port})`);
      return url;
    },
    close,
  };
}

async function startNode(): Promise<{ readonly node: CitusNode; remove(): Promise<void> }> {
  const { folder, remove } = makeFolder();
  const dataDir = openDataDir(folder);
  const bin = PROGRAMS ?? '';
  const port = await freePort();
  const url = `postgresql://${DATABASE_USER}@127.0.0.1:${port}/${DATABASE_NAME}`;
  await initializeCluster(dataDir, bin, 'unused');
  appendFileSync(path.join(dataDir.cluster, 'postgresql.conf'), `${SETTINGS}port = ${port}\n`);
  // The nodes connect to each other without a password.
  writeFileSync(path.join(dataDir.cluster, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  const start = async () => {
    const { isRunning, readOutput } = await runProgram(dataDir, bin, ['postgres', '-D', dataDir.cluster], true);
    await until(() => {
      if (!isRunning()) throw new Error(readOutput());
      return isResponding({ connectionString: url }).catch(() => false);
    });
  };
  await start();
  // Newer minor releases of PostgreSQL have the setting, and others don't start with it.
  const [known] = await queryValues(
    { connectionString: url },
    `select count(*)::int from pg_settings where name = '${PLUGINS}'`,
  );
  if (known === 1) {
    const plugins = `alter system set ${PLUGINS} = pgoutput, test_decoding, citus`;
    for (const sql of [plugins, 'select pg_reload_conf()']) await queryValues({ connectionString: url }, sql);
  }
  const kill = async () => {
    killWithChildren(postmasterOf(folder));
    await until(() => postmasterOf(folder) === undefined);
  };
  return { node: { port, url, kill, start }, remove };
}
