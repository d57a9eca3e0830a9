import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { Connection } from './database.ts';

/** Brings the schema up to date, one process at a time: others wait for it. Answers with the names of what it ran. */
export async function migrate(connection: Connection): Promise<readonly string[]> {
  const done = await runner({
    databaseUrl: connection.connectionString ?? { ...connection },
    dir: fileURLToPath(new URL('migrations', import.meta.url)),
    direction: 'up',
    migrationsTable: 'schema_migration',
    checkOrder: true,
    advisoryLockMode: 'wait',
    log: () => {},
  });
  return done.map((migration) => migration.name);
}
