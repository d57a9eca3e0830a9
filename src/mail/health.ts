import { type Executor, statement } from '../database/index.ts';
import { days, hours, later } from '../kernel/index.ts';
import { IS_UNSENT } from './held-emails.ts';
import { smtpOptions } from './smtp-options.ts';

const health = statement(
  'mail.health',
  { late: 'int4', failed: 'int4' },
  `select count(*) filter (where ${IS_UNSENT} and held_at is null and created_at < $1)::int as late,
     count(*) filter (where failed_at > $2)::int as failed from mail`,
);

/**
 * Counts the emails that have been waiting for more than an hour, without those that are held back, and those that failed
 * within the last week.
 */
export async function getEmailHealth(
  db: Executor,
  now: Date,
): Promise<{ readonly late: number; readonly failed: number }> {
  const [row] = await db.query(health, [later(now, -hours(1)), later(now, -days(7))]);
  return row ?? { late: 0, failed: 0 };
}

const delayed = statement(
  'portal.status.oldest-mail',
  { late: 'bool' },
  `select exists(select from mail where created_at < $1 and sent_at is null and failed_at is null and not outbox) as late`,
);

/** Tells whether an email that was created before a time still waits to be sent. */
export async function hasDelayedEmail(db: Executor, before: Date): Promise<boolean> {
  const [row] = await db.query(delayed, [before]);
  return row?.late !== false;
}

/** Milliseconds within which the mail server must respond to the check. */
const CONNECT_TIMEOUT = 10_000;

/** Connects to the mail server and authenticates. @returns the reason why that failed; `undefined` if it succeeded */
export async function checkMailServer(smtpUrl: string): Promise<string | undefined> {
  // The package is imported only where email is sent, so that the server starts faster.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport(smtpOptions(smtpUrl, CONNECT_TIMEOUT));
  try {
    await transport.verify();
    return undefined;
  } catch (error) {
    const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string };
    return [code, responseCode, message].filter((part) => part !== undefined).join(' ');
  } finally {
    transport.close();
  }
}
