import { foldIdentifier, foldName } from '../../kernel/index.ts';

/** Maximum number of words and of characters of a patient search. The rest of the text is ignored. */
const MAX_WORDS = 10;
const MAX_SEARCH_LENGTH = 200;

/**
 * The words of a patient search. Each of the three arrays has one element for each word: the word normalized as a name,
 * as a date or as a number. If the word can't be normalized that way, the element is '' and matches nothing.
 */
export interface PatientSearchQuery {
  readonly names: readonly string[];
  readonly dates: readonly string[];
  readonly numbers: readonly string[];
  /** The whole search text as one number, because people may type an MRN with spaces. */
  readonly number: string;
}

/**
 * Splits a search text into words. Normalizes each word as a name, a date and a number, as the database stores names,
 * dates and numbers for comparison.
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

/** Converts a full or partial birth date in ISO 8601 or US format (7/4/1974) to ISO 8601. Returns '' for other text. */
function parsePartialDate(word: string): string {
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(word) ?? [];
  if (year !== undefined) return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return /^\d[\d-]{0,9}$/.test(word) ? word : '';
}
