import { foldIdentifier, foldName } from '../../kernel/index.ts';

/** Limits for the text of a patient search: words, and characters. */
const MAX_WORDS = 10;
const MAX_SEARCH_LENGTH = 200;

/**
 * A patient search, word by word. The three arrays are parallel; '' means that the word can't be of that kind and
 * matches nothing.
 */
export interface PatientSearchQuery {
  readonly names: readonly string[];
  readonly dates: readonly string[];
  readonly numbers: readonly string[];
  /** The whole text as one number, because an MRN may be typed with spaces. */
  readonly number: string;
}

/**
 * Splits a search text into words and normalizes each as a name, a date and a number, the way those are stored for
 * comparison.
 */
export function parsePatientSearch(text: string): PatientSearchQuery {
  const words = text
    .slice(0, MAX_SEARCH_LENGTH)
    .split(/[\s,]+/u)
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS);
  return {
    names: words.map(foldName),
    dates: words.map(parsePartialDate),
    numbers: words.map(foldIdentifier),
    number: foldIdentifier(text.slice(0, MAX_SEARCH_LENGTH)),
  };
}

/**
 * Returns a birth date or the start of one as ISO 8601, from ISO 8601 or US format (7/4/1974); '' for anything else.
 */
function parsePartialDate(word: string): string {
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(word) ?? [];
  if (year !== undefined) return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return /^\d[\d-]{0,9}$/.test(word) ? word : '';
}
