import pg from 'pg';
import { queryWithLimits } from './cancelable-query.ts';
import { openPipeline, type Pipeline } from './pipeline.ts';
import { PreparedQuery } from './prepared-query.ts';
import { type QueryRunner, runOnClient } from './run-query.ts';
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

/** Milliseconds within which a database must accept a connection. After that it counts as unreachable. */
const CONNECT_TIMEOUT = 5000;
const STATEMENT_TIMEOUT = 30_000;
const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;

/**
 * Opens a pool of at most `max` connections. Timestamps are exchanged in UTC, regardless of the time zones of database
 * and process.
 */
export function openDatabase(connection: DatabaseConnection, max = 10): Database {
  const pool = openPool(connection, max);
  const pipelines: Pipeline[] = [];
  return {
    ...executor({ query: (query) => runInPool(pool, query) }),
    withLimits: (bounds) => executor({ query: (query) => queryWithLimits(pool, query, bounds) }),
    dedicatedConnection({ statementTimeout } = {}) {
      const pipeline = openPipeline(connectionConfig(connection, statementTimeout));
      pipelines.push(pipeline);
      return executor(pipeline);
    },
    async transaction(work) {
      const client = await pool.connect().catch(rethrowWithCode);
      // Without an error listener, a lost connection would end the process. The running query fails by itself.
      client.on('error', ignore);
      let broken = false;
      const statements = trackStatements();
      try {
        await client.query('begin');
        const result = await work(executor({ query: (query) => statements.run(() => runOnClient(client, query)) }));
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
      await Promise.all([pool, ...pipelines].map((one) => one.end()));
    },
  };
}

const connectionConfig = (connection: DatabaseConnection, statementTimeout = STATEMENT_TIMEOUT): pg.ClientConfig => ({
  ...connection,
  types: columnTypes(),
  // The driver sends queries on one connection without waiting for earlier results. PostgreSQL runs them in order.
  pipeline: true,
  application_name: 'patient-access',
  connectionTimeoutMillis: CONNECT_TIMEOUT,
  options: `-c timezone=UTC -c statement_timeout=${statementTimeout}`,
});

function openPool(connection: DatabaseConnection, max: number): pg.Pool {
  const pool = new pg.Pool({ ...connectionConfig(connection), max });
  // The pool replaces a connection that is lost while idle. If that fails, the next query reports an error.
  pool.on('error', ignore);
  return pool;
}

/** Parsers that convert PostgreSQL's column values to the JavaScript types in `ColumnTypes`. */
export function columnTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(DATE, (text: string) => text);
  // Timestamps are returned as text with microseconds, in the format of a timestamptz. Queries select columns of type
  // timestamp instead of timestamptz, because PostgreSQL needs several times as long to format a timestamptz.
  types.setTypeParser(TIMESTAMP, (text: string) => (text.endsWith('infinity') ? text : `${text}+00`));
  return types;
}

const ignore = (): void => {};

/**
 * Throws if a COMMIT rolled the transaction back instead. PostgreSQL does that, without reporting an error, after a
 * statement of the transaction has failed.
 */
function requireCommitted({ command }: { readonly command: string }): void {
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement of it had failed');
}

/**
 * Adds SQLSTATE 08006 (connection failure) to the driver's error for a lost connection, which has only a message. Then
 * throws this error, or any other error unchanged, with a stack trace that leads to the caller.
 */
function rethrowWithCode(error: unknown): never {
  if (error instanceof Error) Error.captureStackTrace(error);
  if (error instanceof Error && !('code' in error) && LOST_CONNECTION.test(error.message)) {
    throw Object.assign(error, { code: '08006' });
  }
  throw error;
}

/**
 * Messages of the driver for lost connections. `calling end` occurs while the server stops, in a request whose client
 * has disconnected.
 */
const LOST_CONNECTION =
  /connection terminated|connection error|timeout exceeded when trying to connect|not queryable|calling end on the pool/i;

/**
 * Runs a statement on a pooled connection. The pool sets the callback of a prepared query, although its type
 * definitions don't say so.
 */
const runInPool = (pool: pg.Pool, query: PreparedQuery | pg.QueryConfig): ReturnType<QueryRunner['query']> =>
  pool.query(query as pg.QueryConfig);

function executor(runner: QueryRunner): Executor {
  const run = async <Row>(query: PreparedQuery | pg.QueryConfig): Promise<Row[]> => {
    // If a text has several statements, the driver returns an array with one result for each.
    const result = await runner.query(query).catch(rethrowWithCode);
    return (Array.isArray(result) ? result.flatMap(({ rows }) => rows) : (result as { rows: unknown[] }).rows) as Row[];
  };
  return {
    query: <Row>({ name, text }: SqlStatement<Row>, parameters: readonly unknown[] = []) =>
      run<Row>(new PreparedQuery(name, text, parameters)),
    queryText: <Row>(text: string, parameters: readonly unknown[], name?: string) =>
      run<Row>(name === undefined ? { text, values: [...parameters] } : new PreparedQuery(name, text, parameters)),
  };
}
