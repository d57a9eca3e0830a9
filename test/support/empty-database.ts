import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { dropDatabase, ensureEmpty, newDatabase } from './databases.ts';

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
  prepare?: (url: string) => Promise<unknown>,
): Promise<EmptyDatabase> {
  const url = prepare === undefined ? await migratedDatabase(admin) : await newDatabase(admin);
  await prepare?.(url);
  const db = openDatabase({ connectionString: url });
  return {
    db,
    async close() {
      await db.close();
      await dropDatabase(admin, url);
    },
  };
}

async function migratedDatabase(admin: string): Promise<string> {
  const templates = inject('templates');
  await ensureEmpty(admin, templates);
  return newDatabase(admin, templates.empty);
}
