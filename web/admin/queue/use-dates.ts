import { useLanguage } from '../../i18n/index.ts';

const LOCALES = { en: 'en-US', es: 'es-US' } as const;

/** Time zone in which the review deadlines are counted and end. */
const OPERATOR_ZONE = 'America/New_York';

/** Formats dates and times for the reader; `due` is the date of a deadline in the operator's time zone. */
export function useDates() {
  const locale = LOCALES[useLanguage().language];
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
