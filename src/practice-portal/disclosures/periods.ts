import { days, later } from '../../kernel/index.ts';
import { formatLocalTime } from './local-time.ts';

/** Periods that the report form offers, in the order of their buttons. */
export const REPORT_PERIODS = [
  'last-7-days',
  'last-14-days',
  'last-30-days',
  'this-month',
  'last-month',
  'this-year',
] as const;
export type ReportPeriod = (typeof REPORT_PERIODS)[number];

/** Period of a report that was opened without a query. */
export const DEFAULT_PERIOD: ReportPeriod = 'last-14-days';

/** First and last day of a period, as ISO 8601 dates. Both days are included. */
export interface PeriodDays {
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the days of a period. A period that hasn't ended yet ends today.
 * @param zone IANA time zone of the practice, which decides what day it is
 */
export function periodDays(period: ReportPeriod, now: Date, zone: string): PeriodDays {
  const today = formatLocalTime(now, zone).slice(0, 10);
  const thisMonth = firstOfMonth(today);
  switch (period) {
    case 'last-7-days':
      return { from: addDays(today, -6), to: today };
    case 'last-14-days':
      return { from: addDays(today, -13), to: today };
    case 'last-30-days':
      return { from: addDays(today, -29), to: today };
    case 'this-month':
      return { from: thisMonth, to: today };
    case 'last-month': {
      const to = addDays(thisMonth, -1);
      return { from: firstOfMonth(to), to };
    }
    case 'this-year':
      return { from: `${today.slice(0, 4)}-01-01`, to: today };
  }
}

/** Adds days to an ISO 8601 date. */
export const addDays = (day: string, count: number): string =>
  later(new Date(`${day}T00:00:00Z`), days(count))
    .toISOString()
    .slice(0, 10);

const firstOfMonth = (day: string): string => `${day.slice(0, 7)}-01`;
