/** So many words, of what somebody types into a search box, are looked for. */
const MOST = 10;
const LONGEST = 200;

/**
 * Each word as a regular expression of PostgreSQL that matches this word and nothing else, in any case. `ilike` would
 * fold the letters of the database's locale alone: in the locale C, where Zoë is not ZOË, those are A to Z.
 */
export function patternsOf(words: string): readonly string[] {
  const given = words
    .slice(0, LONGEST)
    .normalize('NFC')
    .split(/[\s,]+/u);
  return given
    .filter((word) => word !== '')
    .slice(0, MOST)
    .map((word) => [...isoDate(word)].map(patternOf).join(''));
}

function patternOf(character: string): string {
  if (/[0-9A-Za-z]/.test(character)) return character;
  if (character < '\u0080') return `\\${character}`;
  const cases = [character, character.toLowerCase(), character.toUpperCase()].filter(isOneCharacter);
  return `[${[...new Set(cases)].join('')}]`;
}

const isOneCharacter = (text: string): boolean => [...text].length === 1;

/** A date of birth as it is said in the United States: 7/4/1974. */
function isoDate(word: string): string {
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(word) ?? [];
  return year === undefined ? word : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
