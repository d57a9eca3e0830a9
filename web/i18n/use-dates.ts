import { useMemo } from 'react';
import { useLanguage } from './index.ts';

/** Time zone in which the business days of review deadlines are counted. */
const OPERATOR_ZONE = 'America/New_York';

const DAY = { month: 'short', day: 'numeric', year: 'numeric' } as const;
const MINUTE = { ...DAY, hour: 'numeric', minute: '2-digit', timeZoneName: 'short' } as const;

/**
 * Returns functions that format dates and times in the reader's language and time zone. Only `due`, for review
 * deadlines, uses the operator's time zone, in which the business days of these deadlines are counted.
 */
export function useDates() {
  const { locale } = useLanguage();
  return useMemo(() => {
    const formatter = (options: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(locale, options);
      return (at: string | number) => format.format(new Date(at));
    };
    const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    return {
      day: formatter(DAY),
      /** Date, time and time zone. */
      minute: formatter(MINUTE),
      second: formatter({ ...MINUTE, second: '2-digit' }),
      /** Time without a date, for a clock or a list whose entries have their date beside it. */
      time: formatter({ hour: 'numeric', minute: '2-digit', second: '2-digit' }),
      /** A date without a time, for example a birth date. */
      date: formatter({ ...DAY, timeZone: 'UTC' }),
      /** A day in UTC, for counts by UTC days. */
      utcDay: formatter({ month: 'short', day: 'numeric', timeZone: 'UTC' }),
      /** A day of a review, which begins and ends in the operator's time zone. */
      due: formatter({ ...DAY, weekday: 'short', timeZone: OPERATOR_ZONE }),
      /** Days between now and a time, for example `yesterday`. */
      ago: (at: string) => relative.format(daysUntil(at), 'day'),
    };
  }, [locale]);
}

const DAY_MS = 86_400_000;

/** Returns a number for the calendar day of a time in the reader's time zone, from which days can be counted. */
const toCalendarDay = (at: Date): number => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());

/** Returns the number of calendar days until a time, in the reader's time zone. */
export const daysUntil = (at: string): number =>
  Math.round((toCalendarDay(new Date(at)) - toCalendarDay(new Date())) / DAY_MS);
