import { randomBytes } from 'node:crypto';
import pg from 'pg';
import {
  changeLayout,
  migrate,
  openDatabase,
  planDistribution,
  planWorkerFunctions,
  readTableLayout,
} from '../../../src/database/index.ts';
import { urlOf } from './databases.ts';
import type { EmptyDatabase } from './empty-database.ts';

/**
 * URL of the coordinator of a Citus cluster, as an administrator who may create databases. The database that it names
 * lists the nodes of the cluster.
 */
const CLUSTER = process.env['TEST_CITUS_URL'];

/** True if TEST_CITUS_URL isn't set. Then `withCluster` adds the reason to the name of a skipped test. */
export const HAS_NO_CLUSTER = CLUSTER === undefined;
export const withCluster = (name: string): string =>
  HAS_NO_CLUSTER ? `${name} (skipped without TEST_CITUS_URL)` : name;

interface Node {
  readonly host: string;
  readonly port: number;
}

export interface CitusDatabase {
  /** The database on the coordinator. */
  readonly url: string;
  /** The database of the same name on the first worker. */
  readonly workerUrl: string;
  /** Installs Citus in the database on all nodes, and makes them one cluster. */
  join(): Promise<void>;
  close(): Promise<void>;
}

/** Creates a database with a random name on all nodes of the cluster. It has no tables, and no extension. */
export async function citusDatabase(): Promise<CitusDatabase> {
  const admin = CLUSTER ?? '';
  const [coordinator, ...workers] = await query<Node>(
    admin,
    "select nodename as host, nodeport as port from pg_dist_node where noderole = 'primary' order by groupid",
  );
  if (coordinator === undefined || workers.length === 0)
    throw new Error('TEST_CITUS_URL has to name a database whose pg_dist_node lists coordinator and workers');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admins = [admin, ...workers.map((node) => at(admin, node))];
  const urls = admins.map((url) => urlOf(url, name));
  const [url = '', workerUrl = ''] = urls;
  for (const each of admins) await query(each, `create database ${name} template template0`);
  return {
    url,
    workerUrl,
    async join() {
      for (const each of urls) await query(each, 'create extension citus');
      await query(url, `select citus_set_coordinator_host('${coordinator.host}', ${coordinator.port})`);
      for (const { host, port } of workers) await query(url, `select citus_add_node('${host}', ${port})`);
    },
    async close() {
      // The maintenance process of Citus stays connected.
      for (const each of admins) await query(each, `drop database ${name} with (force)`);
    },
  };
}

/** Creates a database on the cluster whose tables are distributed over a few shards. */
export async function distributedDatabase(): Promise<EmptyDatabase> {
  const cluster = await citusDatabase();
  await migrate({ connectionString: cluster.url });
  await cluster.join();
  const db = openDatabase({ connectionString: cluster.url }, 4);
  const layout = await readTableLayout(db);
  const steps = planDistribution(layout, new Map(), { shards: 4, blocksWrites: true });
  await changeLayout({ connectionString: cluster.url }, async (run) => {
    for (const statements of await planWorkerFunctions(db)) await run([statements]);
    for (const statements of steps.flatMap(({ transactions }) => transactions)) await run(statements);
  });
  return {
    db,
    async close() {
      await db.close();
      await cluster.close();
    },
  };
}

function at(url: string, { host, port }: Node): string {
  const other = new URL(url);
  other.hostname = host;
  other.port = String(port);
  return other.href;
}

async function query<Row extends pg.QueryResultRow>(connectionString: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
