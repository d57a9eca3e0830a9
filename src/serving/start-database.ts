import type { Config } from '../config/index.ts';
import { checkDatabase, type DatabaseConnection, defaultDataDir, startEmbedded } from '../database/index.ts';
import { isDatabaseUnavailable, OperatorError } from '../kernel/index.ts';

export interface StartDatabaseOptions {
  /**
   * True for the server, of which only one may use a data folder at a time. False for a command, which may run beside
   * the server.
   */
  readonly serving: boolean;
  /** Called if the connection to the embedded database was lost and the database can't be restarted. */
  readonly onLost?: (reason: unknown) => void;
  /** Called when the embedded database has been launched, or was found running. It may not be ready yet. */
  readonly onLaunched?: () => void;
}

/** A database that accepts connections, and whose schema may be outdated. */
export interface OpenedDatabase {
  readonly connection: DatabaseConnection;
  /** The same database with the role that owns its tables. It is `connection` itself if there is only one role. */
  readonly owner: DatabaseConnection;
  /** Data folder of the embedded database; undefined if an external database is used. */
  readonly dataDir: string | undefined;
  /** Stops the embedded database if no other program uses it. */
  stop(): Promise<void>;
}

/**
 * Checks the external database if one is configured, otherwise starts the embedded one.
 * @throws OperatorError if the database can't be used
 */
export function startDatabase(config: Config, options: StartDatabaseOptions): Promise<OpenedDatabase> {
  return config.databaseUrl === undefined
    ? openEmbedded(config, options)
    : openExternal(config.databaseUrl, config.migrationDatabaseUrl);
}

/**
 * Connections of a process beside its pool: audit log, three for reads by id and short pages, health check, migrations,
 * and one to spare.
 */
const BESIDE_POOL = 7;

async function openEmbedded(config: Config, options: StartDatabaseOptions): Promise<OpenedDatabase> {
  const dataDir = config.dataDir ?? defaultDataDir(config.checkout);
  const connections = config.workers * (config.database.connections + BESIDE_POOL);
  const embedded = await startEmbedded({ ...options, dataDir, connections, walArchive: config.walArchiveDir });
  const { connection } = embedded;
  return { connection, owner: connection, dataDir, stop: () => embedded.stop() };
}

/** Checks an external database before anything else starts, so that its problems are reported first. */
async function openExternal(url: string, ownerUrl: string | undefined): Promise<OpenedDatabase> {
  const connection = await usableDatabase('DATABASE_URL', url);
  const owner = ownerUrl === undefined ? connection : await usableDatabase('MIGRATION_DATABASE_URL', ownerUrl);
  return { connection, owner, dataDir: undefined, stop: async () => {} };
}

async function usableDatabase(setting: string, connectionString: string): Promise<DatabaseConnection> {
  const problem = await checkDatabase({ connectionString });
  if (problem !== undefined) throw new OperatorError(`The database in ${setting} can't be used: ${problem}`);
  return { connectionString };
}

/**
 * Returns an error that tells the operator why a server has ended, if its database became unavailable while it started
 * or stopped; any other error unchanged. Once it runs, a server answers such requests with 503 instead.
 */
export function toDatabaseLoss(error: unknown): unknown {
  if (!isDatabaseUnavailable(error)) return error;
  const { code, message } = error as { readonly code: string; readonly message: string };
  return new OperatorError(
    `The server stopped, because its database became unavailable (${code}: ${message}). Check PostgreSQL, then start the server again.`,
  );
}
