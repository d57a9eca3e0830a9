import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Database, migrate, openDatabase } from '../../src/database/index.ts';

export interface EmptyDatabase {
  readonly db: Database;
  close(): Promise<void>;
}

/**
 * A database of its own with the schema and nothing in it.
 * @param admin where databases may be made
 * @param prepare makes its schema: the newest when left out
 */
export async function emptyDatabase(
  admin: string,
  prepare: (url: string) => Promise<unknown> = (connectionString) => migrate({ connectionString }),
): Promise<EmptyDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await run(admin, `create database "${name}"`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  await prepare(url.href);
  const db = openDatabase({ connectionString: url.href });
  return {
    db,
    async close() {
      await db.close();
      await run(admin, `drop database "${name}"`);
    },
  };
}

async function run(admin: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
