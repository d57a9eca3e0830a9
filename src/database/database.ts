import pg from 'pg';
import type { Database, Executor, Statement } from './statement.ts';
import { underWay } from './under-way.ts';
import { queryWithin } from './within.ts';

export interface Connection {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/** Milliseconds. A database that does not answer in time is one that can't be reached. */
const CONNECT_WITHIN = 5000;
const ANSWER_WITHIN = 30_000;
const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;

/** A pool of at most `max` connections. Instants cross as UTC whatever the zone of server and process. */
export function openDatabase(connection: Connection, max = 10): Database {
  const pool = openPool(connection, max);
  const others: pg.Pool[] = [];
  return {
    ...executor(pool),
    within: (bounds) => executor({ query: (config) => queryWithin(pool, config, bounds) }),
    apart() {
      const other = openPool(connection, 1);
      others.push(other);
      return executor(other);
    },
    async transaction(work) {
      const client = await pool.connect().catch(asLost);
      // Without a listener a connection that is cut here would end the process; the query under way fails by itself.
      client.on('error', ignore);
      let broken = false;
      const statements = underWay();
      try {
        await client.query('begin');
        const result = await work(executor({ query: (config) => statements.run(() => client.query(config)) }));
        await statements.end();
        requireCommitted(await client.query('commit'));
        return result;
      } catch (error) {
        await statements.end();
        // A connection whose rollback fails is not given back.
        await client.query('rollback').catch(() => {
          broken = true;
        });
        return asLost(error);
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

function openPool(connection: Connection, max: number): pg.Pool {
  const pool = new pg.Pool({
    ...connection,
    max,
    types: columnTypes(),
    // What is asked before the last has answered is sent at once, and PostgreSQL runs it in that order.
    pipeline: true,
    application_name: 'patient-access',
    connectionTimeoutMillis: CONNECT_WITHIN,
    options: `-c timezone=UTC -c statement_timeout=${ANSWER_WITHIN}`,
  });
  // A connection that breaks while idle is replaced by the pool; the next query that can't run says so itself.
  pool.on('error', ignore);
  return pool;
}

/** How values arrive: see `ColumnTypes`. */
export function columnTypes(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(DATE, (text: string) => text);
  // To the microsecond, as a timestamptz is printed, which costs PostgreSQL several times as much.
  types.setTypeParser(TIMESTAMP, (text: string) => (text.endsWith('infinity') ? text : `${text}+00`));
  return types;
}

const ignore = (): void => {};

/** A transaction in which a statement failed is rolled back by `commit`, and that is no error to PostgreSQL. */
function requireCommitted({ command }: { readonly command: string }): void {
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back: a statement of it had failed');
}

/** The driver tells of a lost connection in words alone: they get the code that PostgreSQL has for it. */
function asLost(error: unknown): never {
  if (error instanceof Error && !('code' in error) && LOST.test(error.message)) {
    throw Object.assign(error, { code: '08006' });
  }
  throw error;
}

/** `calling end`: this server is stopping, and a request whose client has gone is still under way. */
const LOST =
  /connection terminated|connection error|timeout exceeded when trying to connect|not queryable|calling end on the pool/i;

interface Runner {
  query(config: pg.QueryConfig): Promise<{ rows: unknown[] }>;
}

function executor(runner: Runner): Executor {
  return {
    async query<Row>(statement: Statement<Row>, parameters: readonly unknown[] = []) {
      const query = { name: statement.name, text: statement.text, values: [...parameters] };
      const result = await runner.query(query).catch(asLost);
      return result.rows as Row[];
    },
    async queryText<Row>(text: string, parameters: readonly unknown[], name?: string) {
      const query = { text, values: [...parameters], ...(name === undefined ? {} : { name }) };
      const result = await runner.query(query).catch(asLost);
      return result.rows as Row[];
    },
  };
}
