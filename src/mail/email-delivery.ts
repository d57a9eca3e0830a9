import { createTransport, type Transporter } from 'nodemailer';
import type { Database } from '../database/index.ts';
import { type Clock, minutes } from '../kernel/index.ts';
import {
  claimEmail,
  listDueEmails,
  markEmailFailed,
  markEmailSent,
  type QueuedEmail,
  scheduleRetry,
  sendWhenDue,
} from './email-store.ts';

export interface EmailDeliveryDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** `smtp://user:password@host:port` or `smtps://…`. */
  readonly smtpUrl: string;
  /** Sender address of all emails. */
  readonly from: string;
  /** Milliseconds for one email, from connecting to the last response. Defaults to two minutes. */
  readonly longest?: number;
}

export interface EmailDelivery {
  /** Sends an email if it is due and unsent: the handler of the queue `email`. */
  send(mailId: string): Promise<void>;
  /** Sends all due emails; resolves when each has been tried once. */
  deliver(): Promise<void>;
  close(): void;
}

/** Emails that `deliver` sends concurrently. */
const CONCURRENCY = 5;
/** Milliseconds that the mail server may be silent. */
const SILENCE_TIMEOUT = 20_000;
/**
 * Milliseconds. A slow server must not hold an email longer than its claim lasts (5 minutes), or another process would
 * send it again.
 */
const SEND_TIMEOUT = minutes(2);

/** Creates the delivery of queued emails to the operator's SMTP server. Safe to run in several processes. */
export function createEmailDelivery({
  db,
  clock,
  smtpUrl,
  from,
  longest = SEND_TIMEOUT,
}: EmailDeliveryDeps): EmailDelivery {
  let closed = false;
  const transport: Transporter = createTransport({
    url: smtpUrl,
    connectionTimeout: SILENCE_TIMEOUT,
    greetingTimeout: SILENCE_TIMEOUT,
    socketTimeout: SILENCE_TIMEOUT,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  async function transmit(mail: QueuedEmail): Promise<void> {
    try {
      await transport.sendMail({
        from: { name: mail.sender_name, address: from },
        to: { name: '', address: mail.recipient },
        ...(mail.reply_to === null ? {} : { replyTo: mail.reply_to }),
        subject: mail.subject,
        text: mail.content ?? '',
        messageId: `<${mail.mail_id}@${from.split('@')[1]}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.timeout(longest),
      });
    } catch (error) {
      const { responseCode = 0, code = '' } = error as SmtpError;
      const reason = responseCode === 0 ? code || 'no answer' : `${responseCode}`;
      if (isPermanent(error as SmtpError)) return markEmailFailed(db, mail, clock.now(), reason);
      return db.transaction((tx) => scheduleRetry(tx, mail, clock.now(), reason));
    }
    await markEmailSent(db, mail.mail_id, clock.now());
  }

  async function send(mailId: string): Promise<void> {
    const mail = await claimEmail(db, mailId, clock.now());
    if (mail === undefined) return sendWhenDue(db, mailId, clock.now());
    await transmit(mail);
  }

  return {
    send,
    async deliver() {
      while (!closed) {
        const due = await listDueEmails(db, clock.now(), CONCURRENCY);
        if (due.length === 0) return;
        await Promise.all(due.map(send));
      }
    },
    close() {
      closed = true;
      transport.close();
    },
  };
}

/** An SMTP error as nodemailer reports it. */
interface SmtpError {
  readonly responseCode?: number;
  /** The server's response text. */
  readonly response?: string;
  readonly code?: string;
  /** The SMTP command that the server responded to. */
  readonly command?: string;
}

/**
 * Tells whether retrying is pointless. RFC 5321 §4.2.1: a 5yz reply about the recipient or the content is permanent. If
 * the server doesn't accept our mail at all (a rejection at MAIL or AUTH, or status X.7.Z of RFC 3463 §3.8), the
 * operator must fix it, and no email is lost until then.
 */
const isPermanent = ({ responseCode = 0, response = '', command = '' }: SmtpError): boolean =>
  responseCode >= 500 && ['RCPT TO', 'DATA'].includes(command) && !/^5\d\d[ -]5\.7\./.test(response);
