import { type Executor, statement } from '../database/index.ts';

/** SQL condition: the email wasn't sent, and isn't one that stays in the outbox. It may be held. */
export const IS_UNSENT = 'sent_at is null and failed_at is null and not outbox';
/** SQL: deletes the text of an email, which may have a valid link. */
export const WITHOUT_CONTENT = 'content = null, button_url = null, encrypted_content = null';

const hold = statement(
  'mail.hold',
  { mail_id: 'uuid' },
  `update mail set held_at = $1 where ${IS_UNSENT} and held_at is null and created_at <= $2 returning mail_id`,
);
const count = statement(
  'mail.held',
  { held: 'int8' },
  `select count(*) as held from mail where ${IS_UNSENT} and held_at is not null`,
);
const release = statement(
  'mail.release',
  { mail_id: 'uuid' },
  `update mail set held_at = null where ${IS_UNSENT} and held_at is not null returning mail_id`,
);
const discard = statement(
  'mail.discard',
  { mail_id: 'uuid' },
  `update mail set failed_at = $1, fault = 'discarded after a restore', ${WITHOUT_CONTENT}
   where ${IS_UNSENT} and held_at is not null returning mail_id`,
);

/**
 * Holds back the emails that waited when the database was backed up. They may have been sent since, and a link that was
 * used may work again.
 * @param until holds only emails that were created by this time
 * @returns their number
 */
export const holdUnsentEmails = async (tx: Executor, now: Date, until: Date): Promise<number> =>
  (await tx.query(hold, [now, until])).length;

/** Counts the emails that are held back. */
export const countHeldEmails = async (db: Executor): Promise<number> => (await db.query(count))[0]?.held ?? 0;

/** Lets held emails be sent. A running server sends them within five minutes. @returns their number */
export const releaseHeldEmails = async (tx: Executor): Promise<number> => (await tx.query(release)).length;

/** Gives up held emails, and deletes their texts. @returns their number */
export const discardHeldEmails = async (tx: Executor, now: Date): Promise<number> =>
  (await tx.query(discard, [now])).length;
