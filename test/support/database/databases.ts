import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../../src/database/index.ts';

/** Names of the template databases that tests copy. Copying takes a fraction of the time of creating a database. */
export interface Templates {
  /** Template with the schema and no rows. */
  readonly empty: string;
  /** Template with the data of a server at its second start: practices, sandbox and signing keys. */
  readonly filled: string;
}

/** Key of the advisory lock for creating a template. The number is arbitrary. */
const TEMPLATE_LOCK = 727_275;

/** Creates the empty template unless it exists. */
export const ensureEmpty = (admin: string, { empty }: Templates): Promise<void> =>
  ensureTemplate(admin, empty, async (draft) => {
    await createDatabase(admin, draft);
    await migrate({ connectionString: urlOf(admin, draft) });
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
    await client.query(`drop database if exists ${draft}`);
    await make(draft);
    await client.query(`alter database ${draft} rename to ${name}`);
  });
  ready.add(`${admin} ${name}`);
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  return rowCount === 1;
}

/**
 * Creates a database with a random name.
 * @returns its URL
 */
export async function newDatabase(admin: string, template?: string): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await createDatabase(admin, name, template);
  return urlOf(admin, name);
}

/**
 * Creates a database by copying the template's files instead of logging every page. In memory that takes a fifth of the
 * time.
 */
export const createDatabase = (admin: string, name: string, template = 'template1'): Promise<void> =>
  run(admin, `create database ${name} template ${template} strategy file_copy`);

export const dropDatabase = (admin: string, url: string): Promise<void> =>
  run(admin, `drop database ${new URL(url).pathname.slice(1)}`);

export function urlOf(admin: string, database: string): string {
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return url.href;
}

const run = (admin: string, text: string): Promise<void> =>
  onServer(admin, async (client) => void (await client.query(text)));

async function onServer(admin: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
