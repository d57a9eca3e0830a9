import type { Config } from './config/index.ts';
import {
  type Connection,
  type Database,
  databaseFault,
  defaultDataDir,
  migrate,
  openDatabase,
  startEmbedded,
} from './database/index.ts';
import { OperatorFault } from './kernel/index.ts';
import { ensurePractices } from './practices/index.ts';

/** An open database with the current schema, and a function that closes it. */
export interface Installation {
  readonly db: Database;
  readonly connection: Connection;
  /** Data folder of the embedded database; undefined for an external database. */
  readonly dataDir: string | undefined;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** True for the server: only one may use a data folder at a time. A command may run beside it. */
  readonly serving: boolean;
  /** Called when the embedded database was lost and can't be restarted. */
  readonly onLost?: (reason: unknown) => void;
}

/**
 * Opens the configured external database or the embedded one, and migrates its schema. Throws
 * `OperatorError` if the external database can't be used.
 */
export async function openInstallation(config: Config, options: OpenOptions): Promise<Installation> {
  const opened =
    config.databaseUrl === undefined ? await openEmbedded(config, options) : await external(config.databaseUrl);
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

interface Opened {
  readonly connection: Connection;
  readonly dataDir: string | undefined;
  stop(): Promise<void>;
}

async function openEmbedded(config: Config, options: OpenOptions): Promise<Opened> {
  const dataDir = config.dataDir ?? defaultDataDir(config.checkout);
  const embedded = await startEmbedded({ ...options, dataDir });
  return { connection: embedded.connection, dataDir, stop: () => embedded.stop() };
}

/** Checks an external database before anything is started, so that its problems are reported first. */
async function external(connectionString: string): Promise<Opened> {
  const problem = await databaseFault({ connectionString });
  if (problem !== undefined) throw new OperatorFault(`The database of DATABASE_URL can't be used: ${problem}`);
  return { connection: { connectionString }, dataDir: undefined, stop: async () => {} };
}
