import { type Executor, statement } from '../database/index.ts';
import { type EncryptionKey, listDataKeys } from '../encryption/index.ts';
import { OperatorError } from '../kernel/index.ts';
import type { BackupManifest } from './manifest.ts';

const hasTable = statement(
  'backup.has-data-keys',
  { found: 'bool' },
  `select to_regclass('data_key') is not null as found`,
);

/** Reads the encrypted data keys. A database of an earlier release has none. */
export async function readDataKeys(db: Executor): Promise<BackupManifest['dataKeys']> {
  const [row] = await db.query(hasTable);
  if (row?.found !== true) return [];
  return (await listDataKeys(db)).map(({ keyId, wrapped }) => ({ keyId, wrapped: wrapped.toString('base64') }));
}

/**
 * Checks that the operator's key decrypts the data keys of a backup.
 * @throws OperatorError if it doesn't
 */
export async function requireKey(
  { dataKeys }: Pick<BackupManifest, 'dataKeys'>,
  key: EncryptionKey | undefined,
): Promise<void> {
  const [newest] = dataKeys.slice(-1);
  if (newest !== undefined && key === undefined)
    throw new OperatorError(
      `The backup is encrypted with the key ${newest.keyId}. Set ENCRYPTION_KEY_FILE or ENCRYPTION_KEY_PROGRAM.`,
    );
  for (const { keyId, wrapped } of dataKeys)
    (await key?.unwrap({ keyId, wrapped: Buffer.from(wrapped, 'base64') }))?.fill(0);
}
