import { Problem } from '../kernel/index.ts';

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

/** One address as in RFC 5321 §4.1.2, without quoted strings, comments and source routes. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_ADDRESS_LENGTH = 254;

/** Normalizes an address for storage and comparison. The local part is lowercased too. */
export const normalizeEmailAddress = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** Tells whether a text is an email address that can be written to. */
export const isEmailAddress = (text: string): boolean =>
  text.length <= MAX_ADDRESS_LENGTH && ADDRESS.test(normalizeEmailAddress(text));

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
