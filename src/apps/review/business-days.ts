import { createRequire } from 'node:module';

/** Time zone of business days and holidays: the federal calendar of Washington, D.C. */
export const OPERATOR_ZONE = 'America/New_York';

/** 45 CFR 170.404(b)(1)(i): business days to verify the identity of a developer. */
export const DAYS_TO_VERIFY = 10;
/** 45 CFR 170.404(b)(1)(ii): business days to enable the app after the verification. */
export const DAYS_TO_ENABLE = 5;

/** Returns the deadline to verify the developer of an app submitted at this time: the end of that day. */
export const verificationDeadline = (now: Date): Date => addBusinessDays(now, DAYS_TO_VERIFY);

/** Returns the deadline to enable an app whose developer was verified at this time. */
export const enableDeadline = (verifiedAt: Date): Date => addBusinessDays(verifiedAt, DAYS_TO_ENABLE);

/**
 * Counts business days between the days of two times. The first day is excluded and the last one
 * included. The result is 0 within one day, and negative if `to` is earlier.
 */
export function businessDaysBetween(from: Date, to: Date): number {
  const [first, last] = [toOperatorDate(from), toOperatorDate(to)];
  if (last < first) return -businessDaysBetween(to, from) || 0;
  let count = 0;
  for (let day = first; day < last; ) {
    day = nextDay(day);
    if (isBusinessDay(day)) count += 1;
  }
  return count;
}

/**
 * Returns the end of the day that is a number of business days later. The day of receipt isn't
 * counted, whatever its hour: for a submission on a Saturday the first day is Monday.
 */
export function addBusinessDays(from: Date, count: number): Date {
  let day = toOperatorDate(from);
  for (let left = count; left > 0; ) {
    day = nextDay(day);
    if (isBusinessDay(day)) left -= 1;
  }
  return endOfDay(day);
}

/** A date such as `2026-11-26` in the operator's time zone. */
type OperatorDate = string;

const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: OPERATOR_ZONE, dateStyle: 'short' });
const toOperatorDate = (moment: Date): OperatorDate => calendar.format(moment);

/** Dates have no time zone, so they are counted in UTC, which has no daylight saving time. */
function nextDay(day: OperatorDate): OperatorDate {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

function isBusinessDay(day: OperatorDate): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !federalHolidays(Number(day.slice(0, 4))).has(day);
}

type Calendar = typeof import('date-holidays').default;
/**
 * Loaded on first use: the library contains the holidays of the world, which take 40 MB, and most
 * commands don't need them.
 */
const requireModule = createRequire(import.meta.url);
const known = new Map<number, ReadonlySet<OperatorDate>>();

/** Federal holidays (5 U.S.C. 6103), including the days on which weekend holidays are observed. */
function federalHolidays(year: number): ReadonlySet<OperatorDate> {
  const cached = known.get(year);
  if (cached !== undefined) return cached;
  // If January 1 is a Saturday it is observed on December 31, and the library lists it in the earlier
  // year.
  const Holidays = requireModule('date-holidays') as Calendar;
  const listed = new Holidays('US', { types: ['public'] }).getHolidays(year);
  const days = new Set(listed.map(({ date }) => date.slice(0, 10)));
  known.set(year, days);
  return days;
}

const OFFSET = new Intl.DateTimeFormat('en-US', { timeZone: OPERATOR_ZONE, timeZoneName: 'longOffset' });

/** Returns the last second of a day. Clocks never change at midnight, so the offset of that evening applies. */
function endOfDay(day: OperatorDate): Date {
  const parts = OFFSET.formatToParts(new Date(`${nextDay(day)}T02:00:00Z`));
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length) || '+00:00';
  return new Date(`${day}T23:59:59${offset}`);
}
