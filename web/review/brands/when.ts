import { useLanguage } from '../../words/index.ts';

/** A moment as it is told to whoever reads. */
export function useWhen(): (moment: string) => string {
  const { locale } = useLanguage();
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  return (moment) => format.format(new Date(moment));
}
