import type { RecordAccount } from './record-accounts.ts';

/**
 * Masks an email address so that only people who know the address recognize it. For example, the result is
 * `a…n@example.org`.
 */
export function maskEmail(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  return `${maskText(local)}@${domain}`;
}

function maskText(text: string): string {
  const characters = [...text];
  return characters.length < 4 ? `${characters[0] ?? ''}…` : `${characters[0]}…${characters.at(-1)}`;
}

/** Masks an email address in sessions with shared sandbox credentials, where visitors see each other's entries. */
export const maskForSession = ({ published }: { readonly published: boolean }, text: string): string =>
  published && text.includes('@') ? maskEmail(text) : text;

/**
 * Masks the username of an account in sessions with shared sandbox credentials. Another visitor may have chosen it, and
 * may have used a real name. The usernames of shared accounts are public.
 */
export function maskUsername(session: { readonly published: boolean }, account: RecordAccount): string {
  if (!session.published || account.published) return account.username;
  return account.username.includes('@') ? maskEmail(account.username) : maskText(account.username);
}

/** Formats a US phone number in the form (555) 010-1234. Returns other numbers unchanged. */
export function formatPhone(phone: string): string {
  const [, area, exchange, line] = /^(?:\+?1)?(\d{3})(\d{3})(\d{4})$/.exec(phone) ?? [];
  return area === undefined ? phone : `(${area}) ${exchange}-${line}`;
}
