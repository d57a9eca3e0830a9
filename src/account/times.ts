import { minuteOf } from '../words/index.ts';
import type { Place } from './place.ts';

/** Making one takes longer than a hundred uses of it. */
const days = new Map<string, Intl.DateTimeFormat>();

/** 2026-11-26, where the zone is. */
export function isoDayOf(at: Date, zone: string): string {
  const known = days.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone });
  days.set(zone, known);
  return known.format(at);
}

/** To the minute, in the zone of the practice. */
export const whenOf = ({ frame, record }: Pick<Place, 'frame' | 'record'>, at: Date): string =>
  minuteOf(frame.language, at, record.timeZone);
