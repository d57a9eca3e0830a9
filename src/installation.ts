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

/** An open database with the current schema, and what it takes to let go of it. */
export interface Installation {
  readonly db: Database;
  readonly connection: Connection;
  /** Data folder of the embedded database; undefined with a database of the operator's own. */
  readonly dataDir: string | undefined;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** True for the server: one at a time on a data folder; a command works beside it. */
  readonly serving: boolean;
  /** The embedded database was lost and can't be had again. */
  readonly onLost?: (reason: unknown) => void;
}

/** Opens the database that the settings name, or the embedded one, and brings its schema up to date. */
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

/** A database of the operator's own: whatever is wrong with it is said before anything is started. */
async function external(connectionString: string): Promise<Opened> {
  const fault = await databaseFault({ connectionString });
  if (fault !== undefined) throw new OperatorFault(`The database of DATABASE_URL can't be used: ${fault}`);
  return { connection: { connectionString }, dataDir: undefined, stop: async () => {} };
}
