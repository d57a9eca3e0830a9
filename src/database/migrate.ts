import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Connection } from './database.ts';

const DIR = fileURLToPath(new URL('migrations', import.meta.url));
const TABLE = 'schema_migration';

/** Held while the schema changes. Earlier releases locked another number, which a pooler may still hold for them. */
const LOCK = 727_277;
/** Milliseconds between two attempts. */
const POLL = 100;

/**
 * Brings the schema up to date. Processes that start together take turns. A current schema is only read: no lock is taken.
 * Every lock belongs to a transaction, because PgBouncer in transaction mode would leave a session's lock on a connection
 * that it gives to others.
 * @returns the names of the migrations that this call ran
 */
export async function migrate(connection: Connection): Promise<readonly string[]> {
  const client = new pg.Client({ ...connection });
  client.on('error', () => {});
  await client.connect();
  try {
    const done: string[] = [];
    const names = await migrationNames();
    while (!(await isCurrent(client, names))) done.push(...(await runNext(client)));
    return done;
  } finally {
    await client.end().catch(() => {});
  }
}

async function migrationNames(): Promise<readonly string[]> {
  const files = await readdir(DIR);
  return files.filter((file) => file.endsWith('.sql')).map((file) => path.basename(file, '.sql'));
}

/** A newer release may have run more than we know. */
async function isCurrent(client: pg.Client, names: readonly string[]): Promise<boolean> {
  const { rows: tables } = await client.query<{ there: boolean }>(
    `select to_regclass('${TABLE}') is not null as there`,
  );
  if (tables[0]?.there !== true) return false;
  const { rows } = await client.query<{ name: string }>(`select name from ${TABLE}`);
  const ran = new Set(rows.map(({ name }) => name));
  return names.every((name) => ran.has(name));
}

/**
 * Each migration is a transaction, so that no table stays locked while the next one builds an index. While another process
 * migrates, nothing waits inside a transaction: it would occupy a connection of a pooler, and date its migration too early.
 */
async function runNext(client: pg.Client): Promise<readonly string[]> {
  await client.query('begin');
  try {
    const { rows } = await client.query<{ ours: boolean }>('select pg_try_advisory_xact_lock($1) as ours', [LOCK]);
    const done = rows[0]?.ours === true ? await runOne(client) : undefined;
    await client.query('commit');
    if (done === undefined) await pause(POLL);
    return done ?? [];
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}

async function runOne(client: pg.Client): Promise<readonly string[]> {
  // An index of a large table takes longer than the statement timeout that a role or a pooler may set.
  await client.query('set local statement_timeout = 0');
  // Imported when there is a migration to run, which is seldom: commands start faster without it.
  const { runner } = await import('node-pg-migrate');
  const done = await runner({
    dbClient: withoutTransactions(client),
    dir: DIR,
    direction: 'up',
    count: 1,
    migrationsTable: TABLE,
    checkOrder: true,
    singleTransaction: true,
    noLock: true,
    log: () => {},
  });
  return done.map((migration) => migration.name);
}

/** The runner's own transaction would begin after it has read which migrations ran, which is before it may rely on that. */
function withoutTransactions(client: pg.Client): pg.Client {
  return new Proxy(client, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name);
      return async (text: string, values?: unknown[]) =>
        TRANSACTION.has(text) ? { rows: [] } : target.query(text, values);
    },
  });
}

const TRANSACTION: ReadonlySet<string> = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);
