import pg from 'pg';
import type { Connection } from './database.ts';

/** Oldest supported PostgreSQL, as in `server_version_num`. */
const OLDEST = 150_000;

/** Checks whether a database can be used. Returns the reason as an operator-readable text, or `undefined` if it can. */
export async function databaseFault(connection: Connection): Promise<string | undefined> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<Facts>(FACTS);
    return rows[0] === undefined ? undefined : faultOf(rows[0]);
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    return `${message || code}.`;
  } finally {
    await client.end().catch(() => {});
  }
}

interface Facts {
  readonly version: number;
  readonly encoding: string;
  readonly may_create: boolean;
}
const FACTS = `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
  has_schema_privilege(current_user, 'public', 'create') as may_create`;

function faultOf({ version, encoding, may_create }: Facts): string | undefined {
  if (version < OLDEST) return 'it is older than PostgreSQL 15.';
  if (encoding !== 'UTF8')
    return `its encoding is ${encoding}. Make one with: create database … encoding 'UTF8' template template0.`;
  return may_create ? undefined : 'its user may not create tables in the schema public. Make the user its owner.';
}
