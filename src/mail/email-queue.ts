import type { Executor } from '../database/index.ts';
import { type Clock, normalizeEmailAddress, type Random } from '../kernel/index.ts';
import { type Email, requireValidEmail } from './email.ts';
import { saveEmail } from './email-store.ts';
import { composeText } from './email-text.ts';

export interface EmailQueue {
  /** Queues an email, which is sent only if the transaction commits. Throws `bad-request` for an invalid address. */
  queueInTransaction(tx: Executor, letter: Email): Promise<void>;
}

export interface ServerEmailQueue extends EmailQueue {
  /** True if a mail server is configured. If not, emails are stored in the outbox and never sent. */
  readonly canSend: boolean;
}

/** Creates the email queue. @param sends whether a mail server is configured */
export function createEmailQueue({
  clock,
  random,
  sends,
}: {
  clock: Clock;
  random: Random;
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
      await saveEmail(tx, { ...letter, to, content, mailId, outbox, now: clock.now() });
    },
  };
}
