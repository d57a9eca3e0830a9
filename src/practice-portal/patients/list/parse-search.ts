import { foldIdentifier, foldName } from '../../../kernel/index.ts';

/** A search term and the patient data it is compared with. */
export type PatientSearchTerm =
  | { readonly kind: 'text'; readonly text: string; readonly number: string }
  /** ISO 8601 date. */
  | { readonly kind: 'birth-date'; readonly date: string };

export interface PatientSearchTerms {
  /** All terms have to match. */
  readonly criteria: readonly PatientSearchTerm[];
  /**
   * The whole input as one identifier that may contain spaces, as an alternative to the terms; empty when it can't be
   * one.
   */
  readonly number: string;
}

/** Limits on the number of terms and on the length of the input in characters. */
const MAX_TERMS = 10;
const MAX_LENGTH = 200;

/** Labels that precede a number or date when it is read out: "MRN 0012", "born 7/4/1974". */
const TERM_LABELS = new Set(['mrn', 'dob', 'born', 'date', 'of', 'birth']);

/** Parses search text. Empty text matches all patients; undefined means that nothing can match. */
export function parsePatientSearch(typed: string): PatientSearchTerms | undefined {
  const text = typed.slice(0, MAX_LENGTH).replaceAll('\0', ' ').trim();
  if (text === '') return { criteria: [], number: '' };
  const words = text.split(/[\s,;]+/u).filter((word) => foldIdentifier(word) !== '');
  const terms = words.some(isTermLabel) ? words.filter((word) => !TERM_LABELS.has(foldIdentifier(word))) : words;
  const criteria = terms.slice(0, MAX_TERMS).map(parseTerm);
  return criteria.length === 0 ? undefined : { criteria, number: foldIdentifier(text) };
}

/**
 * Whether the word labels a later number. A family name can be Born or Birth, so a label only counts if a number
 * follows.
 */
const isTermLabel = (word: string, index: number, words: readonly string[]): boolean =>
  TERM_LABELS.has(foldIdentifier(word)) && words.slice(index + 1).some((later) => /\d/.test(later));

function parseTerm(word: string): PatientSearchTerm {
  const date = parseDate(word);
  return date === undefined
    ? { kind: 'text', text: foldName(word), number: foldIdentifier(word) }
    : { kind: 'birth-date', date };
}

/** Parses 7/4/1974 and 07-04-1974 (US order) or 1974-07-04. @returns an ISO 8601 date */
function parseDate(word: string): string | undefined {
  const [, y1, m1 = '', d1 = ''] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word) ?? [];
  const [, m2 = '', d2 = '', y2] = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(word) ?? [];
  const [year, month, day] = y1 === undefined ? [y2, m2, d2] : [y1, m1, d1];
  if (year === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : undefined;
}

/** PostgreSQL rejects dates that don't exist and the year 0. */
function isCalendarDate(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !date.startsWith('0000') && !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}
