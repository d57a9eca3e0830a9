import { statement } from '../../database/index.ts';
import { type EncryptedTable, ROWS_AT_ONCE } from '../../encryption/index.ts';
import { pendingPlace, readKey, secretPlace } from './authenticator.ts';

/** SQL conditions on a row. `$1` is the prefix of values that are encrypted with the newest data key. */
const IS_CLEAR = 'coalesce(secret, pending) is not null';
const IS_OUTDATED =
  '(substring(encrypted_secret from 1 for 5) <> $1 or substring(encrypted_pending from 1 for 5) <> $1)';

const count = statement(
  'people.totp.count-unencrypted',
  { clear: 'int4', outdated: 'int4' },
  `select (count(*) filter (where ${IS_CLEAR}))::int as clear,
     (count(*) filter (where ${IS_OUTDATED}))::int as outdated
   from totp`,
);
const findRows = statement(
  'people.totp.unencrypted',
  {
    account_id: 'uuid',
    secret: 'bytea?',
    encrypted_secret: 'bytea?',
    pending: 'bytea?',
    encrypted_pending: 'bytea?',
  },
  `select account_id, secret, encrypted_secret, pending, encrypted_pending from totp
   where ${IS_CLEAR} or ${IS_OUTDATED} limit ${ROWS_AT_ONCE} for update skip locked`,
);
const update = statement(
  'people.totp.encrypt',
  {},
  `update totp set secret = null, encrypted_secret = $2, pending = null, encrypted_pending = $3 where account_id = $1`,
);

/** The keys of authenticator apps, and those that are being set up. */
export const encryptedAuthenticators: EncryptedTable = {
  name: 'totp',
  countUnencrypted: async (db, prefix) => (await db.query(count, [prefix]))[0] ?? { clear: 0, outdated: 0 },
  async encryptSome(tx, encryption, prefix) {
    const deps = { db: tx, encryption };
    const rows = await tx.query(findRows, [prefix]);
    for (const row of rows) {
      const id = row.account_id;
      const secret = await readKey(deps, secretPlace(id), { clear: row.secret, encrypted: row.encrypted_secret });
      const pending = await readKey(deps, pendingPlace(id), { clear: row.pending, encrypted: row.encrypted_pending });
      await tx.query(update, [
        id,
        secret && (await encryption.encrypt(tx, secretPlace(id), secret)),
        pending && (await encryption.encrypt(tx, pendingPlace(id), pending)),
      ]);
    }
    return rows.length;
  },
};
