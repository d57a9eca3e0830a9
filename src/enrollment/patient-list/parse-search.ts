import { foldIdentifier, foldName } from '../../kernel/index.ts';

/** A search term, by the kind of patient data that it is compared with. */
export type PatientSearchTerm =
  | { readonly kind: 'text'; readonly text: string; readonly number: string }
  /** ISO 8601 date of birth. */
  | { readonly kind: 'birth-date'; readonly date: string };

export interface PatientSearchTerms {
  /** Search terms, which all have to match. */
  readonly criteria: readonly PatientSearchTerm[];
  /**
   * The whole search text as one identifier, which may contain spaces. A patient also matches by this identifier
   * instead of the terms. Empty if the text can't be an identifier.
   */
  readonly number: string;
}

/** Maximum number of search terms. `MAX_LENGTH` limits the search text in characters. */
const MAX_TERMS = 10;
const MAX_LENGTH = 200;

/**
 * Words that people put before a number or date, such as in "MRN 0012", "born 7/4/1974" and "fecha de nacimiento
 * 7/4/1974". They aren't search terms.
 */
const TERM_LABELS = new Set([
  ...['mrn', 'dob', 'born', 'date', 'of', 'birth'],
  ...['expediente', 'nacido', 'nacida', 'nacimiento', 'fecha', 'de'],
]);

/** Parses search text. Empty text matches all patients. Returns undefined for text that can't match any patient. */
export function parsePatientSearch(typed: string): PatientSearchTerms | undefined {
  const text = typed.slice(0, MAX_LENGTH).replaceAll('\0', ' ').trim();
  if (text === '') return { criteria: [], number: '' };
  const words = text.split(/[\s,;]+/u).filter((word) => foldIdentifier(word) !== '');
  const terms = words.some(isTermLabel) ? words.filter((word) => !TERM_LABELS.has(foldIdentifier(word))) : words;
  const criteria = terms.slice(0, MAX_TERMS).map(parseTerm);
  return criteria.length === 0 ? undefined : { criteria, number: foldIdentifier(text) };
}

/**
 * Whether the word only labels a number that follows. A family name can be Born or Birth, so a word counts as a label
 * only if a number follows.
 */
const isTermLabel = (word: string, index: number, words: readonly string[]): boolean =>
  TERM_LABELS.has(foldIdentifier(word)) && words.slice(index + 1).some((later) => /\d/.test(later));

function parseTerm(word: string): PatientSearchTerm {
  const date = parseDate(word);
  return date === undefined
    ? { kind: 'text', text: foldName(word), number: foldIdentifier(word) }
    : { kind: 'birth-date', date };
}

/**
 * Parses a date in US order, whatever the language of the page, such as 7/4/1974 and 07-04-1974, or in ISO order, such as 1974-07-04.
 * @returns an ISO 8601 date
 */
function parseDate(word: string): string | undefined {
  const [, y1, m1 = '', d1 = ''] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word) ?? [];
  const [, m2 = '', d2 = '', y2] = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(word) ?? [];
  const [year, month, day] = y1 === undefined ? [y2, m2, d2] : [y1, m1, d1];
  if (year === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : undefined;
}

/** Whether PostgreSQL accepts the date. It rejects dates that don't exist and the year 0. */
function isCalendarDate(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !date.startsWith('0000') && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}
