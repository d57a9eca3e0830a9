import { parseDateRange } from '../../fhir/index.ts';

/**
 * Parses a date as people in the United States write it, such as `7/4/1974`, `07-04-1974` or `1974-07-04`. Returns ISO
 * 8601; `undefined` for text that isn't a valid date.
 */
export function parseDate(typed: string): string | undefined {
  const text = typed.normalize('NFKC').trim();
  const [, year, month, day] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  if (year !== undefined) return toIsoDate(year, month, day);
  const [, first, second, last] = /^(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4})$/.exec(text) ?? [];
  return toIsoDate(last, first, second);
}

/** Returns year, month and day as ISO 8601 date; `undefined` if the calendar has no such day. */
export function toIsoDate(year = '', month = '', day = ''): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return /^\d{4}-\d\d-\d\d$/.test(text) && parseDateRange(text) !== undefined ? text : undefined;
}
