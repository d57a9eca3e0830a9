import { useLanguage } from '../../words/index.ts';

const LOCALES = { en: 'en-US', es: 'es-US' } as const;

/** Where the clocks of a review are counted: its days end there. */
const OPERATOR_ZONE = 'America/New_York';

/** Days and moments as the reader writes them; `due` is the day on which a clock ends, where it is counted. */
export function useWhen() {
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
