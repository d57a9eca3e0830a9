import { type Random, secretText, sha256 } from '../../kernel/index.ts';

/** Crockford's base32: no I, L, O and U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTER_LENGTH = 16;
const GROUP = 4;

/** 80 random bits to be typed from paper: `ABCD-EFGH-JKMN-PQRS`. */
export function letterCode(random: Random): string {
  const bits = BigInt(`0x${random.bytes(10).toString('hex')}`);
  const symbols = Array.from({ length: LETTER_LENGTH }, (_, at) => ALPHABET[Number((bits >> BigInt(at * 5)) & 31n)]);
  return symbols.join('').replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** 256 random bits for a link in a mail. */
export const linkToken = (random: Random): string => secretText(random);

/** As it is kept: what people take for another letter is read as the one that was meant. undefined: it is no such code. */
export function readLetterCode(typed: string): string | undefined {
  const folded = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}._]+/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return new RegExp(`^[${ALPHABET}]{${LETTER_LENGTH}}$`).test(folded) ? folded : undefined;
}

/** How many letters and digits of a code somebody typed: to be told when some are missing. */
export const lengthOfTyped = (typed: string): number => typed.replaceAll(/[^\p{L}\p{N}]+/gu, '').length;
export const LETTERS_IN_CODE = LETTER_LENGTH;

/** In the groups that it is printed in. */
export const inGroups = (code: string): string => (code.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? []).join('-');

/** What an invitation is found by, of a link's token or a letter's code; undefined: it is neither. */
export function invitationHash(token: string): Buffer | undefined {
  if (/^[\w-]{43}$/.test(token)) return sha256(`invitation\u0000${token}`);
  const code = readLetterCode(token);
  return code === undefined ? undefined : sha256(`invitation\u0000${code}`);
}

/** Each of the million is as likely: a number that would favor some is thrown away. */
export function sixDigits(random: Random): string {
  for (;;) {
    const number = random.bytes(4).readUInt32BE(0);
    if (number < 4_294_000_000) return String(number % 1_000_000).padStart(6, '0');
  }
}

/** Bound to its invitation: the code of one proves nothing for another. */
export const codeHash = (invitationId: string, code: string): Buffer =>
  sha256(`code\u0000${invitationId}\u0000${code}`);

/** Six digits, however they were typed; undefined: it is no such code. */
export function readSixDigits(typed: string): string | undefined {
  const digits = typed.normalize('NFKC').replaceAll(/[\s\p{Pd}.]+/gu, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}
