import { useLanguage } from '../../words/index.ts';

/** The day of a moment, as the reader's own place counts it. */
export function useDay(): (moment: string) => string {
  const { language } = useLanguage();
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
  return (moment) => format.format(new Date(moment));
}
