import type { Config } from './config/index.ts';
import { type Database, migrate, openDatabase } from './database/index.ts';
import { ensurePractices } from './practices/index.ts';
import { type OpenedDatabase, type StartDatabaseOptions, startDatabase } from './serving/index.ts';

/** An open database with the current schema, and a function that closes it. */
export interface Installation extends Pick<OpenedDatabase, 'connection' | 'dataDir'> {
  readonly db: Database;
  close(): Promise<void>;
}

/**
 * Opens the external database if one is configured, otherwise the embedded one, and migrates its schema. Throws
 * `OperatorError` if the database can't be used.
 */
export async function openInstallation(config: Config, options: StartDatabaseOptions): Promise<Installation> {
  return prepareInstallation(await startDatabase(config, options), config);
}

/** Migrates the schema of a database and opens its connection pool. Stops the database if that fails. */
export async function prepareInstallation(opened: OpenedDatabase, config: Config): Promise<Installation> {
  try {
    await migrate(opened.connection);
    const db = openDatabase(opened.connection);
    await ensurePractices(db, { liveName: config.practiceName, sandbox: config.sandbox });
    return {
      connection: opened.connection,
      dataDir: opened.dataDir,
      db,
      async close() {
        await db.close();
        await opened.stop();
      },
    };
  } catch (error) {
    await opened.stop();
    throw error;
  }
}
