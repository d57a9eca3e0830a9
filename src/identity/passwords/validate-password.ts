import { foldName, sha256Base64url } from '../../kernel/index.ts';
import { COMMON_PASSWORDS } from './generated/common-passwords.ts';

/**
 * Words that common passwords consist of. NIST SP 800-63B-4 §3.1.1.2 requires a blocklist of likely passwords. With a
 * minimum of fifteen characters, likely passwords are several of these words in a row, with digits around them.
 */
const COMMON_WORDS: readonly string[] = [
  ...['password', 'passwort', 'passw0rd', 'p@ssw0rd', 'passphrase', 'contrasena', 'contraseña', 'clave', 'secret'],
  ...['qwertyuiop', 'qwerty', 'qwertz', 'azerty', 'asdfghjkl', 'asdfgh', 'zxcvbnm', 'zxcvbn', '1q2w3e4r5t', '1q2w3e4r'],
  ...['1qaz2wsx3edc', '1qaz2wsx', 'qazwsxedc', 'qazwsx', 'q1w2e3r4t5', 'qwer1234', 'abcdefghijklmnopqrstuvwxyz'],
  ...['abcdefgh', 'abcdef', 'abcd', 'abc123', 'abc', 'iloveyou', 'teamo', 'welcome', 'bienvenido', 'letmein', 'login'],
  ...['changeme', 'trustno1', 'monkey', 'dragon', 'sunshine', 'princess', 'football', 'baseball', 'superman', 'batman'],
  ...['master', 'shadow', 'michael', 'jennifer', 'whatever', 'starwars', 'pokemon', 'computer', 'internet', 'google'],
  ...['admin', 'administrator', 'guest', 'user', 'test', 'default', 'temporary', 'temp', 'love', 'hello', 'hola'],
  ...['patient', 'paciente', 'doctor', 'medical', 'medico', 'health', 'salud', 'record', 'portal', 'access', 'acceso'],
  ...['summer', 'winter', 'spring', 'autumn', 'verano', 'invierno', 'america', 'mexico'],
];

/**
 * Minimum password length in characters. NIST SP 800-63B-4 §3.1.1.2 requires fifteen for a password that is the only
 * factor. Patients may have no second factor, or remove it later, so the minimum applies to everyone. Three or four
 * words are longer than that.
 */
export const MIN_PASSWORD_LENGTH = 15;
/** Maximum password length in characters. A longer password would only take more time to hash. */
export const MAX_PASSWORD_LENGTH = 200;
/** Minimum number of different letters that a password must have after its guessable words are removed. */
const MIN_DISTINCT_LETTERS = 6;

export type PasswordError = 'too-short' | 'too-long' | 'common' | 'own-name';

/** Public details of the account that the password is for. The password must not consist of them. */
export interface PasswordOwner {
  readonly username: string;
  readonly displayName: string;
  readonly email?: string | undefined;
}

/**
 * Validates a password that a person chose. Returns an empty list for a valid password. There are no composition rules,
 * such as required digits.
 */
export function validatePassword(password: string, owner: PasswordOwner): readonly PasswordError[] {
  const { length } = [...normalizePassword(password)];
  if (length < MIN_PASSWORD_LENGTH) return ['too-short'];
  if (length > MAX_PASSWORD_LENGTH) return ['too-long'];
  const folded = normalizePassword(password).toLowerCase();
  if (isOnList(folded)) return ['common'];
  const withoutNames = removeWords(folded, publicNames(owner));
  if (withoutNames !== folded && isGuessable(withoutNames)) return ['own-name'];
  return isGuessable(removeWords(withoutNames, COMMON_WORDS)) ? ['common'] : [];
}

/** Characters of a hash in the list. */
const HASH_LENGTH = 8;
let list: ReadonlySet<string> | undefined;

/**
 * Tells whether a password is one of the common ones that are long enough (OWASP ASVS 6.2.4). The list has only hashes,
 * because many of these passwords are obscene.
 */
function isOnList(password: string): boolean {
  list ??= new Set(COMMON_PASSWORDS.match(new RegExp(`.{${HASH_LENGTH}}`, 'g')));
  return list.has(sha256Base64url(password).slice(0, HASH_LENGTH));
}

/**
 * Normalizes the Unicode form of a password (NFKC), so that all keyboards produce the same text (NIST SP 800-63B-4
 * §3.1.1.2).
 */
export const normalizePassword = (password: string): string => password.normalize('NFKC');

/**
 * Removes the given words from a text. Longer words are removed first; otherwise a word inside a longer one would leave
 * the rest of the longer one behind.
 */
const removeWords = (text: string, words: readonly string[]): string =>
  [...words].sort((one, other) => other.length - one.length).reduce((left, word) => left.replaceAll(word, ' '), text);

/**
 * Tells whether a text, from which common words were already removed, is easy to guess: it has too few different
 * letters and no long random number. Digits and punctuation don't count as letters.
 */
const isGuessable = (text: string): boolean =>
  new Set(text.replaceAll(/[^\p{L}]/gu, '')).size < MIN_DISTINCT_LETTERS && !isLongNumber(text);

/**
 * Tells whether a text contains a long random number, which is as strong as several words. A number with a simple
 * pattern, such as 1234567890 repeated, doesn't count: the differences between its neighboring digits have only a few
 * distinct values.
 */
function isLongNumber(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  const steps = new Set([...digits].map((digit, at) => (Number(digit) - Number(digits[at - 1] ?? digit) + 10) % 10));
  return digits.length >= MIN_PASSWORD_LENGTH && steps.size >= MIN_DISTINCT_LETTERS;
}

/**
 * Returns the account's public names, each in several spellings, that a password must not consist of. Names with fewer
 * than three characters are left out, because they occur in too many words.
 */
function publicNames({ username, displayName, email = '' }: PasswordOwner): readonly string[] {
  const [mailbox = '', domain = ''] = email.toLowerCase().split('@');
  const spelled = [username, displayName, mailbox, domain.split('.')[0] ?? ''].flatMap((name) => {
    const lower = normalizePassword(name).toLowerCase();
    return [lower, ...lower.split(/[^\p{L}\p{N}]+/u), ...foldName(name).split(' ')];
  });
  return [...new Set(spelled)].filter((name) => [...name].length >= 3);
}
