import { createClient, type DatabaseConnection } from './client.ts';

/** Oldest supported PostgreSQL version, in the form of `server_version_num`. */
const OLDEST_VERSION = 150_000;

/**
 * Checks whether the server can use a database. Returns the reason in words for the operator if it can't, and
 * `undefined` if it can.
 */
export async function checkDatabase(connection: DatabaseConnection): Promise<string | undefined> {
  const client = createClient(connection, { connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<DatabaseFacts>(SELECT_FACTS);
    return rows[0] === undefined ? undefined : findDatabaseProblem(rows[0]);
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    return `${message || code}.`;
  } finally {
    await client.end().catch(() => {});
  }
}

interface DatabaseFacts {
  readonly version: number;
  readonly encoding: string;
}
const SELECT_FACTS =
  "select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding";

function findDatabaseProblem({ version, encoding }: DatabaseFacts): string | undefined {
  if (version < OLDEST_VERSION) return 'it is older than PostgreSQL 15. Upgrade it.';
  if (encoding !== 'UTF8')
    return `its encoding is ${encoding}. Create a database with: create database … encoding 'UTF8' template template0.`;
  return undefined;
}
