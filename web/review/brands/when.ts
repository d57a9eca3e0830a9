import { useLanguage } from '../../words/index.ts';

/** Formats a date with time for the reader. */
export function useWhen(): (moment: string) => string {
  const { locale } = useLanguage();
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  return (moment) => format.format(new Date(moment));
}
