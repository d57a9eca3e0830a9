import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Executor } from '../database/index.ts';
import { OperatorError } from '../kernel/index.ts';
import { seal, unseal } from './aes-gcm.ts';
import { findDataKey, findNewestDataKey, type StoredDataKey, unwrap } from './data-keys.ts';
import type { EncryptionKey } from './encryption-key.ts';

/** Where an encrypted value is stored. It can be decrypted only there, so no value can be moved to another row. */
export interface EncryptedPlace {
  /** Table and column. */
  readonly column: `${string}.${string}`;
  /** Primary key of the row. */
  readonly row: string;
}

export interface Encryption {
  /**
   * Encrypts a secret with the newest data key. Returns undefined if the installation doesn't encrypt; the secret is then
   * stored in clear.
   */
  encrypt(db: Executor, place: EncryptedPlace, secret: Uint8Array): Promise<Buffer | undefined>;
  decrypt(db: Executor, place: EncryptedPlace, encrypted: Buffer): Promise<Buffer>;
  /**
   * Checks that the newest data key can be used.
   * @throws OperatorError if the encryption key isn't available
   */
  requireKey(db: Executor): Promise<void>;
}

const FORMAT = 1;
const PREFIX_BYTES = 5;

/** Returns the bytes with which a value begins that was encrypted with a data key: format and id. */
export function encryptedPrefix(dataKeyId: number): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt8(FORMAT, 0);
  prefix.writeUInt32BE(dataKeyId, 1);
  return prefix;
}

const contextOf = (prefix: Buffer, { column, row }: EncryptedPlace): string =>
  `${prefix.toString('hex')} ${column} ${row}`;

/**
 * Creates the service that encrypts secrets in the database. The process keeps the data keys that it has used, so it needs
 * the encryption key only for the first value of each.
 * @param key undefined if the settings name no encryption key
 */
export function createEncryption(key: EncryptionKey | undefined): Encryption {
  /** Data keys by id, each with its stored form. A database that was restored may have another one with the same id. */
  const opened = new Map<number, { readonly wrapped: Buffer; readonly dataKey: Promise<KeyObject> }>();

  function open(stored: StoredDataKey): Promise<KeyObject> {
    const known = opened.get(stored.id);
    if (known?.wrapped.equals(stored.wrapped)) return known.dataKey;
    const dataKey = unwrapDataKey(key, stored);
    const entry = { wrapped: stored.wrapped, dataKey };
    opened.set(stored.id, entry);
    dataKey.catch(() => {
      if (opened.get(stored.id) === entry) opened.delete(stored.id);
    });
    return dataKey;
  }

  /** Reads a data key from the database, which may differ from the one that this process knows. */
  async function readDataKey(db: Executor, id: number): Promise<KeyObject> {
    const stored = await findDataKey(db, id);
    if (stored === undefined) throw new OperatorError(`The data key ${id} is missing in the table data_key.`);
    return open(stored);
  }

  return {
    async encrypt(db, place, secret) {
      const stored = await findNewestDataKey(db);
      if (stored === undefined) return undefined;
      const prefix = encryptedPrefix(stored.id);
      return Buffer.concat([prefix, seal(await open(stored), secret, contextOf(prefix, place))]);
    },
    async decrypt(db, place, encrypted) {
      const prefix = encrypted.subarray(0, PREFIX_BYTES);
      if (prefix.length < PREFIX_BYTES || prefix.readUInt8(0) !== FORMAT) throw undecryptable(place);
      const id = prefix.readUInt32BE(1);
      const sealed = encrypted.subarray(PREFIX_BYTES);
      const known = opened.get(id)?.dataKey;
      const secret = known && tryUnseal(await known, sealed, contextOf(prefix, place));
      if (secret !== undefined) return secret;
      const again = tryUnseal(await readDataKey(db, id), sealed, contextOf(prefix, place));
      if (again === undefined) throw undecryptable(place);
      return again;
    },
    async requireKey(db) {
      const stored = await findNewestDataKey(db);
      if (stored !== undefined) await open(stored);
    },
  };
}

async function unwrapDataKey(key: EncryptionKey | undefined, stored: StoredDataKey): Promise<KeyObject> {
  if (key === undefined)
    throw new OperatorError(
      `The database is encrypted with the key ${stored.keyId}. Set ENCRYPTION_KEY_FILE or ENCRYPTION_KEY_PROGRAM.`,
    );
  const bytes = await unwrap(key, stored);
  const dataKey = createSecretKey(bytes);
  bytes.fill(0);
  return dataKey;
}

function tryUnseal(dataKey: KeyObject, sealed: Buffer, context: string): Buffer | undefined {
  try {
    return unseal(dataKey, sealed, context);
  } catch {
    return undefined;
  }
}

const undecryptable = ({ column }: EncryptedPlace): OperatorError =>
  new OperatorError(`A value in ${column} can't be decrypted. It was changed, or comes from another row or database.`);
