import type { Language } from '../i18n/index.ts';
import { isEmailAddress, type PracticeId, Problem } from '../kernel/index.ts';

/** An email to one recipient. It is sent as plain text and as HTML, both made from its text. */
export interface Email {
  /** Id of the email, if the caller refers to it later. */
  readonly mailId?: string | undefined;
  readonly to: string;
  readonly subject: string;
  /** Plain text: paragraphs separated by empty lines, without the footer. */
  readonly text: string;
  readonly language: Language;
  /** Button of the HTML part. The text contains its URL on a line of its own. */
  readonly button?: EmailButton | undefined;
  /**
   * Sender name that the recipient knows, such as the practice's name. The sender address is the same for all emails of
   * the installation.
   */
  readonly senderName: string;
  /** Practice whose color the HTML part has; undefined for the color of the installation. */
  readonly practiceId?: PracticeId | undefined;
  /** Where the recipient can ask questions. The footer contains it. */
  readonly contact?: EmailContact | undefined;
  /** Why the recipient gets the email. The footer contains it. */
  readonly reason: EmailReason;
  /** Email address for replies; undefined if replies go to the sender address. */
  readonly replyTo?: string | undefined;
  /**
   * True if the email concerns a sandbox patient. It is then stored in the outbox and never sent. Anyone can sign in to
   * the sandbox, and could otherwise send email to any address.
   */
  readonly sandbox: boolean;
}

export interface EmailButton {
  /** The action that the link leads to, such as "Choose a new password". */
  readonly label: string;
  /** URL on this server. */
  readonly url: string;
}

export interface EmailContact {
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

/** `account`: the address was entered for an account; `record`: it is in a patient's chart. */
export type EmailReason = 'account' | 'invitation' | 'record';

/**
 * Throws `bad-request` for an invalid address, and for characters that could start another header (RFC 5322 §2.2). Such
 * input is rejected, not cleaned up, because our own code never produces it.
 */
export function requireValidEmail(letter: Email): void {
  const { to, subject, senderName, replyTo } = letter;
  const headers = [to, subject, senderName, replyTo ?? ''];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is rejected
  const broken = headers.some((text) => /[\u0000-\u001f\u007f\u2028\u2029]/.test(text));
  if (broken || !isEmailAddress(to) || (replyTo !== undefined && !isEmailAddress(replyTo))) {
    throw new Problem('bad-request', { status: 400, message: 'This isn’t a valid email address.' });
  }
}
