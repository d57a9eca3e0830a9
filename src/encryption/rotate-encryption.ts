import type { Database } from '../database/index.ts';
import { days, later } from '../kernel/index.ts';
import { addDataKey, listDataKeys, removeSupersededDataKeys, rewrapDataKey } from './data-keys.ts';
import { countUnencryptedRows, type EncryptedTable, encryptRows } from './encrypted-table.ts';
import type { Encryption } from './encryption.ts';
import type { EncryptionKey } from './encryption-key.ts';

/**
 * Milliseconds for which a data key stays after it got a successor. A process may still store a value that it encrypted
 * just before, so no statement may take as long.
 */
const KEPT_AFTER_ROTATION = days(1);

export interface EncryptionRotation {
  /** Id of the encryption key, with which all data keys are encrypted now. */
  readonly keyId: string;
  /** Number of earlier data keys that were encrypted with another encryption key. */
  readonly rewrapped: number;
  /** Number of rows that were encrypted, by table. */
  readonly encrypted: Readonly<Record<string, number>>;
  /** Number of earlier data keys that were deleted. */
  readonly removed: number;
}

/**
 * Creates a data key and encrypts all secrets with it, also those that are in clear. All data keys are encrypted with the
 * current encryption key, so earlier ones aren't needed any more. Servers may run meanwhile: they find the new data key in
 * the database.
 */
export async function rotateEncryption(
  db: Database,
  { key, encryption, tables, now }: RotationOptions,
): Promise<EncryptionRotation> {
  const keyId = await key.currentKeyId();
  const earlier = await listDataKeys(db);
  let rewrapped = 0;
  for (const stored of earlier) if (stored.keyId !== keyId && (await rewrapDataKey(db, key, stored))) rewrapped += 1;
  await addDataKey(db, key, earlier.at(-1)?.id ?? 0);
  const encrypted = await encryptRows(db, encryption, tables);
  const { outdated } = await countUnencryptedRows(db, tables);
  const removed = outdated > 0 ? 0 : await removeSupersededDataKeys(db, later(now, -KEPT_AFTER_ROTATION));
  return { keyId, rewrapped, encrypted, removed };
}

interface RotationOptions {
  readonly key: EncryptionKey;
  readonly encryption: Encryption;
  readonly tables: readonly EncryptedTable[];
  readonly now: Date;
}
