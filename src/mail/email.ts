import { isEmailAddress, Problem } from '../kernel/index.ts';

/** A plain-text email to one recipient. */
export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /**
   * Sender name that the recipient knows, such as the practice's name. The sender address is the same for all emails of
   * the installation.
   */
  readonly senderName: string;
  /** Email address for replies; undefined if replies go to the sender address. */
  readonly replyTo?: string | undefined;
  /**
   * True if the email concerns a sandbox patient. It is then stored in the outbox and never sent. Anyone can sign in to
   * the sandbox, and could otherwise send email to any address.
   */
  readonly sandbox: boolean;
}

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
