import { useLanguage } from '../../i18n/index.ts';

/** Formats a date with time for the reader. */
export function useDateTime(): (moment: string) => string {
  const { locale } = useLanguage();
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  return (moment) => format.format(new Date(moment));
}
