import { statement } from '../../database/index.ts';
import { type EncryptedTable, ROWS_AT_ONCE } from '../../encryption/index.ts';
import { privateKeyPlace } from './signing-key-store.ts';

const count = statement(
  'oauth.keys.count-unencrypted',
  { clear: 'int4', outdated: 'int4' },
  `select count(private_jwk)::int as clear,
     (count(*) filter (where substring(encrypted_key from 1 for 5) <> $1))::int as outdated
   from signing_key`,
);
const find = statement(
  'oauth.keys.unencrypted',
  { kid: 'text', private_jwk: 'jsonb?', encrypted_key: 'bytea?' },
  `select kid, private_jwk, encrypted_key from signing_key
   where private_jwk is not null or substring(encrypted_key from 1 for 5) <> $1
   limit ${ROWS_AT_ONCE} for update skip locked`,
);
const update = statement(
  'oauth.keys.encrypt',
  {},
  'update signing_key set private_jwk = null, encrypted_key = $2 where kid = $1',
);

/** The private parts of the keys that sign id_tokens. */
export const encryptedSigningKeys: EncryptedTable = {
  name: 'signing_key',
  countUnencrypted: async (db, prefix) => (await db.query(count, [prefix]))[0] ?? { clear: 0, outdated: 0 },
  async encryptSome(tx, encryption, prefix) {
    const rows = await tx.query(find, [prefix]);
    for (const { kid, private_jwk, encrypted_key } of rows) {
      const place = privateKeyPlace(kid);
      const secret =
        encrypted_key === null
          ? Buffer.from(JSON.stringify(private_jwk))
          : await encryption.decrypt(tx, place, encrypted_key);
      await tx.query(update, [kid, await encryption.encrypt(tx, place, secret)]);
    }
    return rows.length;
  },
};
