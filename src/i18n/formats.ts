import { type Language, LOCALES } from './language.ts';

// All `zone` parameters are IANA names.

/** 1,234 and 99.95%, in US format for both languages. */
export const formatNumber = (language: Language, value: number, options: Intl.NumberFormatOptions = {}): string =>
  new Intl.NumberFormat(LOCALES[language], options).format(value);

/** Cached, because creating a formatter takes longer than a hundred uses of it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatCached(language: Language, options: Intl.DateTimeFormatOptions, at: Date): string {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(LOCALES[language], options);
  formats.set(key, known);
  return known.format(at);
}

/** November 26, 2026 */
export const formatLongDate = (language: Language, at: Date, zone: string): string =>
  formatCached(language, { dateStyle: 'long', timeZone: zone }, at);

/** November 26, 2026 at 12:04 PM EST */
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

/** November 26, 2026 at 12:04:31 PM EST, where seconds matter. */
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

/** July 4, 1974, from an ISO 8601 date, which has no time zone. */
export const formatBirthDate = (language: Language, date: string): string =>
  formatLongDate(language, new Date(`${date}T00:00:00Z`), 'UTC');

/** 12:04:31 PM, where the date is known. */
export const formatTime = (language: Language, at: Date, zone: string): string =>
  formatCached(language, { timeStyle: 'medium', timeZone: zone }, at);

/** March 2019, for a date without a day. */
export const formatMonth = (language: Language, at: Date): string =>
  formatCached(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }, at);
