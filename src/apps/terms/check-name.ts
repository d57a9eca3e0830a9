import { type AppIssue, appIssue } from './app-issue.ts';

const MAX_NAME_LENGTH = 200;

/**
 * Returns the errors in the name of an app. Patients read the name when they decide whether to
 * share data. The name needs a letter or digit. It must not contain characters that are invisible,
 * change the text direction or overlap their neighbors, because they could make the name look like
 * another one.
 * @param what subject of the error messages, such as `The name of an app`
 */
export function checkAppName(name: string, what = 'The name of an app'): readonly AppIssue[] {
  if (name.trim() === '') return [appIssue('name-missing', 'An app needs a name.')];
  if (name.length > MAX_NAME_LENGTH) return [tooLong(what, MAX_NAME_LENGTH)];
  if (INVISIBLE_CHARACTER.test(name.replaceAll(ALLOWED_INVISIBLE, '')) || STACKED_MARKS.test(name)) {
    return [appIssue('name-not-plain', `${what} can contain only visible characters.`)];
  }
  if (/[\p{L}\p{N}]/u.test(name)) return [];
  return [appIssue('name-without-letter', `${what} must contain a letter or a digit.`)];
}

const tooLong = (what: string, max: number): AppIssue =>
  appIssue('name-too-long', `${what} can have at most ${max} characters.`, { most: String(max) });

/**
 * Matches characters that can't be seen, or that look different in each font (private use). U+2800
 * is a Braille cell without dots.
 */
const INVISIBLE_CHARACTER = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * Matches more combining marks on one letter than any language uses: Burmese has words with five,
 * Latin and Arabic letters have at most three.
 */
const STACKED_MARKS = /[\p{M}&&\p{Script=Inherited}]{4}|\p{M}{7}/v;

/**
 * Matches invisible characters that writing systems need: ZWNJ and ZWJ between letters of joining
 * scripts (Unicode 16 §23.2) and after a virama, the variation selectors of Mongolian letters and
 * emoji, and ZWJ between emoji.
 */
const ALLOWED_INVISIBLE = (() => {
  const scripts = ['Arabic', 'Syriac', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu']
    .concat('Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Myanmar', 'Mongolian')
    .map((script) => String.raw`\p{Script=${script}}`)
    .join('');
  const letter = String.raw`[[${scripts}]&&[\p{L}\p{M}]]`;
  const virama = String.raw`[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca]`;
  const emoji = String.raw`\p{Extended_Pictographic}`;
  const allowedPatterns = [
    String.raw`(?<=${letter})[\u200c\u200d](?=${letter})`,
    String.raw`(?<=${virama})[\u200c\u200d]`,
    String.raw`(?<=[\p{Script=Mongolian}&&\p{L}])[\u180b-\u180f]`,
    String.raw`(?<=${emoji})\ufe0f`,
    String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
    String.raw`(?<=${emoji}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=${emoji})`,
  ];
  return new RegExp(allowedPatterns.join('|'), 'gv');
})();

const MAX_SELF_REGISTERED_NAME_LENGTH = 60;

/**
 * Returns additional errors in the name of an app that registers itself, because that name takes
 * effect without a review. It must be short, so that it can't carry a message, and must not mix
 * alphabets (Unicode TR39 §5.2).
 */
export function checkSelfRegisteredName(name: string): readonly AppIssue[] {
  const long = name.length > MAX_SELF_REGISTERED_NAME_LENGTH;
  const issues = long ? [tooLong('The name of an app that registers itself', MAX_SELF_REGISTERED_NAME_LENGTH)] : [];
  return [...issues, ...checkAlphabets(name)];
}

/** Returns an error if a word mixes Latin letters with letters of another alphabet that imitate Latin ones. */
export function checkAlphabets(name: string): readonly AppIssue[] {
  const words = name.normalize('NFKC').match(/[\p{L}\p{M}]+/gu) ?? [];
  const mixed = words.some((word) => /\p{Script=Latin}/u.test(word) && LIKE_LATIN.test(word));
  return mixed ? [appIssue('alphabets-mixed', 'The name of an app can’t mix alphabets within a word.')] : [];
}

const LIKE_LATIN =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Deseret}]/u;
