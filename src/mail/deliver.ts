import { createTransport, type Transporter } from 'nodemailer';
import type { Executor } from '../database/index.ts';
import { type Clock, minutes } from '../kernel/index.ts';
import { claimMail, markSent, stopTrying, tryLater, type WaitingMail } from './store.ts';

export interface DeliveryDeps {
  readonly db: Executor;
  readonly clock: Clock;
  /** `smtp://user:password@host:port` or `smtps://…`. */
  readonly smtpUrl: string;
  /** Address that mail is from. */
  readonly from: string;
  /** Milliseconds for one mail, from the first word to the last. */
  readonly longest?: number;
}

export interface Delivery {
  /** Sends what is due; resolves when it has been tried. */
  deliver(): Promise<void>;
  close(): void;
}

/** Mails that are under way together. */
const AT_ONCE = 5;
/** Milliseconds of silence. */
const PATIENCE = 20_000;
/** A server that says a word now and then must not hold a mail until another process takes it for left over. */
const LONGEST = minutes(2);

/** Hands waiting mail to the operator's mail server. Any number of processes may do so at once. */
export function openDelivery({ db, clock, smtpUrl, from, longest = LONGEST }: DeliveryDeps): Delivery {
  let closed = false;
  const transport: Transporter = createTransport({
    url: smtpUrl,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  async function send(mail: WaitingMail): Promise<void> {
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
      const { responseCode = 0, code = '' } = error as Refusal;
      const fault = responseCode === 0 ? code || 'no answer' : `${responseCode}`;
      if (isForGood(error as Refusal)) return stopTrying(db, mail, clock.now(), fault);
      return tryLater(db, mail, clock.now(), fault);
    }
    await markSent(db, mail.mail_id, clock.now());
  }

  return {
    async deliver() {
      while (!closed) {
        const due = await claimMail(db, clock.now(), AT_ONCE);
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

/** As nodemailer tells of an answer. */
interface Refusal {
  readonly responseCode?: number;
  /** The answer itself. */
  readonly response?: string;
  readonly code?: string;
  /** What it was an answer to. */
  readonly command?: string;
}

/**
 * RFC 5321 §4.2.1: 5yz is for good, where it is about the person or the text. That we may not send at all (at MAIL, at
 * AUTH, or as RFC 3463 §3.8 has it, X.7.Z) is the operator's to mend, and until then no mail is lost.
 */
const isForGood = ({ responseCode = 0, response = '', command = '' }: Refusal): boolean =>
  responseCode >= 500 && ['RCPT TO', 'DATA'].includes(command) && !/^5\d\d[ -]5\.7\./.test(response);
