import type { Transporter } from 'nodemailer';
import type { Database } from '../database/index.ts';
import { DARK, LIGHT } from '../design/index.ts';
import type { Encryption } from '../encryption/index.ts';
import { isLanguage } from '../i18n/index.ts';
import { type Clock, minutes, type PracticeId } from '../kernel/index.ts';
import { findAccentColors } from '../practices/index.ts';
import {
  claimEmail,
  listDueEmails,
  markEmailFailed,
  markEmailSent,
  type QueuedEmail,
  scheduleRetry,
  sendWhenDue,
} from './email-store.ts';
import { renderEmailHtml } from './html/render.ts';
import type { EmailColors } from './html/styles.ts';
import { smtpOptions } from './smtp-options.ts';

export interface EmailDeliveryDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly encryption: Encryption;
  /** Address of the mail server: `smtp://user:password@host:port` or `smtps://…`. */
  readonly smtpUrl: string;
  /** Sender address of all emails. */
  readonly from: string;
  /** URL of this server. Emails link to nothing else. */
  readonly publicUrl: string;
  /**
   * Longest time in milliseconds for sending one email, from connecting to the last response. The default is two
   * minutes.
   */
  readonly longest?: number;
}

export interface EmailDelivery {
  /** Sends a queued email if it is due and not sent yet. It is the handler of the queue `email`. */
  send(mailId: string): Promise<void>;
  /** Sends all due emails. Resolves when each of them has been tried once. */
  deliver(): Promise<void>;
  close(): void;
}

/** Number of emails that `deliver` sends at the same time. */
const CONCURRENCY = 5;
/** Milliseconds without a response after which the connection to the mail server is closed. */
const SILENCE_TIMEOUT = 20_000;
/**
 * Longest time in milliseconds for sending one email. A process claims an email for 5 minutes. If a slow mail server
 * held the email longer, another process would send it again.
 */
const SEND_TIMEOUT = minutes(2);

/**
 * Creates the service that sends queued emails to the operator's SMTP server. Several processes may run it at the same
 * time.
 */
export function createEmailDelivery({
  db,
  clock,
  encryption,
  smtpUrl,
  from,
  publicUrl,
  longest = SEND_TIMEOUT,
}: EmailDeliveryDeps): EmailDelivery {
  let closed = false;
  let transport: Promise<Transporter> | undefined;

  /** Imports the package with the first email, so that the server starts faster. */
  async function createTransporter(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport(smtpOptions(smtpUrl, SILENCE_TIMEOUT));
  }

  /** Renders the HTML part. Emails that an earlier release queued have none. */
  async function renderHtmlPart(mail: QueuedEmail): Promise<{ readonly html?: string }> {
    const {
      subject,
      content,
      language,
      sender_name: senderName,
      practice_id,
      button_label: label,
      button_url: url,
    } = mail;
    if (content === null || language === null || !isLanguage(language)) return {};
    const button = label === null || url === null ? undefined : { label, url };
    const colors = await findColors(practice_id);
    return { html: renderEmailHtml({ subject, content, language, senderName, button, colors, publicUrl }) };
  }

  const findColors = async (practiceId: number | null): Promise<EmailColors> =>
    (practiceId === null ? undefined : await findAccentColors(db, practiceId as PracticeId)) ?? {
      light: LIGHT,
      dark: DARK,
    };

  async function transmit(mail: QueuedEmail): Promise<void> {
    const htmlPart = await renderHtmlPart(mail);
    transport ??= createTransporter();
    const smtp = await transport;
    try {
      await smtp.sendMail({
        from: { name: mail.sender_name, address: from },
        to: { name: '', address: mail.recipient },
        ...(mail.reply_to === null ? {} : { replyTo: mail.reply_to }),
        subject: mail.subject,
        text: mail.content ?? '',
        ...htmlPart,
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
    const mail = await claimEmail(db, encryption, mailId, clock.now());
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
      void transport?.then((one) => one.close());
    },
  };
}

/** Members of an SMTP error from the library nodemailer. */
interface SmtpError {
  readonly responseCode?: number;
  /** Text of the mail server's response. */
  readonly response?: string;
  readonly code?: string;
  /** SMTP command that the mail server responded to. */
  readonly command?: string;
}

/**
 * Tells whether a retry is pointless. RFC 5321 §4.2.1: a 5yz reply about the recipient or the content is permanent. If
 * the mail server rejects all of our email (at MAIL or AUTH, or with status X.7.Z of RFC 3463 §3.8), the operator must
 * fix that. Until then emails are retried, so that none is lost.
 */
const isPermanent = ({ responseCode = 0, response = '', command = '' }: SmtpError): boolean =>
  responseCode >= 500 && ['RCPT TO', 'DATA'].includes(command) && !/^5\d\d[ -]5\.7\./.test(response);
