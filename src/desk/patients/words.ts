import { foldName, foldNumber } from '../../kernel/index.ts';

/** What one word, of what somebody types to find a patient, is held against. */
export type Criterion =
  | { readonly kind: 'text'; readonly text: string; readonly number: string }
  /** ISO 8601 date. */
  | { readonly kind: 'birth-date'; readonly date: string };

export interface Wanted {
  /** Each has to match. */
  readonly criteria: readonly Criterion[];
  /** Or else all that was typed is one number, in groups; empty: it can't be. */
  readonly number: string;
}

/** So many words, and letters, of what somebody types are looked for. */
const MOST = 10;
const LONGEST = 200;

/** What stands before a number or a date when it is read out: "MRN 0012", "born 7/4/1974". */
const LABELS = new Set(['mrn', 'dob', 'born', 'date', 'of', 'birth']);

/** What typed words look for; undefined: nothing can be found by them. Nothing typed looks for everybody. */
export function wantedBy(typed: string): Wanted | undefined {
  const given = typed.slice(0, LONGEST).replaceAll('\0', ' ').trim();
  if (given === '') return { criteria: [], number: '' };
  const words = given.split(/[\s,;]+/u).filter((word) => foldNumber(word) !== '');
  const telling = words.some(isLabelled) ? words.filter((word) => !LABELS.has(foldNumber(word))) : words;
  const criteria = telling.slice(0, MOST).map(criterionOf);
  return criteria.length === 0 ? undefined : { criteria, number: foldNumber(given) };
}

/** A family may be called Born or Birth: these are labels only where a number follows. */
const isLabelled = (word: string, index: number, words: readonly string[]): boolean =>
  LABELS.has(foldNumber(word)) && words.slice(index + 1).some((later) => /\d/.test(later));

function criterionOf(word: string): Criterion {
  const date = dateIn(word);
  return date === undefined
    ? { kind: 'text', text: foldName(word), number: foldNumber(word) }
    : { kind: 'birth-date', date };
}

/** 7/4/1974 and 07-04-1974, as dates are said in the United States, or 1974-07-04. */
function dateIn(word: string): string | undefined {
  const [, y1, m1 = '', d1 = ''] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word) ?? [];
  const [, m2 = '', d2 = '', y2] = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(word) ?? [];
  const [year, month, day] = y1 === undefined ? [y2, m2, d2] : [y1, m1, d1];
  if (year === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(date) ? date : undefined;
}

/** PostgreSQL refuses a day that no year has, and the year nought. */
function isDay(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !date.startsWith('0000') && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}
