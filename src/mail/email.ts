import { isEmailAddress, Problem } from '../kernel/index.ts';

/** A plain-text email to one person. */
export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Sender name as the recipient knows it, such as the practice's. The sender address is the installation's. */
  readonly senderName: string;
  /** Reply address. */
  readonly replyTo?: string | undefined;
  /**
   * The email is about a sandbox patient. It stays in the outbox and is never sent, because anyone can sign in to the
   * sandbox and could otherwise send email to anyone.
   */
  readonly sandbox: boolean;
}

/**
 * Throws `bad-request` for an invalid address or for characters that could start another header (RFC 5322 §2.2). Such
 * input is rejected rather than fixed, because our own code never produces it.
 */
export function requireValidEmail(letter: Email): void {
  const { to, subject, senderName, replyTo } = letter;
  const headers = [to, subject, senderName, replyTo ?? ''];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are what is rejected
  const broken = headers.some((text) => /[\u0000-\u001f\u007f\u2028\u2029]/.test(text));
  if (broken || !isEmailAddress(to) || (replyTo !== undefined && !isEmailAddress(replyTo))) {
    throw new Problem('bad-request', { status: 400, message: 'This is no e-mail address that can be written to.' });
  }
}
