import { foldName } from '../kernel/index.ts';
import { COMMON_WORDS } from './common-passwords.ts';

/**
 * NIST SP 800-63B-4 §3.1.1.2: at least fifteen characters for a password that is the only factor. Patients may have no
 * second factor, or remove it later, so the minimum applies to everyone. Three or four words are longer than that.
 */
export const SHORTEST_PASSWORD = 15;
/** Longer passwords only cost hashing time. */
export const LONGEST_PASSWORD = 200;
/** Distinct letters that must remain after the guessable words are removed. */
const OWN_PART = 6;

export type PasswordFault = 'too-short' | 'too-long' | 'common' | 'own-name';

/** The account that the password is for. Its public details must not make up the password. */
export interface PasswordOwner {
  readonly username: string;
  readonly displayName: string;
  readonly email?: string | undefined;
}

/** Validates a password that a person chose. Returns no errors for a valid one. There are no composition rules. */
export function passwordFaults(password: string, owner: PasswordOwner): readonly PasswordFault[] {
  const { length } = [...normalized(password)];
  if (length < SHORTEST_PASSWORD) return ['too-short'];
  if (length > LONGEST_PASSWORD) return ['too-long'];
  const folded = normalized(password).toLowerCase();
  const withoutNames = without(folded, namesOf(owner));
  if (withoutNames !== folded && isEmpty(withoutNames)) return ['own-name'];
  return isEmpty(without(withoutNames, COMMON_WORDS)) ? ['common'] : [];
}

/** NIST SP 800-63B-4 §3.1.1.2: normalizes Unicode (NFKC), so that all keyboards produce the same password. */
export const normalized = (password: string): string => password.normalize('NFKC');

/** Removes the words, the longest first, so that no remainder of a longer word is left behind. */
const without = (text: string, words: readonly string[]): string =>
  [...words].sort((one, other) => other.length - one.length).reduce((left, word) => left.replaceAll(word, ' '), text);

/** Tells whether too little is left to be hard to guess. Digits, punctuation and repeated characters don't count. */
const isEmpty = (text: string): boolean =>
  new Set(text.replaceAll(/[^\p{L}]/gu, '')).size < OWN_PART && !isLongNumber(text);

/**
 * A long random number is as strong as words. A number of few distinct steps between its digits, such as 1234567890
 * repeated, is not.
 */
function isLongNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  const steps = new Set([...digits].map((digit, at) => (Number(digit) - Number(digits[at - 1] ?? digit) + 10) % 10));
  return digits.length >= SHORTEST_PASSWORD && steps.size >= OWN_PART;
}

/** Names of at least three characters: shorter ones occur in too many words. */
function namesOf({ username, displayName, email = '' }: PasswordOwner): readonly string[] {
  const [mailbox = '', domain = ''] = email.toLowerCase().split('@');
  const spelled = [username, displayName, mailbox, domain.split('.')[0] ?? ''].flatMap((name) => {
    const lower = normalized(name).toLowerCase();
    return [lower, ...lower.split(/[^\p{L}\p{N}]+/u), ...foldName(name).split(' ')];
  });
  return [...new Set(spelled)].filter((name) => [...name].length >= 3);
}
