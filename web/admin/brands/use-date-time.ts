import { useLanguage } from '../../i18n/index.ts';

/** Returns a function that formats a date and time in the reader's language. */
export function useDateTime(): (moment: string) => string {
  const { locale } = useLanguage();
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  return (moment) => format.format(new Date(moment));
}
