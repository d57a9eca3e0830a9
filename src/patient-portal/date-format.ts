import { formatLongDateTime } from '../i18n/index.ts';
import type { PatientPortalContext } from './portal-context.ts';

/** Creating a formatter takes longer than a hundred uses of one, so they are cached by time zone. */
const isoDateFormats = new Map<string, Intl.DateTimeFormat>();

/** Formats the calendar date in the zone, for example 2026-11-26. */
export function toIsoDate(at: Date, zone: string): string {
  const format = isoDateFormats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone });
  isoDateFormats.set(zone, format);
  return format.format(at);
}

/** Formats the time to the minute in the practice's time zone. */
export const formatMinute = (
  { pageContext, record }: Pick<PatientPortalContext, 'pageContext' | 'record'>,
  at: Date,
): string => formatLongDateTime(pageContext.language, at, record.timeZone);
