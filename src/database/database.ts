import pg from 'pg';
import type { Database, Executor, Statement } from './statement.ts';

export interface Connection {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

const INT8 = 20;
const DATE = 1082;

/** A pool of at most `max` connections. Instants cross as UTC whatever the zone of server and process. */
export function openDatabase(connection: Connection, max = 10): Database {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  types.setTypeParser(DATE, (text: string) => text);
  const pool = new pg.Pool({
    ...connection,
    max,
    types,
    application_name: 'patient-access',
    options: '-c timezone=UTC',
  });
  // A connection that breaks while idle is replaced by the pool; the next query that can't run says so itself.
  pool.on('error', () => {});
  return {
    ...executor(pool),
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const result = await work(executor(client));
        await client.query('commit');
        client.release();
        return result;
      } catch (error) {
        // A connection whose rollback fails is not given back.
        await client.query('rollback').then(
          () => client.release(),
          () => client.release(true),
        );
        throw error;
      }
    },
    close: () => pool.end(),
  };
}

interface Runner {
  query(config: pg.QueryConfig): Promise<{ rows: unknown[] }>;
}

function executor(runner: Runner): Executor {
  return {
    async query<Row>(statement: Statement<Row>, parameters: readonly unknown[] = []) {
      const result = await runner.query({ name: statement.name, text: statement.text, values: [...parameters] });
      return result.rows as Row[];
    },
    async queryText<Row>(text: string, parameters: readonly unknown[], name?: string) {
      const result = await runner.query({ text, values: [...parameters], ...(name === undefined ? {} : { name }) });
      return result.rows as Row[];
    },
  };
}
