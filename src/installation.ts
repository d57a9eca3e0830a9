import type { Config } from './config/index.ts';
import {
  checkDatabase,
  type Database,
  type DatabaseConnection,
  defaultDataDir,
  migrate,
  openDatabase,
  startEmbedded,
} from './database/index.ts';
import { OperatorError } from './kernel/index.ts';
import { ensurePractices } from './practices/index.ts';

/** An open database with the current schema, and a function that closes it. */
export interface Installation {
  readonly db: Database;
  readonly connection: DatabaseConnection;
  /** Data folder of the embedded database; undefined if an external database is used. */
  readonly dataDir: string | undefined;
  close(): Promise<void>;
}

export interface InstallationOptions {
  /**
   * True for the server, of which only one may use a data folder at a time. False for a command, which may run beside
   * the server.
   */
  readonly serving: boolean;
  /** Called if the connection to the embedded database was lost and the database can't be restarted. */
  readonly onLost?: (reason: unknown) => void;
}

/**
 * Opens the external database if one is configured, otherwise the embedded one, and migrates its schema. Throws
 * `OperatorError` if the external database can't be used.
 */
export async function openInstallation(config: Config, options: InstallationOptions): Promise<Installation> {
  const opened =
    config.databaseUrl === undefined ? await openEmbedded(config, options) : await openExternal(config.databaseUrl);
  try {
    await migrate(opened.connection);
    const db = openDatabase(opened.connection);
    await ensurePractices(db, { liveName: config.practiceName, sandbox: config.sandbox });
    return {
      ...opened,
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

interface OpenedDatabase {
  readonly connection: DatabaseConnection;
  readonly dataDir: string | undefined;
  stop(): Promise<void>;
}

async function openEmbedded(config: Config, options: InstallationOptions): Promise<OpenedDatabase> {
  const dataDir = config.dataDir ?? defaultDataDir(config.checkout);
  const embedded = await startEmbedded({ ...options, dataDir });
  return { connection: embedded.connection, dataDir, stop: () => embedded.stop() };
}

/** Checks an external database before anything else starts, so that its problems are reported first. */
async function openExternal(connectionString: string): Promise<OpenedDatabase> {
  const problem = await checkDatabase({ connectionString });
  if (problem !== undefined) throw new OperatorError(`The database in DATABASE_URL can't be used: ${problem}`);
  return { connection: { connectionString }, dataDir: undefined, stop: async () => {} };
}
