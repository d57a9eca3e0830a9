import { foldName, foldNumber } from '../kernel/index.ts';

/** So many words, of what somebody types into a search box, are looked for. */
const MOST = 10;
const LONGEST = 200;

/** What somebody typed to find a patient, word by word. '' stands for what a word can't be, and finds nothing. */
export interface LookedFor {
  readonly names: readonly string[];
  readonly dates: readonly string[];
  readonly numbers: readonly string[];
  /** All of it, as one number: an MRN may be written with spaces. */
  readonly number: string;
}

/** Without case and accents, as names and numbers are kept to be compared. */
export function lookedForIn(text: string): LookedFor {
  const given = text
    .slice(0, LONGEST)
    .split(/[\s,]+/u)
    .filter((word) => word !== '')
    .slice(0, MOST);
  return {
    names: given.map(foldName),
    dates: given.map(dateIn),
    numbers: given.map(foldNumber),
    number: foldNumber(text.slice(0, LONGEST)),
  };
}

/** Some of a date of birth: as ISO 8601, or as it is said in the United States, 7/4/1974. */
function dateIn(word: string): string {
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(word) ?? [];
  if (year !== undefined) return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return /^\d[\d-]{0,9}$/.test(word) ? word : '';
}
