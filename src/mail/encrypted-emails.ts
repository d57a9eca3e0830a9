import { statement } from '../database/index.ts';
import { type EncryptedTable, ROWS_AT_ONCE } from '../encryption/index.ts';
import { contentPlace, readContent, toBytes } from './email-content.ts';

/** SQL conditions on a row. `$1` is the prefix of values that are encrypted with the newest data key. */
const IS_CLEAR = 'coalesce(content, button_url) is not null';
const IS_OUTDATED = 'substring(encrypted_content from 1 for 5) <> $1';

const count = statement(
  'mail.count-unencrypted',
  { clear: 'int4', outdated: 'int4' },
  `select (count(*) filter (where ${IS_CLEAR}))::int as clear,
     (count(*) filter (where ${IS_OUTDATED}))::int as outdated
   from mail`,
);
const find = statement(
  'mail.unencrypted',
  { mail_id: 'uuid', content: 'text?', button_url: 'text?', encrypted_content: 'bytea?' },
  `select mail_id, content, button_url, encrypted_content from mail
   where ${IS_CLEAR} or ${IS_OUTDATED} limit ${ROWS_AT_ONCE} for update skip locked`,
);
const update = statement(
  'mail.encrypt',
  {},
  'update mail set content = null, button_url = null, encrypted_content = $2 where mail_id = $1',
);

/** The texts of emails that are waiting or in the outbox. They may have valid one-time links and codes. */
export const encryptedEmails: EncryptedTable = {
  name: 'mail',
  countUnencrypted: async (db, prefix) => (await db.query(count, [prefix]))[0] ?? { clear: 0, outdated: 0 },
  async encryptSome(tx, encryption, prefix) {
    const rows = await tx.query(find, [prefix]);
    for (const row of rows) {
      const secret = toBytes(await readContent(tx, encryption, row));
      await tx.query(update, [row.mail_id, await encryption.encrypt(tx, contentPlace(row.mail_id), secret)]);
    }
    return rows.length;
  },
};
