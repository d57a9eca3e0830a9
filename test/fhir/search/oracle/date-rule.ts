import { asList, isObject } from './nodes.ts';

export interface Range {
  /** Start in milliseconds, inclusive. -Infinity if it is unknown. */
  readonly low: number;
  /** End in milliseconds, exclusive. Infinity if it is still ongoing. */
  readonly high: number;
}

/** Returns the time range of a date (FHIR R4 search §3.1.1.4.7). JavaScript parses the date after it was completed. */
export function parseDateRange(date: string): Range {
  const whole = date.includes('T')
    ? date
    : `${date}${'-01-01'.slice(date.length === 4 ? 0 : 3).slice(0, 10 - date.length)}`;
  const low = new Date(/T\d\d:\d\d$/.test(whole) ? `${whole}Z` : whole);
  const high = new Date(low);
  if (date.length === 4) high.setUTCFullYear(high.getUTCFullYear() + 1);
  else if (date.length === 7) high.setUTCMonth(high.getUTCMonth() + 1);
  else if (date.length === 10) high.setUTCDate(high.getUTCDate() + 1);
  else if (!/T\d\d:\d\d:\d\d/.test(date)) high.setTime(high.getTime() + 60_000);
  else high.setTime(high.getTime() + (date.includes('.') ? 1 : 1000));
  return { low: low.getTime(), high: high.getTime() };
}

/** Returns the start and end of a Period, or the outer limits of a Timing. A text that isn't a date has no range. */
export function dateRanges(node: unknown): readonly Range[] {
  if (typeof node === 'string') return /^\d{4}/.test(node) ? [parseDateRange(node)] : [];
  if (!isObject(node)) return [];
  const { start, end, event, repeat } = node;
  if (start !== undefined || end !== undefined) {
    return [
      {
        low: typeof start === 'string' ? parseDateRange(start).low : Number.NEGATIVE_INFINITY,
        high: typeof end === 'string' ? parseDateRange(end).high : Number.POSITIVE_INFINITY,
      },
    ];
  }
  const all = [...asList(event), ...(isObject(repeat) ? asList(repeat['boundsPeriod']) : [])].flatMap(dateRanges);
  return all.length === 0
    ? []
    : [{ low: Math.min(...all.map(({ low }) => low)), high: Math.max(...all.map(({ high }) => high)) }];
}

type Test = (row: Range, value: Range) => boolean;
const within: Test = (row, value) => value.low <= row.low && row.high <= value.high;
/** The meaning of each date prefix (FHIR R4 search §3.1.1.4.5), as a condition on two ranges of milliseconds. */
export const DATE_PREFIXES: Readonly<Record<string, Test>> = {
  eq: within,
  ne: (row, value) => !within(row, value),
  gt: (row, value) => row.high > value.high,
  lt: (row, value) => row.low < value.low,
  // A range that overlaps the value is both on or after it and on or before it.
  ge: (row, value) => row.high > value.low,
  le: (row, value) => row.low < value.high,
  sa: (row, value) => row.low >= value.high,
  eb: (row, value) => row.high <= value.low,
  ap: (row, value) => row.low < value.high && row.high > value.low,
};

/**
 * Whether a date matches a searched one.
 * @param now the prefix `ap` accepts dates within a tenth of the time between now and the searched date
 */
export function dateMatches(node: unknown, written: string, now: Date): boolean {
  const [, prefix = 'eq', date = ''] = /^([a-z]{2})?(.*)$/.exec(written) ?? [];
  const test = DATE_PREFIXES[prefix];
  if (test === undefined) throw new Error(`no rule for the prefix ${prefix}`);
  const { low, high } = parseDateRange(date);
  const margin = prefix === 'ap' ? Math.abs(now.getTime() - (low + high) / 2) / 10 : 0;
  return dateRanges(node).some((row) => test(row, { low: low - margin, high: high + margin }));
}
