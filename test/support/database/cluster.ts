import pg from 'pg';
import {
  changeLayout,
  openDatabase,
  planDistribution,
  planWorkerFunctions,
  readTableLayout,
} from '../../../src/database/index.ts';

/**
 * URL of the coordinator of a Citus cluster, as an administrator who may create databases. The database that it names
 * lists the nodes of the cluster.
 */
export const CLUSTER = process.env['TEST_CITUS_URL'];

/** True if TEST_CITUS_URL isn't set. Then `withCluster` adds the reason to the name of a skipped test. */
export const HAS_NO_CLUSTER = CLUSTER === undefined;
export const withCluster = (name: string): string =>
  HAS_NO_CLUSTER ? `${name} (skipped without TEST_CITUS_URL)` : name;

interface Node {
  readonly host: string;
  readonly port: number;
}

let known: Promise<readonly Node[]> | undefined;

/** Lists the nodes of the cluster, first the coordinator. */
async function listNodes(): Promise<readonly Node[]> {
  const nodes = await query<Node>(
    CLUSTER ?? '',
    "select nodename as host, nodeport as port from pg_dist_node where noderole = 'primary' order by groupid",
  );
  if (nodes.length < 2)
    throw new Error('TEST_CITUS_URL has to name a database whose pg_dist_node lists coordinator and workers');
  return nodes;
}

/**
 * Lists the servers on which a database has to exist: all nodes if the URL is that of the cluster, first the
 * coordinator.
 * @param admin URL of a server where databases may be created
 */
export async function serversOf(admin: string): Promise<readonly string[]> {
  if (admin !== CLUSTER) return [admin];
  known ??= listNodes();
  return [admin, ...(await known).slice(1).map((node) => at(admin, node))];
}

/**
 * Makes databases one cluster.
 * @param urls an empty database on each node, first that on the coordinator
 */
export async function joinNodes(urls: readonly string[]): Promise<void> {
  known ??= listNodes();
  const [coordinator, ...workers] = await known;
  const [url = ''] = urls;
  for (const each of urls) await query(each, 'create extension citus');
  await query(url, `select citus_set_coordinator_host('${coordinator?.host}', ${coordinator?.port})`);
  for (const { host, port } of workers) await query(url, `select citus_add_node('${host}', ${port})`);
}

/** Distributes the tables of a database that is joined, as `citus distribute --block-writes` does. */
export async function distribute(url: string, shards: number): Promise<void> {
  const db = openDatabase({ connectionString: url }, 1);
  try {
    const functions = (await planWorkerFunctions(db)).map((text) => [text]);
    const steps = planDistribution(await readTableLayout(db), new Map(), { shards, blocksWrites: true });
    await changeLayout({ connectionString: url }, async (run) => {
      for (const statements of [...functions, ...steps.flatMap(({ transactions }) => transactions)])
        await run(statements);
    });
  } finally {
    await db.close();
  }
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
