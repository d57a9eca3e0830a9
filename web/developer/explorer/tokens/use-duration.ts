import { useLanguage } from '../../../i18n/index.ts';

/**
 * Returns a function that formats a number of seconds, for example as `3 days`, `5 hours` or `2 minutes 10 seconds`.
 */
export function useDuration(): (seconds: number) => string {
  const { language } = useLanguage();
  return (seconds) => {
    const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600), Math.floor(seconds / 60)];
    const unit = (count: number, unit: string) =>
      new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
    if (days >= 2) return unit(days, 'day');
    if (hours >= 2) return `${unit(hours, 'hour')}`;
    if (minutes >= 1) return `${unit(minutes, 'minute')} ${unit(seconds % 60, 'second')}`;
    return unit(seconds, 'second');
  };
}
