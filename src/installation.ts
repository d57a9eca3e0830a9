import type { Config } from './config/index.ts';
import {
  type Database,
  findMissingRights,
  findRoleName,
  grantRights,
  migrate,
  openDatabase,
} from './database/index.ts';
import { createEncryption, type Encryption, type EncryptionKey, openEncryptionKey } from './encryption/index.ts';
import { OperatorError } from './kernel/index.ts';
import { ensurePractices } from './practices/index.ts';
import { type OpenedDatabase, type StartDatabaseOptions, startDatabase } from './serving/index.ts';

/** An open database with the current schema, and a function that closes it. */
export interface Installation extends Pick<OpenedDatabase, 'connection' | 'owner' | 'dataDir'> {
  readonly db: Database;
  /** The operator's encryption key; undefined if there is none. */
  readonly encryptionKey: EncryptionKey | undefined;
  readonly encryption: Encryption;
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
  let db: Database | undefined;
  try {
    await migrate(opened.owner);
    db = openDatabase(opened.connection, config.database.connections, config.database.statementTimeout);
    if (opened.dataDir === undefined) await ensureRights(db, opened);
    await ensurePractices(db, { liveName: config.practiceName, sandbox: config.sandbox });
    const open = db;
    const encryptionKey = openEncryptionKey(config.encryption, opened.dataDir);
    return {
      connection: opened.connection,
      owner: opened.owner,
      dataDir: opened.dataDir,
      db,
      encryptionKey,
      encryption: createEncryption(encryptionKey),
      async close() {
        await open.close();
        await opened.stop();
      },
    };
  } catch (error) {
    await db?.close();
    await opened.stop();
    throw error;
  }
}

/**
 * Checks that the server's role has all rights. If the role that owns the tables is known, it grants those that are
 * missing, such as those on a new table.
 */
async function ensureRights(db: Database, { connection, owner }: OpenedDatabase): Promise<void> {
  let missing = await findMissingRights(db);
  if (missing.length > 0 && owner.connectionString !== connection.connectionString) {
    await grantRights(owner, await findRoleName(db));
    missing = await findMissingRights(db);
  }
  if (missing.length === 0) return;
  const role = await findRoleName(db);
  const listed = `${missing.slice(0, 5).join(', ')}${missing.length > 5 ? `, and ${missing.length - 5} more` : ''}`;
  throw new OperatorError(
    `The role ${role} of DATABASE_URL lacks rights: ${listed}. ` +
      `Run the command "migrate" with MIGRATION_DATABASE_URL, or run the SQL that "migrate --grants ${role}" prints.`,
  );
}
