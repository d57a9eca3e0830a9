/**
 * A time in a scenario, in years before `EPOCH`. For example, 2.5 is two and a half years before it, and 0 is the epoch
 * itself.
 */
export type YearsAgo = number;

/** The date that the sandbox takes as today. It is fixed so that the generated data is the same on any day. */
export const EPOCH = new Date('2026-11-16T07:00:00Z');

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const YEAR_MS = 365.25 * DAY_MS;
/** The practice is in Arizona, which has no daylight saving time, so every day has 24 hours. */
const OFFSET_MS = -7 * 60 * MINUTE_MS;

export const YEARS_PER_DAY = DAY_MS / YEAR_MS;
export const weeks = (count: number): YearsAgo => count * 7 * YEARS_PER_DAY;
export const months = (count: number): YearsAgo => count / 12;

export const dateAt = (epoch: Date, ago: YearsAgo): Date => new Date(epoch.getTime() - ago * YEAR_MS);
export const yearsBetween = (from: Date, until: Date): number => (until.getTime() - from.getTime()) / YEAR_MS;
export const addMinutes = (moment: Date, count: number): Date => new Date(moment.getTime() + count * MINUTE_MS);
export const addDays = (moment: Date, count: number): Date => new Date(moment.getTime() + count * DAY_MS);

const toLocalTime = (moment: Date): Date => new Date(moment.getTime() + OFFSET_MS);

/** Formats a time as a FHIR date in the practice's time zone. */
export const toFhirDate = (moment: Date): string => toLocalTime(moment).toISOString().slice(0, 10);
/** Formats a time as a FHIR dateTime or instant with the offset of the practice's time zone. */
export const toFhirDateTime = (moment: Date): string => `${toLocalTime(moment).toISOString().slice(0, 19)}-07:00`;

/** Returns the given hour of the practice's day. With `weekday`, a weekend day becomes the Friday before it. */
export function atHour(moment: Date, hour: number, weekday = true): Date {
  const midnight = Math.floor((moment.getTime() + OFFSET_MS) / DAY_MS) * DAY_MS;
  const day = new Date(midnight).getUTCDay();
  const back = !weekday ? 0 : day === 0 ? 2 : day === 6 ? 1 : 0;
  return new Date(midnight - back * DAY_MS - OFFSET_MS + Math.round(hour * 60) * MINUTE_MS);
}

const LONG_DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });

/** Formats a date as people write it, for example March 4, 2026. */
export const longDate = (moment: Date): string => LONG_DATE.format(toLocalTime(moment));

/** Returns the times from `from` down to `until` (inclusive) in intervals of `step` years. */
export function every(step: number, from: YearsAgo, until: YearsAgo = 0): readonly YearsAgo[] {
  const times: YearsAgo[] = [];
  for (let ago = from; ago >= until - 1e-9; ago -= step) times.push(ago);
  return times;
}
