import pg from 'pg';
import { queryWithLimits } from './cancelable-query.ts';
import { clientClass, type DatabaseConnection, READ_ONLY, type SeparateOptions, separateOptions } from './client.ts';
import { rethrowWithCode } from './lost-connection.ts';
import { openPipeline, type Pipeline } from './pipeline.ts';
import { PreparedQuery } from './prepared-query.ts';
import { type QueryRunner, runOnClient } from './run-query.ts';
import type { Database, Executor, SqlStatement } from './statement.ts';
import { trackStatements } from './statement-tracker.ts';

/** Milliseconds within which a database must accept a connection. After that it counts as unreachable. */
const CONNECT_TIMEOUT = 5000;
/**
 * Milliseconds that a response of PostgreSQL may take after it should have canceled the statement. After that, the host
 * counts as lost: a machine that loses power doesn't close its connections.
 */
const NETWORK_DELAY = 2000;
/**
 * Milliseconds after which the server cancels a read that PostgreSQL should have canceled. A pooler, such as PgBouncer,
 * may ignore the time limit of a connection, so that the longer one of the role applies.
 */
const CANCEL_DELAY = 1000;
/** Idle time in milliseconds after which a dedicated connection is closed. */
const IDLE_TIMEOUT = 60_000;
/**
 * Seconds after which a pooled connection is replaced when it becomes free. A connection keeps the prepared statements of
 * its busiest time. The job queue uses two connections every two seconds, so these never close for being idle.
 */
const MAX_LIFETIME = 300;
/** Milliseconds after which a connection without traffic is checked, so that a lost host is noticed. */
const KEEP_ALIVE = 10_000;
/**
 * Name of the connections in pg_stat_activity. Those of earlier releases are named `patient-access-2`, which doesn't know
 * audit events about several records, and `patient-access`, in which one transaction at a time writes to a practice.
 */
export const APPLICATION_NAME = 'patient-access-3';
/** Names of the connections of earlier releases. */
export const EARLIER_RELEASES = ['patient-access', 'patient-access-2'] as const;
const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;

/**
 * Opens a pool of at most `max` connections. Timestamps are exchanged in UTC, regardless of the time zones of database
 * and process.
 * @param statementTimeout milliseconds after which PostgreSQL cancels a statement
 * @param options.standby true if the database is a standby, without which the server works too
 */
export function openDatabase(
  connection: DatabaseConnection,
  max = 10,
  statementTimeout = 30_000,
  { standby = false }: { readonly standby?: boolean } = {},
): Database {
  const separate = separateOptions(connection);
  // Pool and pipelines share the class, and with it what is known about the hosts.
  const Client = clientClass(separate.connection, standby ? 'standby' : 'read-write');
  // Only if there is another host is it worth a timer for each statement: that one may be up.
  const hasOtherHost = standby || Client !== pg.Client;
  const loseAfter = (timeout: number) => (hasOtherHost ? timeout + NETWORK_DELAY : undefined);
  const pool = openPool({
    ...connectionConfig(separate, statementTimeout),
    query_timeout: loseAfter(statementTimeout),
    maxLifetimeSeconds: MAX_LIFETIME,
    Client,
    max,
  });
  const pipelines: Pipeline[] = [];
  const database: Database = {
    ...executor({ query: (query) => runInPool(pool, query) }),
    withLimits: (bounds) => executor({ query: (query) => queryWithLimits(pool, query, bounds) }),
    dedicatedConnection({ readTimeout, writeTimeout, idleTimeout = IDLE_TIMEOUT } = {}) {
      const timeout = Math.min(readTimeout ?? writeTimeout ?? statementTimeout, statementTimeout);
      const pipeline = openPipeline(connectionConfig(separate, timeout), Client, {
        cancelAfter: readTimeout === undefined && writeTimeout === undefined ? undefined : timeout + CANCEL_DELAY,
        writes: readTimeout === undefined,
        loseAfter: loseAfter(timeout),
        closeAfter: idleTimeout,
      });
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
        // A connection whose rollback failed is not returned to the pool, nor is one to a host that no longer accepts
        // writes.
        broken = (error as { code?: unknown } | undefined)?.code === READ_ONLY;
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
  pools.set(database, pool);
  return database;
}

const connectionConfig = ({ connection, options }: SeparateOptions, statementTimeout: number): pg.ClientConfig => ({
  ...connection,
  types: columnTypes(),
  // The driver sends queries on one connection without waiting for earlier results. PostgreSQL runs them in order.
  pipeline: true,
  application_name: APPLICATION_NAME,
  connectionTimeoutMillis: CONNECT_TIMEOUT,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE,
  options: `${options} -c timezone=UTC -c statement_timeout=${statementTimeout}`.trimStart(),
});

const pools = new WeakMap<Database, pg.Pool>();

/** Connections of a pool. */
export interface ConnectionCounts {
  readonly busy: number;
  readonly idle: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
  readonly most: number;
}

/** Returns the connections of a pool that `openDatabase` opened; undefined for any other database. */
export function countConnections(db: Database): ConnectionCounts | undefined {
  const pool = pools.get(db);
  if (pool === undefined) return undefined;
  const { totalCount, idleCount, waitingCount, options } = pool;
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount, most: options.max };
}

function openPool(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config);
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
  types.setTypeParser(TIMESTAMP, timestampText);
  return types;
}

/** Adds the time zone UTC to PostgreSQL's text of a timestamp without one. */
export const timestampText = (text: string): string => (text.endsWith('infinity') ? text : `${text}+00`);

const ignore = (): void => {};

/**
 * Throws if a COMMIT rolled the transaction back instead. PostgreSQL does that, without reporting an error, after a
 * statement of the transaction has failed.
 */
function requireCommitted({ command }: { readonly command: string }): void {
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement of it had failed');
}

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
