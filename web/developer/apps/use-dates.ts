import { useLanguage } from '../../i18n/index.ts';

const DAY_MS = 86_400_000;
/** Time zone in which the business days of review deadlines are counted. */
const OPERATOR_ZONE = 'America/New_York';

/** Returns functions that format dates and times in the reader's language. */
export function useDates() {
  const { locale } = useLanguage();
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const due = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: OPERATOR_ZONE });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    day: (at: string) => day.format(new Date(at)),
    /** Formats the date of a review deadline in the operator's time zone. */
    due: (at: string) => due.format(new Date(at)),
    moment: (at: string) => moment.format(new Date(at)),
    ago: (at: string) => relative.format(-daysSince(at), 'day'),
  };
}

/** Returns a number for the calendar day of a time in the reader's time zone, from which days can be counted. */
const toCalendarDay = (at: Date): number => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());

export const daysUntil = (at: string): number =>
  Math.round((toCalendarDay(new Date(at)) - toCalendarDay(new Date())) / DAY_MS);

const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: OPERATOR_ZONE, dateStyle: 'short' });
const toOperatorDay = (at: Date): number => Date.parse(calendar.format(at));
/** Returns the number of days until a review deadline, counted in the operator's time zone. */
export const daysUntilDue = (at: string): number => (toOperatorDay(new Date(at)) - toOperatorDay(new Date())) / DAY_MS;

const daysSince = (at: string): number => -daysUntil(at);
