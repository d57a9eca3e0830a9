/**
 * Masks an email address so that only people who know the address recognize it. For example, the result is
 * `a…n@example.org`.
 */
export function maskEmail(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  const characters = [...local];
  const masked = characters.length < 4 ? `${characters[0] ?? ''}…` : `${characters[0]}…${characters.at(-1)}`;
  return `${masked}@${domain}`;
}

/** Masks an email address in sessions with shared sandbox credentials, where visitors see each other's entries. */
export const maskForSession = ({ published }: { readonly published: boolean }, text: string): string =>
  published && text.includes('@') ? maskEmail(text) : text;

/** Formats a US phone number in the form (555) 010-1234. Returns other numbers unchanged. */
export function formatPhone(phone: string): string {
  const [, area, exchange, line] = /^(?:\+?1)?(\d{3})(\d{3})(\d{4})$/.exec(phone) ?? [];
  return area === undefined ? phone : `(${area}) ${exchange}-${line}`;
}
