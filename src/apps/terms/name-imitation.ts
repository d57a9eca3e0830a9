import { type Executor, statement } from '../../database/index.ts';
import { foldName } from '../../kernel/index.ts';
import { type AppIssue, appIssue } from './app-issue.ts';

const PRODUCT = 'Patient Access';

const practiceNames = statement('registry.practice-names', { name: 'text' }, 'select name from practice');

/**
 * Returns an error if an app's name looks like the name of the operator, a practice or this
 * product, because users would believe that one of these offers the app.
 * @param operator name of the operator (setting BRAND_NAME)
 */
export async function checkNameImitation(db: Executor, operator: string, name: string): Promise<readonly AppIssue[]> {
  const practices = (await db.query(practiceNames)).map((practice) => practice.name);
  const like = [operator, ...practices, PRODUCT].find((other) => looksLike(name, other));
  if (like === undefined) return [];
  const message = `This name looks like “${like}”. Choose a different name.`;
  return [appIssue('name-imitates', message, { like })];
}

/** Returns whether a name looks like another, ignoring common words at its beginning and end. */
export function looksLike(name: string, other: string): boolean {
  const wanted = toSkeleton(other);
  return wanted !== '' && stripCommonWords(toSkeleton(name), wanted.length).includes(wanted);
}

/**
 * Reduces a name to how it looks at a glance: without case, accents, spaces and punctuation, and with
 * one letter for all letters that look alike.
 */
function toSkeleton(name: string): string {
  const letters = [...foldName(name.replaceAll(LETTER_SIGN, (sign) => LETTER_SIGNS[sign] ?? sign))];
  return letters
    .map((letter) => LOOKALIKES.get(letter) ?? letter)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(' ', '');
}

/**
 * Returns every text that remains when common words are removed from the ends of a name, one after
 * another. Texts with fewer than `shortest` characters are left out.
 */
function stripCommonWords(skeleton: string, shortest: number): readonly string[] {
  const all = new Set([skeleton]);
  for (const text of all) {
    for (const word of COMMON_WORDS) {
      if (text.length - word.length < shortest) continue;
      if (text.startsWith(word)) all.add(text.slice(word.length));
      if (text.endsWith(word)) all.add(text.slice(0, -word.length));
    }
  }
  return [...all];
}

/**
 * Signs that people read as a letter when a letter or digit follows, such as @ for a. They are
 * replaced by these letters before `foldName`, which would remove them.
 */
const LETTER_SIGNS: Readonly<Record<string, string>> = { '@': 'a', $: 's', '|': 'l', '!': 'l', '€': 'e', '£': 'l' };
const LETTER_SIGN = /[@$|!€£](?=[\p{L}\p{N}])/gu;

/**
 * Lookalikes of each Latin letter among Latin, Cyrillic, Greek and Armenian letters and digits
 * (Unicode TR39, confusables).
 */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [
    ['a', 'аαɑᴀ4'],
    ['b', 'вьβʙ8'],
    ['c', 'сϲᴄ'],
    ['d', 'ԁđɗ'],
    ['e', 'еєεҽɛ3'],
    ['f', 'ƒϝ'],
    ['g', 'ɡցg9'],
    ['h', 'һнհʜ'],
    ['j', 'јϳʝ'],
    ['k', 'кκᴋ'],
    ['l', 'iıіιӏłɩɪ1ї'],
    ['m', 'мᴍ'],
    ['n', 'пηոռ'],
    ['o', 'оοσօø0ө'],
    ['p', 'рρ'],
    ['q', 'ԛզգ'],
    ['r', 'гɾʀ'],
    ['s', 'ѕʂꜱ5'],
    ['t', 'тτŧᴛ7'],
    ['u', 'υսʋцμ'],
    ['v', 'ѵνᴠ'],
    ['w', 'ѡԝωա'],
    ['x', 'хχ'],
    ['y', 'уγүʏ'],
    ['z', 'ᴢʐ2'],
  ].flatMap(([letter = '', alike = '']) => [...alike].map((one) => [one, letter] as const)),
);

const COMMON_WORDS: readonly string[] = (
  'a an the my our your new app apps application official verified secure security safe portal patient patients records ' +
  'record chart login log signin sign in on by for at of from with online mobile web site website account accounts support ' +
  'help desk team service services staff admin inc llc ltd corp co com org net plus pro la el mi oficial'
)
  .split(' ')
  .map(toSkeleton);
