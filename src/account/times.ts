import { minuteOf } from '../words/index.ts';
import type { Place } from './place.ts';

/** Creating a formatter takes longer than a hundred uses of one, so they are cached by time zone. */
const days = new Map<string, Intl.DateTimeFormat>();

/** Formats the calendar date in the zone, for example 2026-11-26. */
export function isoDayOf(at: Date, zone: string): string {
  const format = days.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone });
  days.set(zone, format);
  return format.format(at);
}

/** Formats the time to the minute in the practice's time zone. */
export const whenOf = ({ frame: pageContext, record }: Pick<Place, 'frame' | 'record'>, at: Date): string =>
  minuteOf(pageContext.language, at, record.timeZone);
