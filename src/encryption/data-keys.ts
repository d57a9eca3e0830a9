import { type Executor, type RowOf, statement } from '../database/index.ts';
import { constantTimeEqual, OperatorError, systemRandom } from '../kernel/index.ts';
import { KEY_BYTES } from './aes-gcm.ts';
import type { EncryptionKey, WrappedKey } from './encryption-key.ts';

const COLUMNS = { data_key_id: 'int4', wrapped: 'bytea', wrapped_by: 'text' } as const;
const SELECT = 'select data_key_id, wrapped, wrapped_by from data_key';

const newest = statement('encryption.data-key.newest', COLUMNS, `${SELECT} order by data_key_id desc limit 1`);
const byId = statement('encryption.data-key.by-id', COLUMNS, `${SELECT} where data_key_id = $1`);
const all = statement('encryption.data-key.list', COLUMNS, `${SELECT} order by data_key_id`);
const insert = statement(
  'encryption.data-key.insert',
  { data_key_id: 'int4' },
  `insert into data_key (data_key_id, wrapped, wrapped_by, created_at) values ($1, $2, $3, now())
   on conflict do nothing returning data_key_id`,
);
const updateWrapping = statement(
  'encryption.data-key.rewrap',
  { data_key_id: 'int4' },
  `update data_key set wrapped = $3, wrapped_by = $4 where data_key_id = $1 and wrapped = $2 returning data_key_id`,
);
const removeSuperseded = statement(
  'encryption.data-key.remove-superseded',
  { data_key_id: 'int4' },
  `delete from data_key old where exists (
     select from data_key next where next.data_key_id > old.data_key_id and next.created_at < $1)
   returning data_key_id`,
);

/** A data key as it is stored. */
export interface StoredDataKey extends WrappedKey {
  readonly id: number;
}

const toDataKey = (row: RowOf<typeof COLUMNS>): StoredDataKey => ({
  id: row.data_key_id,
  keyId: row.wrapped_by,
  wrapped: row.wrapped,
});

/** Finds the data key that encrypts new values. It is undefined if the installation doesn't encrypt. */
export async function findNewestDataKey(db: Executor): Promise<StoredDataKey | undefined> {
  const [row] = await db.query(newest);
  return row && toDataKey(row);
}

export async function findDataKey(db: Executor, id: number): Promise<StoredDataKey | undefined> {
  const [row] = await db.query(byId, [id]);
  return row && toDataKey(row);
}

/** Lists all data keys, the newest last. */
export const listDataKeys = async (db: Executor): Promise<readonly StoredDataKey[]> =>
  (await db.query(all)).map(toDataKey);

/**
 * Adds a data key. From then on, all processes encrypt with it.
 * @param after id of the newest data key that the caller knows; 0 if there is none. If another process has added one
 * meanwhile, that one is enough
 */
export async function addDataKey(db: Executor, key: EncryptionKey, after: number): Promise<void> {
  const dataKey = systemRandom.bytes(KEY_BYTES);
  const { keyId, wrapped } = await wrap(key, dataKey);
  dataKey.fill(0);
  await db.query(insert, [after + 1, wrapped, keyId]);
}

/** Decrypts a data key. Throws `OperatorError` if the encryption key isn't available, or doesn't return a data key. */
export async function unwrap(key: EncryptionKey, stored: WrappedKey): Promise<Buffer> {
  const dataKey = await key.unwrap(stored);
  if (dataKey.length !== KEY_BYTES)
    throw new OperatorError(`The key ${stored.keyId} returned ${dataKey.length} bytes instead of ${KEY_BYTES}.`);
  return dataKey;
}

/** Encrypts a data key, and checks that it can be decrypted. Otherwise a faulty program would lose all secrets. */
async function wrap(key: EncryptionKey, dataKey: Buffer): Promise<WrappedKey> {
  const wrapped = await key.wrap(dataKey);
  const again = await unwrap(key, wrapped);
  if (!constantTimeEqual(again, dataKey))
    throw new OperatorError(`The key ${wrapped.keyId} doesn't decrypt what it encrypted.`);
  again.fill(0);
  return wrapped;
}

/**
 * Encrypts a data key with the current encryption key. The data key itself stays the same, so processes that know it
 * notice nothing.
 * @returns false if another process changed it meanwhile
 */
export async function rewrapDataKey(db: Executor, key: EncryptionKey, stored: StoredDataKey): Promise<boolean> {
  const dataKey = await unwrap(key, stored);
  const { keyId, wrapped } = await wrap(key, dataKey);
  dataKey.fill(0);
  return (await db.query(updateWrapping, [stored.id, stored.wrapped, wrapped, keyId])).length > 0;
}

/**
 * Deletes the data keys that have a successor from before the given time. No row may use them any more.
 * @returns their number
 */
export const removeSupersededDataKeys = async (db: Executor, before: Date): Promise<number> =>
  (await db.query(removeSuperseded, [before])).length;
