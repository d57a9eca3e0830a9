import { type Language, LOCALES } from './language.ts';

// In this file, each parameter `zone` is the IANA name of a time zone.

/** Formats a number, for example as 1,234 or 99.95%. Both languages use the US format. */
export const formatNumber = (language: Language, value: number, options: Intl.NumberFormatOptions = {}): string =>
  new Intl.NumberFormat(LOCALES[language], options).format(value);

/** Joins texts into a phrase, for example as "the name, the birth date, and the ZIP code", or with "or". */
export const formatList = (
  language: Language,
  items: readonly string[],
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string => new Intl.ListFormat(LOCALES[language], { type }).format(items);

/**
 * Formatters by language and options. They are cached, because creating one takes longer than using it a hundred times.
 */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatCached(language: Language, options: Intl.DateTimeFormatOptions, at: Date): string {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], options);
  formats.set(key, known);
  return known.format(at);
}

/** Formats a date, for example as November 26, 2026. */
export const formatLongDate = (language: Language, at: Date, zone: string): string =>
  formatCached(language, { dateStyle: 'long', timeZone: zone }, at);

/** Formats a date and time, for example as November 26, 2026 at 12:04 PM EST. */
export const formatLongDateTime = (language: Language, at: Date, zone: string): string =>
  formatCached(
    language,
    {
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      timeZoneName: 'short',
      timeZone: zone,
    },
    at,
  );

/** Formats a date and time with seconds, for example as November 26, 2026 at 12:04:31 PM EST. */
export const formatLongDateTimeSeconds = (language: Language, at: Date, zone: string): string =>
  formatCached(
    language,
    {
      year: 'numeric',
      month: 'long',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
      timeZone: zone,
    },
    at,
  );

/** Formats a birth date, for example as July 4, 1974. The ISO 8601 date has no time zone, so the day never shifts. */
export const formatBirthDate = (language: Language, date: string): string =>
  formatLongDate(language, new Date(`${date}T00:00:00Z`), 'UTC');

/** Formats only the time of day, for example as 12:04:31 PM, for places that show the date elsewhere. */
export const formatTime = (language: Language, at: Date, zone: string): string =>
  formatCached(language, { timeStyle: 'medium', timeZone: zone }, at);

/** Formats the hour and minute with the time zone, for example as 3:45 PM MST, for a time of the same day. */
export const formatHourAndMinute = (language: Language, at: Date, zone: string): string =>
  formatCached(language, { hour: 'numeric', minute: '2-digit', timeZone: zone, timeZoneName: 'short' }, at);

/** Formats a month, for example as March 2019, for a date without a day. */
export const formatMonth = (language: Language, at: Date): string =>
  formatCached(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }, at);
