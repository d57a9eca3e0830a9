import { existsSync } from 'node:fs';
import type { Database } from '../database/index.ts';
import { OperatorError } from '../kernel/index.ts';
import { addDataKey, findNewestDataKey } from './data-keys.ts';
import { countUnencryptedRows, type EncryptedTable, encryptRows } from './encrypted-table.ts';
import type { Encryption } from './encryption.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { createKeyFile } from './key-file.ts';

export interface StartOptions {
  readonly key: EncryptionKey | undefined;
  readonly encryption: Encryption;
  readonly tables: readonly EncryptedTable[];
  /** File of the embedded database's own key, which is created if it is missing; undefined if the settings name a key. */
  readonly ownKeyFile: string | undefined;
  /**
   * Whether no process of an earlier release can use the database. Such a process couldn't read what is encrypted.
   */
  readonly isOnlyRelease: boolean;
  /** Whether a new installation may store secrets in clear. */
  readonly mayStartInClear: boolean;
}

/** `encrypts`: secrets are encrypted. `waits`: there is a key, but `rotate-encryption` has to run first. */
export type EncryptionState = 'encrypts' | 'waits' | 'in-clear';

/**
 * Starts to encrypt secrets if that is possible, and encrypts those that are still in clear. A new installation encrypts
 * from the beginning. An installation of an earlier release goes on in clear until the operator runs `rotate-encryption`,
 * because servers of that release may still run.
 * @throws OperatorError if secrets are encrypted and the key is missing, or if a new installation needs a key
 */
export async function startEncryption(db: Database, options: StartOptions): Promise<EncryptionState> {
  const { key, encryption, tables, ownKeyFile } = options;
  if ((await findNewestDataKey(db)) === undefined) {
    const { clear } = await countUnencryptedRows(db, tables);
    if (key === undefined) {
      if (clear === 0 && !options.mayStartInClear) throw new OperatorError(KEY_NEEDED);
      return 'in-clear';
    }
    if (clear > 0 && !options.isOnlyRelease) return 'waits';
    if (ownKeyFile !== undefined && !existsSync(ownKeyFile)) await createKeyFile(ownKeyFile);
    await addDataKey(db, key, 0);
  }
  await encryption.requireKey(db);
  await encryptRows(db, encryption, tables);
  return 'encrypts';
}

const KEY_NEEDED =
  'This installation needs an encryption key for signing keys, authenticator secrets and emails. Create one with ' +
  '"patient-access keys create-encryption FILE", and set ENCRYPTION_KEY_FILE to the file. All servers need the ' +
  'same key. Keep a copy of it apart from the backups of the database.';
