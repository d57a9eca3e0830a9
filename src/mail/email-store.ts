import { deleteInBatches, type Executor, ROWS_PER_DELETE, type RowOf, statement } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import { sendJob, sendJobs, withoutJob } from '../jobs/index.ts';
import { hours, later, minutes } from '../kernel/index.ts';
import type { Email } from './email.ts';
import { contentPlace, type Decrypted, decryptAll, NO_CONTENT, toBytes } from './email-content.ts';
import { IS_UNSENT, WITHOUT_CONTENT } from './held-emails.ts';

const insert = statement(
  'mail.insert',
  {},
  `insert into mail (mail_id, recipient, sender_name, reply_to, subject, content, outbox, created_at, next_at,
     language, practice_id, button_label, button_url, encrypted_content)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13)`,
);
const WAITING = {
  mail_id: 'uuid',
  recipient: 'text',
  sender_name: 'text',
  reply_to: 'text?',
  subject: 'text',
  content: 'text?',
  encrypted_content: 'bytea?',
  language: 'text?',
  practice_id: 'int4?',
  button_label: 'text?',
  button_url: 'text?',
  attempts: 'int4',
} as const;
/** SQL condition: the email waits to be sent. */
const UNSENT = `${IS_UNSENT} and held_at is null`;
/**
 * Claims a due email for `CLAIM_DURATION` milliseconds, so that no other process sends it meanwhile. If the process
 * dies, another one can claim the email after that time.
 */
const claim = statement(
  'mail.claim',
  WAITING,
  `update mail set next_at = $3, attempts = attempts + 1 where mail_id = $1 and next_at <= $2 and ${UNSENT}
   returning mail_id, recipient, sender_name, reply_to, subject, content, encrypted_content, language, practice_id,
     button_label, button_url, attempts`,
);
const nextAttempt = statement(
  'mail.next-attempt',
  { next_at: 'timestamptz' },
  `select next_at from mail where mail_id = $1 and ${UNSENT}`,
);
const due = statement(
  'mail.due',
  { mail_id: 'uuid' },
  `select mail_id from mail where next_at <= $1 and ${UNSENT} order by next_at limit $2`,
);
const unqueued = statement(
  'mail.unqueued',
  { mail_id: 'uuid' },
  `select mail_id from mail where ${UNSENT} and ${withoutJob('email', 'mail.mail_id::text')} order by next_at limit 1000`,
);
const updateSent = statement(
  'mail.sent',
  {},
  `update mail set sent_at = $2, fault = null, ${WITHOUT_CONTENT} where mail_id = $1`,
);
const updateNextAttempt = statement('mail.again', {}, 'update mail set next_at = $2, fault = $3 where mail_id = $1');
const updateFailed = statement(
  'mail.give-up',
  {},
  `update mail set failed_at = $2, fault = $3, ${WITHOUT_CONTENT} where mail_id = $1`,
);
const KEPT = {
  mail_id: 'uuid',
  recipient: 'text',
  subject: 'text',
  content: 'text?',
  button_url: 'text?',
  encrypted_content: 'bytea?',
  outbox: 'bool',
  created_at: 'timestamptz',
  sent_at: 'timestamptz?',
  failed_at: 'timestamptz?',
  fault: 'text?',
} as const;
const latest = statement(
  'mail.latest',
  KEPT,
  `select mail_id, recipient, subject, content, button_url, encrypted_content, outbox, created_at, sent_at, failed_at,
     fault
   from mail order by created_at desc, mail_id limit $1`,
);
const OUTBOX = {
  mail_id: 'uuid',
  recipient: 'text',
  subject: 'text',
  content: 'text?',
  button_url: 'text?',
  encrypted_content: 'bytea?',
  created_at: 'timestamptz',
} as const;
const inOutbox = statement(
  'mail.in-outbox',
  OUTBOX,
  `select mail_id, recipient, subject, content, button_url, encrypted_content, created_at from mail
   where mail_id = any($1) and outbox and (content is not null or encrypted_content is not null)
   order by created_at desc, mail_id`,
);
const purge = statement(
  'mail.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from mail where created_at < $1 and mail_id in (
       select mail_id from mail where created_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

export type QueuedEmail = Decrypted<RowOf<typeof WAITING>>;
export type StoredEmail = Decrypted<RowOf<typeof KEPT>>;
export type OutboxEmail = Decrypted<RowOf<typeof OUTBOX>> & { readonly content: string };

export interface NewEmail extends Email {
  readonly mailId: string;
  /** Plain text with the footer. */
  readonly content: string;
  readonly outbox: boolean;
  readonly now: Date;
}

/**
 * Stores an email. The email is either put into the outbox, or a job that sends it is queued in the same transaction.
 */
export async function saveEmail(tx: Executor, encryption: Encryption, mail: NewEmail): Promise<void> {
  const { mailId, to, senderName, replyTo = null, subject, content, outbox, now, language, practiceId = null } = mail;
  const { label = null, url = null } = mail.button ?? {};
  const secret = { content, button_url: url };
  const encrypted = await encryption.encrypt(tx, contentPlace(mailId), toBytes(secret));
  const clear = encrypted === undefined ? secret : NO_CONTENT;
  const message = [mailId, to, senderName, replyTo, subject, clear.content, outbox, now];
  await tx.query(insert, [...message, language, practiceId, label, clear.button_url, encrypted]);
  if (!outbox) await sendJob(tx, 'email', mailId);
}

/** Milliseconds for which only the process that claimed an email may send it. */
const CLAIM_DURATION = minutes(5);

/** Claims an email for this process and counts the attempt to send it. Returns undefined if the email isn't due. */
export async function claimEmail(
  db: Executor,
  encryption: Encryption,
  mailId: string,
  now: Date,
): Promise<QueuedEmail | undefined> {
  const rows = await db.query(claim, [mailId, now, later(now, CLAIM_DURATION)]);
  return (await decryptAll(db, encryption, rows))[0];
}

/** Queues a job that sends an email when it is due. Does nothing if the email was sent or has failed permanently. */
export async function sendWhenDue(db: Executor, mailId: string, now: Date): Promise<void> {
  const [row] = await db.query(nextAttempt, [mailId]);
  if (row !== undefined)
    await sendJob(db, 'email', mailId, { delay: Math.max(0, row.next_at.getTime() - now.getTime()) });
}

/** Lists the ids of at most `limit` emails that are due. */
export const listDueEmails = async (db: Executor, now: Date, limit: number): Promise<readonly string[]> =>
  (await db.query(due, [now, limit])).map(({ mail_id }) => mail_id);

/** Queues jobs for unsent emails that have no job, such as emails that an earlier release left unsent. */
export const queueUnsentEmails = async (db: Executor): Promise<void> =>
  sendJobs(
    db,
    'email',
    (await db.query(unqueued)).map(({ mail_id }) => mail_id),
  );

export async function markEmailSent(db: Executor, mailId: string, now: Date): Promise<void> {
  await db.query(updateSent, [mailId, now]);
}

/**
 * Milliseconds until the next attempt, by number of failed attempts. RFC 5321 §4.5.4.1 recommends retries over four to
 * five days.
 */
const RETRY_DELAYS = [minutes(1), minutes(5), minutes(30), hours(2), hours(6), hours(12), hours(24), hours(48)];

/** Schedules the next attempt to send an email. After the last attempt, marks the email as failed. */
export async function scheduleRetry(tx: Executor, mail: QueuedEmail, now: Date, error: string): Promise<void> {
  const pause = RETRY_DELAYS[mail.attempts - 1];
  if (pause === undefined) return markEmailFailed(tx, mail, now, error);
  await tx.query(updateNextAttempt, [mail.mail_id, later(now, pause), error]);
  await sendJob(tx, 'email', mail.mail_id, { delay: pause });
}

/** Marks an email as permanently failed, and deletes its text. */
export async function markEmailFailed(db: Executor, mail: QueuedEmail, now: Date, error: string): Promise<void> {
  await db.query(updateFailed, [mail.mail_id, now, error]);
}

/** Lists the newest emails. @param limit maximum number of emails */
export const listLatestEmails = async (db: Executor, encryption: Encryption, limit: number): Promise<StoredEmail[]> =>
  decryptAll(db, encryption, await db.query(latest, [limit]));

/** Finds emails in the outbox by their ids, the newest first. Emails that are or were sent are left out. */
export const findOutboxEmails = async (
  db: Executor,
  encryption: Encryption,
  mailIds: readonly string[],
): Promise<readonly OutboxEmail[]> =>
  (await decryptAll(db, encryption, await db.query(inOutbox, [mailIds]))).flatMap((email) =>
    email.content === null ? [] : [{ ...email, content: email.content }],
  );

/** Deletes emails that were created before the given time. */
export async function purgeOldEmails(db: Executor, before: Date): Promise<void> {
  await deleteInBatches(db, purge, [before]);
}
