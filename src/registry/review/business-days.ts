import { createRequire } from 'node:module';

/** Days are counted where the operator is: on the calendar of Washington, as its holidays are. */
export const OPERATOR_ZONE = 'America/New_York';

/** 45 CFR 170.404(b)(1)(i): to verify that a developer is who they say. */
export const DAYS_TO_VERIFY = 10;
/** 45 CFR 170.404(b)(1)(ii): to let the app work, once that is done. */
export const DAYS_TO_ENABLE = 5;

/** When a developer has to be verified whose app was handed in at this moment: at the end of that day. */
export const submissionClock = (now: Date): Date => endAfter(now, DAYS_TO_VERIFY);

/** When an app has to work whose developer was verified at this moment. */
export const enableClock = (verifiedAt: Date): Date => endAfter(verifiedAt, DAYS_TO_ENABLE);

/**
 * Business days from the day of one moment to the day of another: the first day is not counted, the last one is. 0 within
 * one day, and below zero when the other is earlier.
 */
export function businessDaysBetween(from: Date, to: Date): number {
  const [first, last] = [dayAt(from), dayAt(to)];
  if (last < first) return -businessDaysBetween(to, from) || 0;
  let count = 0;
  for (let day = first; day < last; ) {
    day = next(day);
    if (isBusinessDay(day)) count += 1;
  }
  return count;
}

/** The end of the last of so many business days. The day of receipt is not counted, whatever its hour: what comes on a Saturday has its first day on Monday. */
export function endAfter(from: Date, count: number): Date {
  let day = dayAt(from);
  for (let left = count; left > 0; ) {
    day = next(day);
    if (isBusinessDay(day)) left -= 1;
  }
  return endOf(day);
}

/** `2026-11-26`, on the operator's calendar. */
type Day = string;

const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: OPERATOR_ZONE, dateStyle: 'short' });
const dayAt = (moment: Date): Day => calendar.format(moment);

/** Days have no zone: UTC, which has no daylight saving time, counts them. */
function next(day: Day): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

function isBusinessDay(day: Day): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidaysOf(Number(day.slice(0, 4))).has(day);
}

type Calendar = typeof import('date-holidays').default;
/** Loaded when it is first asked: it knows the holidays of the world, which are 40 MB, and most commands do without. */
const load = createRequire(import.meta.url);
const known = new Map<number, ReadonlySet<Day>>();

/** Federal holidays, 5 U.S.C. 6103, with the days on which those of a weekend are observed. */
function holidaysOf(year: number): ReadonlySet<Day> {
  const held = known.get(year);
  if (held !== undefined) return held;
  // New Year's Day of a Saturday is observed in the year before, where the library lists it.
  const Holidays = load('date-holidays') as Calendar;
  const listed = new Holidays('US', { types: ['public'] }).getHolidays(year);
  const days = new Set(listed.map(({ date }) => date.slice(0, 10)));
  known.set(year, days);
  return days;
}

const OFFSET = new Intl.DateTimeFormat('en-US', { timeZone: OPERATOR_ZONE, timeZoneName: 'longOffset' });

/** The last second of a day. Clocks are never changed at midnight, so the offset of that evening is right. */
function endOf(day: Day): Date {
  const parts = OFFSET.formatToParts(new Date(`${next(day)}T02:00:00Z`));
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length) || '+00:00';
  return new Date(`${day}T23:59:59${offset}`);
}
