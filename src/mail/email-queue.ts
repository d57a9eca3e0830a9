import type { Executor } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import { type Clock, normalizeEmailAddress, type Random } from '../kernel/index.ts';
import { type Email, requireValidEmail } from './email.ts';
import { findOutboxEmails, listLatestEmails, type OutboxEmail, type StoredEmail, saveEmail } from './email-store.ts';
import { composeText } from './email-text.ts';

export interface EmailQueue {
  /** Queues an email, which is sent only if the transaction commits. Throws `bad-request` for an invalid address. */
  queueInTransaction(tx: Executor, letter: Email): Promise<void>;
  /** Finds emails in the outbox by their ids, the newest first. Emails that are or were sent are left out. */
  findInOutbox(db: Executor, mailIds: readonly string[]): Promise<readonly OutboxEmail[]>;
}

export interface ServerEmailQueue extends EmailQueue {
  /** True if a mail server is configured. If not, emails are stored in the outbox and never sent. */
  readonly canSend: boolean;
  /** Lists the newest emails. @param limit maximum number of emails */
  listLatest(db: Executor, limit: number): Promise<readonly StoredEmail[]>;
}

/** Creates the email queue. @param sends whether a mail server is configured */
export function createEmailQueue({
  clock,
  random,
  encryption,
  sends,
}: {
  clock: Clock;
  random: Random;
  encryption: Encryption;
  sends: boolean;
}): ServerEmailQueue {
  return {
    canSend: sends,
    async queueInTransaction(tx, letter) {
      requireValidEmail(letter);
      const outbox = !sends || letter.sandbox;
      const to = normalizeEmailAddress(letter.to);
      const content = composeText(letter);
      const { mailId = random.uuid() } = letter;
      await saveEmail(tx, encryption, { ...letter, to, content, mailId, outbox, now: clock.now() });
    },
    findInOutbox: (db, mailIds) => findOutboxEmails(db, encryption, mailIds),
    listLatest: (db, limit) => listLatestEmails(db, encryption, limit),
  };
}
