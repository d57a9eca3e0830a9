/** An address that only who knows it recognizes: `a…n@example.org`. */
export function maskedEmail(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  const letters = [...local];
  const shown = letters.length < 4 ? `${letters[0] ?? ''}…` : `${letters[0]}…${letters.at(-1)}`;
  return `${shown}@${domain}`;
}

/** Everyone who tries the sandbox's desk sees what the others wrote there, and nobody's address. */
export const addressFor = ({ published }: { readonly published: boolean }, text: string): string =>
  published && text.includes('@') ? maskedEmail(text) : text;

/** (555) 010-1234, of a number of the United States; others as they are. */
export function spokenPhone(phone: string): string {
  const [, area, exchange, line] = /^(?:\+?1)?(\d{3})(\d{3})(\d{4})$/.exec(phone) ?? [];
  return area === undefined ? phone : `(${area}) ${exchange}-${line}`;
}
