import { useLanguage } from '../../i18n/index.ts';

/** Time zone in which the business days of review deadlines are counted. */
const OPERATOR_ZONE = 'America/New_York';

/**
 * Returns functions that format dates and times in the reader's time zone. Only `due`, for review deadlines, uses the
 * operator's time zone, in which the business days of these deadlines are counted.
 */
export function useDates() {
  const { locale } = useLanguage();
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const minute = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const due = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: OPERATOR_ZONE,
  });
  return {
    day: (at: string) => day.format(new Date(at)),
    minute: (at: string) => minute.format(new Date(at)),
    due: (at: string) => due.format(new Date(at)),
  };
}
