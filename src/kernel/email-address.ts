/** Syntax of one email address as in RFC 5321 §4.1.2, without quoted strings, comments and source routes. */
const ADDRESS =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_LENGTH = 254;

/** Normalizes an email address for storage and comparison. The part before the @ is lowercased too. */
export const normalizeEmailAddress = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/** Tells whether a text is an email address to which the server can send email. */
export const isEmailAddress = (text: string): boolean =>
  text.length <= MAX_LENGTH && ADDRESS.test(normalizeEmailAddress(text));

/** Returns the normalized email address; undefined if the text isn't an email address. */
export function parseEmailAddress(text: string): string | undefined {
  const address = normalizeEmailAddress(text);
  return isEmailAddress(address) ? address : undefined;
}
