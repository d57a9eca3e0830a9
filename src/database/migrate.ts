import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { OperatorError } from '../kernel/index.ts';
import { createClient, type DatabaseConnection } from './client.ts';
import { rethrowWithCode } from './lost-connection.ts';
import { findMigrationProblem } from './migration-rights.ts';
import { splitStatements } from './split-statements.ts';

const DIR = fileURLToPath(new URL('migrations', import.meta.url));
const TABLE = 'schema_migration';

/**
 * Number of the advisory lock that is held while the schema changes. Earlier releases used another number, and a
 * connection pooler may still hold that lock for them.
 */
const LOCK = 727_277;
/** SQLSTATE insufficient_privilege. */
const INSUFFICIENT_PRIVILEGE = '42501';
/** Milliseconds between two checks whether another process has finished its migration. */
const POLL = 100;

/**
 * Brings the database schema up to date. Processes that start at the same time take turns. If the schema is current, it
 * is only read, and no lock is taken. All locks are transaction-level: with PgBouncer in transaction mode, a
 * session-level lock would stay on a connection that other clients use.
 * @returns the names of the migrations that this call ran
 * @throws OperatorError if migrations are pending that the role of the connection may not run
 */
export async function migrate(connection: DatabaseConnection): Promise<readonly string[]> {
  const client = createClient(connection);
  client.on('error', () => {});
  try {
    await client.connect();
    const done: string[] = [];
    const names = await migrationNames();
    if (await isCurrent(client, names)) return done;
    const problem = await findMigrationProblem(client);
    if (problem !== undefined) throw new OperatorError(`The database schema can't be updated: ${problem}`);
    do done.push(...(await runNext(client)));
    while (!(await isCurrent(client, names)));
    return done;
  } catch (error) {
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    if (code === INSUFFICIENT_PRIVILEGE)
      throw new OperatorError(`The database schema can't be updated: ${message}. Use the role that owns the tables.`);
    if (/^operation is not allowed on this node/.test(message ?? ''))
      throw new OperatorError('The database is a worker of a Citus cluster. Set DATABASE_URL to the coordinator.');
    return rethrowWithCode(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Returns the names of all migrations of this release. */
export async function migrationNames(): Promise<readonly string[]> {
  const files = await readdir(DIR);
  return files.filter((file) => file.endsWith('.sql')).map((file) => path.basename(file, '.sql'));
}

/** Tells whether all migrations of this release have run. A newer release may have run further ones. */
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
 * Runs the next migration if no other process is running one. Each migration is its own transaction, so that no table
 * stays locked while the next migration builds an index. Waiting for another process happens outside of the
 * transaction. Inside, the wait would occupy a connection of a pooler, and the migration would be recorded with the
 * time at which the wait began.
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
  // The statement timeout is turned off, because indexing a large table can take longer than the timeout of a database
  // role or a pooler.
  await client.query('set local statement_timeout = 0');
  // With Citus, a transaction can change both distributed tables and other objects only over one connection to each
  // worker. Without Citus, the setting has no effect.
  await client.query("set local citus.multi_shard_modify_mode = 'sequential'");
  // The migration runner is imported only if there is a migration to run, which is rare, so that commands start faster.
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

/**
 * Returns a client that ignores the migration runner's transaction commands, and sends the statements of a migration one
 * at a time. The runner reads the list of completed migrations before it begins its transaction; the caller's
 * transaction covers both.
 */
function withoutTransactions(client: pg.Client): pg.Client {
  return new Proxy(client, {
    get(target, name) {
      if (name !== 'query') return Reflect.get(target, name);
      return async (text: string, values?: unknown[]) => {
        if (TRANSACTION.has(text)) return { rows: [] };
        if (values !== undefined) return target.query(text, values);
        let last = { rows: [] as unknown[] };
        for (const statement of splitStatements(text)) last = await target.query(statement);
        return last;
      };
    },
  });
}

const TRANSACTION: ReadonlySet<string> = new Set(['BEGIN', 'COMMIT', 'ROLLBACK']);
