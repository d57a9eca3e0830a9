import { spanOfDate } from '../../fhir/index.ts';

/** ISO 8601, of `7/4/1974`, `07-04-1974` and `1974-07-04`, as they are written in the United States; undefined: it is no day. */
export function readDate(typed: string): string | undefined {
  const text = typed.normalize('NFKC').trim();
  const [, year, month, day] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? [];
  if (year !== undefined) return dateOf(year, month, day);
  const [, first, second, last] = /^(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4})$/.exec(text) ?? [];
  return dateOf(last, first, second);
}

/** ISO 8601; undefined: no year has such a day. */
export function dateOf(year = '', month = '', day = ''): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return /^\d{4}-\d\d-\d\d$/.test(text) && spanOfDate(text) !== undefined ? text : undefined;
}
