import { formatLongDateTime } from '../i18n/index.ts';
import type { PatientPortalContext } from './portal-context.ts';

/** Date formatters by time zone. They are cached, because creating one takes longer than a hundred uses of it. */
const isoDateFormats = new Map<string, Intl.DateTimeFormat>();

/** Formats the calendar date in a time zone, for example 2026-11-26. */
export function toIsoDate(at: Date, zone: string): string {
  const format = isoDateFormats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone });
  isoDateFormats.set(zone, format);
  return format.format(at);
}

const isoTimeFormats = new Map<string, Intl.DateTimeFormat>();

/** Formats the time of day in a time zone, for example 16:05. */
export function toIsoTime(at: Date, zone: string): string {
  const format = isoTimeFormats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeStyle: 'short', timeZone: zone });
  isoTimeFormats.set(zone, format);
  return format.format(at);
}

/** Formats a time to the minute, in the practice's time zone. */
export const formatMinute = (
  { pageContext, record }: Pick<PatientPortalContext, 'pageContext' | 'record'>,
  at: Date,
): string => formatLongDateTime(pageContext.language, at, record.timeZone);
