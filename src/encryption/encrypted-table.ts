import type { Database, Executor } from '../database/index.ts';
import { findNewestDataKey } from './data-keys.ts';
import { type Encryption, encryptedPrefix } from './encryption.ts';

/** Numbers of rows that aren't encrypted with the newest data key. */
export interface UnencryptedRows {
  readonly clear: number;
  /** Rows that are encrypted with an earlier data key. */
  readonly outdated: number;
}

/** A table with encrypted values. The module that owns the table exports it. */
export interface EncryptedTable {
  readonly name: string;
  /** @param prefix with which values begin that are encrypted with the newest data key */
  countUnencrypted(db: Executor, prefix: Buffer): Promise<UnencryptedRows>;
  /**
   * Encrypts some rows that are in clear or encrypted with an earlier data key. Leaves out rows that another transaction
   * is changing.
   * @returns the number of rows; 0 if none is left
   */
  encryptSome(tx: Executor, encryption: Encryption, prefix: Buffer): Promise<number>;
}

/** Rows that one transaction encrypts, so that people who sign in meanwhile don't have to wait. */
export const ROWS_AT_ONCE = 100;

/**
 * Encrypts all rows that are in clear or encrypted with an earlier data key. It can be interrupted and started again, and
 * several processes can do it at the same time.
 * @returns the number of rows by table
 */
export async function encryptRows(
  db: Database,
  encryption: Encryption,
  tables: readonly EncryptedTable[],
): Promise<Readonly<Record<string, number>>> {
  const done: Record<string, number> = {};
  for (const table of tables) {
    let [count, some] = [0, 0];
    do {
      some = await db.transaction(async (tx) => table.encryptSome(tx, encryption, await newestPrefix(tx)));
      count += some;
    } while (some > 0);
    done[table.name] = count;
  }
  return done;
}

/** Counts the rows of all tables that aren't encrypted with the newest data key. */
export async function countUnencryptedRows(db: Executor, tables: readonly EncryptedTable[]): Promise<UnencryptedRows> {
  const prefix = await newestPrefix(db);
  let [clear, outdated] = [0, 0];
  for (const table of tables) {
    const counts = await table.countUnencrypted(db, prefix);
    clear += counts.clear;
    outdated += counts.outdated;
  }
  return { clear, outdated };
}

/** Returns the prefix of the newest data key. Without one, no value begins with what is returned. */
const newestPrefix = async (db: Executor): Promise<Buffer> => encryptedPrefix((await findNewestDataKey(db))?.id ?? 0);
