import { Problem } from '../kernel/index.ts';

/** A mail to one person, in plain text. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** Who writes, as the person knows them; the address is the installation's. */
  readonly senderName: string;
  /** Where an answer goes. */
  readonly replyTo?: string | undefined;
  /** About a made-up patient: kept in the outbox and never sent, for whoever knows the sandbox's passwords could write to anybody. */
  readonly sandbox: boolean;
}

/** One address, as RFC 5321 §4.1.2 has it without quotes, comments or routes. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LONGEST_ADDRESS = 254;

/** As addresses are kept and compared: in small letters. */
export const foldAddress = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

export const isAddress = (text: string): boolean => text.length <= LONGEST_ADDRESS && ADDRESS.test(foldAddress(text));

/** Whatever could begin another header (RFC 5322 §2.2) is refused, not mended: it never comes from us. */
export function requireLetter(letter: Letter): void {
  const { to, subject, senderName, replyTo } = letter;
  const headers = [to, subject, senderName, replyTo ?? ''];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  const broken = headers.some((text) => /[\u0000-\u001f\u007f\u2028\u2029]/.test(text));
  if (broken || !isAddress(to) || (replyTo !== undefined && !isAddress(replyTo))) {
    throw new Problem('bad-request', { status: 400, message: 'This is no e-mail address that can be written to.' });
  }
}
