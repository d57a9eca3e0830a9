import { type Random, randomSecret, sha256 } from '../../kernel/index.ts';

/** Characters of letter codes: Crockford's base32, without I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTER_LENGTH = 16;
const GROUP_LENGTH = 4;

/** Generates the code of an invitation letter, which people type: 80 random bits such as `ABCD-EFGH-JKMN-PQRS`. */
export function generateLetterCode(random: Random): string {
  const bits = BigInt(`0x${random.bytes(10).toString('hex')}`);
  const symbols = Array.from({ length: LETTER_LENGTH }, (_, at) => ALPHABET[Number((bits >> BigInt(at * 5)) & 31n)]);
  return symbols.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** Generates the token of an invitation link in an email: 256 random bits. */
export const generateLinkToken = (random: Random): string => randomSecret(random);

/**
 * Normalizes the code of an invitation letter as a person typed it. Letters that look like digits are read as those
 * digits. Returns `undefined` for text that isn't a letter code.
 */
export function parseLetterCode(typed: string): string | undefined {
  const folded = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}._]+/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return new RegExp(`^[${ALPHABET}]{${LETTER_LENGTH}}$`).test(folded) ? folded : undefined;
}

/** Counts the letters and digits of a typed letter code, so that the page can say how many are missing. */
export const countTypedCharacters = (typed: string): number => typed.replaceAll(/[^\p{L}\p{N}]+/gu, '').length;
export const LETTER_CODE_LENGTH = LETTER_LENGTH;

/** Formats a letter code in groups of four, as it is printed. */
export const formatLetterCode = (code: string): string =>
  (code.match(new RegExp(`.{1,${GROUP_LENGTH}}`, 'g')) ?? []).join('-');

/**
 * Returns the hash under which the database stores an invitation, from the token of its link or the code of its letter.
 * Returns `undefined` for other text.
 */
export function hashInvitationToken(token: string): Buffer | undefined {
  if (/^[\w-]{43}$/.test(token)) return sha256(`invitation\u0000${token}`);
  const code = parseLetterCode(token);
  return code === undefined ? undefined : sha256(`invitation\u0000${code}`);
}

/**
 * Generates a six-digit verification code. Random values that would make some codes more likely are discarded (no
 * modulo bias).
 */
export function generateVerificationCode(random: Random): string {
  for (;;) {
    const number = random.bytes(4).readUInt32BE(0);
    if (number < 4_294_000_000) return String(number % 1_000_000).padStart(6, '0');
  }
}

/** Hashes a verification code together with its invitation, so that the code is valid for that invitation only. */
export const hashVerificationCode = (invitationId: string, code: string): Buffer =>
  sha256(`code\u0000${invitationId}\u0000${code}`);

/** Normalizes a typed verification code to six digits. Returns `undefined` for other text. */
export function parseVerificationCode(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/[\s\p{Pd}.]+/gu, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}
