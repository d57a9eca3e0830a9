import { foldName } from '../kernel/index.ts';
import { COMMON_WORDS } from './common-passwords.ts';

/**
 * NIST SP 800-63B-4 §3.1.1.2: fifteen for a password that is all there is to sign in with. A patient need have no second
 * factor, and may take one away again, so it is fifteen for everybody; three or four words have more than that.
 */
export const SHORTEST_PASSWORD = 15;
/** Longer ones only cost time. */
export const LONGEST_PASSWORD = 200;
/** So much must be left without the words that anybody would try. */
const OWN_PART = 6;

export type PasswordFault = 'too-short' | 'too-long' | 'common' | 'own-name';

/** Whose password it will be: what others know of them is no secret. */
export interface PasswordOwner {
  readonly username: string;
  readonly displayName: string;
  readonly email?: string | undefined;
}

/** What is wrong with a password that somebody chose: empty when nothing is. There are no rules on what it is made of. */
export function passwordFaults(password: string, owner: PasswordOwner): readonly PasswordFault[] {
  const { length } = [...normalized(password)];
  if (length < SHORTEST_PASSWORD) return ['too-short'];
  if (length > LONGEST_PASSWORD) return ['too-long'];
  const folded = normalized(password).toLowerCase();
  const withoutNames = without(folded, namesOf(owner));
  if (withoutNames !== folded && isEmpty(withoutNames)) return ['own-name'];
  return isEmpty(without(withoutNames, COMMON_WORDS)) ? ['common'] : [];
}

/** NIST SP 800-63B-4 §3.1.1.2: one text, however a keyboard makes its characters. */
export const normalized = (password: string): string => password.normalize('NFKC');

/** The longest go first, so that none leaves a piece of another behind. */
const without = (text: string, words: readonly string[]): string =>
  [...words].sort((one, other) => other.length - one.length).reduce((left, word) => left.replaceAll(word, ' '), text);

/** Numbers, signs and characters that come again add nothing that is hard to try. */
const isEmpty = (text: string): boolean =>
  new Set(text.replaceAll(/[^\p{L}]/gu, '')).size < OWN_PART && !isLongNumber(text);

/** A random number of this many digits is as good as words; a run of few digits, or of 1234567890, is not. */
function isLongNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  const steps = new Set([...digits].map((digit, at) => (Number(digit) - Number(digits[at - 1] ?? digit) + 10) % 10));
  return digits.length >= SHORTEST_PASSWORD && steps.size >= OWN_PART;
}

/** Of at least three letters: shorter ones are in too many words. */
function namesOf({ username, displayName, email = '' }: PasswordOwner): readonly string[] {
  const [mailbox = '', domain = ''] = email.toLowerCase().split('@');
  const spelled = [username, displayName, mailbox, domain.split('.')[0] ?? ''].flatMap((name) => {
    const lower = normalized(name).toLowerCase();
    return [lower, ...lower.split(/[^\p{L}\p{N}]+/u), ...foldName(name).split(' ')];
  });
  return [...new Set(spelled)].filter((name) => [...name].length >= 3);
}
