import pg from 'pg';
import { queryWithLimits } from './cancelable-query.ts';
import type { Database, Executor, SqlStatement } from './statement.ts';
import { trackStatements } from './statement-tracker.ts';

export interface DatabaseConnection {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** Milliseconds. A database that doesn't accept a connection within this time counts as unreachable. */
const CONNECT_TIMEOUT = 5000;
const STATEMENT_TIMEOUT = 30_000;
const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;

/**
 * Opens a pool of at most `max` connections. Timestamps are exchanged in UTC, whatever the time zones of server and
 * process are.
 */
export function openDatabase(connection: DatabaseConnection, max = 10): Database {
  const pool = openPool(connection, max);
  const others: pg.Pool[] = [];
  return {
    ...executor(pool),
    withLimits: (bounds) => executor({ query: (config) => queryWithLimits(pool, config, bounds) }),
    dedicatedConnection() {
      const other = openPool(connection, 1);
      others.push(other);
      return executor(other);
    },
    async transaction(work) {
      const client = await pool.connect().catch(rethrowWithCode);
      // Without a listener, a connection that is cut here would end the process. The running query fails by itself.
      client.on('error', ignore);
      let broken = false;
      const statements = trackStatements();
      try {
        await client.query('begin');
        const result = await work(executor({ query: (config) => statements.run(() => client.query(config)) }));
        await statements.end();
        requireCommitted(await client.query('commit'));
        return result;
      } catch (error) {
        await statements.end();
        // A connection whose rollback failed is not returned to the pool.
        await client.query('rollback').catch(() => {
          broken = true;
        });
        return rethrowWithCode(error);
      } finally {
        client.off('error', ignore);
        client.release(broken);
      }
    },
    async close() {
      await Promise.all([pool, ...others].map((one) => one.end()));
    },
  };
}

function openPool(connection: DatabaseConnection, max: number): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max,
    types: columnTypes(),
    // Queries on one connection are sent without waiting for earlier results; PostgreSQL runs them in order.
    pipeline: true,
    application_name: 'patient-access',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    options: `-c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT}`,
  });
  // The pool replaces a connection that breaks while idle. The next query reports an error if it can't run.
  pool.on('error', ignore);
  return pool;
}

/** Parsers for column values, see `ColumnTypes`. */
export function columnTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(DATE, (text: string) => text);
  // Returns a timestamp as text with microseconds, in the form of a timestamptz. Queries select timestamp because
  // printing timestamptz costs PostgreSQL several times as much.
  types.setTypeParser(TIMESTAMP, (text: string) => (text.endsWith('infinity') ? text : `${text}+00`));
  return types;
}

const ignore = (): void => {};

/**
 * Throws if COMMIT rolled back instead: PostgreSQL does that without an error when a statement of the transaction has
 * failed.
 */
function requireCommitted({ command }: { readonly command: string }): void {
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement of it had failed');
}

/**
 * Adds the SQLSTATE for a lost connection (08006) to the driver's error, which only has a message. Rethrows the error.
 */
function rethrowWithCode(error: unknown): never {
  if (error instanceof Error && !('code' in error) && LOST_CONNECTION.test(error.message)) {
    throw Object.assign(error, { code: '08006' });
  }
  throw error;
}

/**
 * Messages of lost connections. `calling end` occurs while the server stops, for a request whose client has
 * disconnected.
 */
const LOST_CONNECTION =
  /connection terminated|connection error|timeout exceeded when trying to connect|not queryable|calling end on the pool/i;

interface QueryRunner {
  query(config: pg.QueryConfig): Promise<{ rows: unknown[] }>;
}

function executor(runner: QueryRunner): Executor {
  return {
    async query<Row>(statement: SqlStatement<Row>, parameters: readonly unknown[] = []) {
      const query = { name: statement.name, text: statement.text, values: [...parameters] };
      const result = await runner.query(query).catch(rethrowWithCode);
      return result.rows as Row[];
    },
    async queryText<Row>(text: string, parameters: readonly unknown[], name?: string) {
      const query = { text, values: [...parameters], ...(name === undefined ? {} : { name }) };
      // The driver answers a text of several statements with a result for each.
      const results = [await runner.query(query).catch(rethrowWithCode)].flat();
      return results.flatMap(({ rows }) => rows) as Row[];
    },
  };
}
