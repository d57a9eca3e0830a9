import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../../src/database/index.ts';
import { CLUSTER, distribute, joinNodes, serversOf } from './cluster.ts';

/** Names of the template databases that tests copy. Copying takes a fraction of the time of creating a database. */
export interface Templates {
  /** Template with the schema and no rows. */
  readonly empty: string;
  /** Template with the data of a server at its second start: practices, sandbox and signing keys. */
  readonly filled: string;
}

/** Key of the advisory lock for creating a template. The number is arbitrary. */
const TEMPLATE_LOCK = 727_275;

/** Shards of each table on a cluster: two on each of two workers, so that a node has rows of several shards. */
const SHARDS = 4;

/** Creates the empty template unless it exists. */
export const ensureEmpty = (admin: string, { empty }: Templates): Promise<void> =>
  ensureTemplate(admin, empty, async (draft) => {
    await createDatabase(admin, draft);
    const url = urlOf(admin, draft);
    await migrate({ connectionString: url });
    if (admin !== CLUSTER) return;
    await joinNodes((await serversOf(admin)).map((server) => urlOf(server, draft)));
    await distribute(url, SHARDS);
  });

/** Names of the templates that exist, as far as this process knows. */
const ready = new Set<string>();

/**
 * Creates a template unless it exists. If several processes need it at the same time, one creates it.
 * @param make creates it under a temporary name. It is renamed when it is complete
 */
export async function ensureTemplate(
  admin: string,
  name: string,
  make: (draft: string) => Promise<void>,
): Promise<void> {
  if (ready.has(`${admin} ${name}`)) return;
  await onServer(admin, async (client) => {
    if (await exists(client, name)) return;
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    if (await exists(client, name)) return;
    const draft = `${name}_draft`;
    await dropTemplate(admin, draft);
    await make(draft);
    // Citus must not connect to the template again.
    if (admin === CLUSTER) await run(admin, `alter database ${draft} allow_connections false`);
    await endCitusConnections(admin, draft);
    // The coordinator is last: a template that exists there is complete.
    for (const server of (await serversOf(admin)).toReversed())
      await onServer(server, (one) => one.query(`alter database ${draft} rename to ${name}`));
  });
  ready.add(`${admin} ${name}`);
}

/**
 * Ends the connections between the nodes of a cluster and the maintenance process of Citus. While they use a database, it
 * can't be copied or renamed. They come back with the next statement of a client.
 */
export async function endCitusConnections(admin: string, name: string): Promise<void> {
  if (admin !== CLUSTER) return;
  await run(admin, `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${name}'`);
}

/** Removes a template if it exists. */
export const dropTemplate = (admin: string, name: string): Promise<void> =>
  run(admin, `drop database if exists ${name}${admin === CLUSTER ? ' with (force)' : ''}`);

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

/**
 * Creates a database with a random name.
 * @returns its URL
 */
export async function newDatabase(admin: string, template?: string): Promise<string> {
  const name = randomName();
  await createDatabase(admin, name, template);
  return urlOf(admin, name);
}

export const randomName = (): string => `test_${randomBytes(6).toString('hex')}`;

/**
 * Creates a database by copying the template's files instead of logging every page. In memory that takes a fifth of the
 * time. On a cluster it is created on all nodes. Citus finds the nodes and shards of the template in the copy, because it
 * connects to the database of the same name on other nodes.
 */
export const createDatabase = (admin: string, name: string, template = 'template1'): Promise<void> =>
  run(admin, `create database ${name} template ${template} strategy file_copy`);

export async function dropDatabase(admin: string, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  if (admin !== CLUSTER) return run(admin, `drop database ${name}`);
  // The coordinator is first: a maintenance process that is connecting to a database which is being removed doesn't end.
  for (const server of await serversOf(admin)) await onServer(server, (client) => dropByForce(client, name));
}

/**
 * Removes a database that may be in use. A maintenance process that is just connecting doesn't end at once, so PostgreSQL
 * gives up after five seconds. Then the process is connected, and ends.
 */
async function dropByForce(client: pg.Client, name: string, attempts = 3): Promise<void> {
  try {
    await client.query(`drop database ${name} with (force)`);
  } catch (error) {
    if (attempts === 1 || !(error instanceof pg.DatabaseError) || error.code !== OBJECT_IN_USE) throw error;
    await dropByForce(client, name, attempts - 1);
  }
}
const OBJECT_IN_USE = '55006';

export function urlOf(admin: string, database: string): string {
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs a statement on the server, or on all nodes of the cluster. */
async function run(admin: string, text: string): Promise<void> {
  const servers = await serversOf(admin);
  await Promise.all(servers.map((server) => onServer(server, (client) => client.query(text))));
}

async function onServer(admin: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
