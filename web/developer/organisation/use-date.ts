import { useLanguage } from '../../i18n/index.ts';

/** Returns a function that formats a date in the reader's language and time zone. */
export function useDate(): (moment: string) => string {
  const { language } = useLanguage();
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
  return (moment) => format.format(new Date(moment));
}
