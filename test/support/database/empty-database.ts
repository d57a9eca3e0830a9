import { inject } from 'vitest';
import { type Database, openDatabase } from '../../../src/database/index.ts';
import { dropDatabase, ensureEmpty, newDatabase } from './databases.ts';

export interface EmptyDatabase {
  readonly db: Database;
  close(): Promise<void>;
}

/**
 * Creates a separate database with the schema and no rows.
 * @param admin URL of a server where databases may be created
 * @param prepare creates the schema; by default it is the newest one
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

/**
 * Removes all rows, which takes a tenth of the time of a new database. Sequences continue, so ids aren't reused, and a
 * server can't confuse new records with cached ones.
 */
export async function emptyTables(db: Database): Promise<void> {
  await db.queryText(EMPTY, []);
}

const EMPTY = `do $$
  declare
    used text[] := '{}';
    name text;
    has_rows boolean;
  begin
    for name in select c.oid::regclass::text from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and c.relname <> 'schema_migration' loop
      execute format('select exists (select 1 from %s)', name) into has_rows;
      if has_rows then used := used || name; end if;
    end loop;
    if used <> '{}' then execute 'truncate ' || array_to_string(used, ', ') || ' cascade'; end if;
  end $$`;

async function migratedDatabase(admin: string): Promise<string> {
  const templates = inject('templates');
  await ensureEmpty(admin, templates);
  return newDatabase(admin, templates.empty);
}
