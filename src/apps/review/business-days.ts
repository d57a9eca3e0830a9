import { createRequire } from 'node:module';

/** Time zone in which business days begin and end. Holidays are those of the federal calendar in Washington, D.C. */
export const OPERATOR_ZONE = 'America/New_York';

/**
 * Number of business days within which an administrator must verify the identity of a developer, 45
 * CFR 170.404(b)(1)(i).
 */
export const DAYS_TO_VERIFY = 10;
/**
 * Number of business days within which an administrator must enable an app after its developer was
 * verified, 45 CFR 170.404(b)(1)(ii).
 */
export const DAYS_TO_ENABLE = 5;

/**
 * Returns the deadline to verify the developer of an app that was submitted at the given time: the
 * end of the last of `DAYS_TO_VERIFY` business days.
 */
export const verificationDeadline = (now: Date): Date => addBusinessDays(now, DAYS_TO_VERIFY);

/** Returns the deadline to enable an app whose developer was verified at the given time. */
export const enableDeadline = (verifiedAt: Date): Date => addBusinessDays(verifiedAt, DAYS_TO_ENABLE);

/**
 * Counts the business days between two times. The day of the first time is excluded, and the day of
 * the last one included. Returns 0 if both times are on the same day, and 0 or a negative number if
 * `to` is earlier.
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
 * Returns the end of the day that is a number of business days after a time. The day of that time
 * isn't counted, whatever its hour: for a submission on a Saturday the first day is Monday.
 */
export function addBusinessDays(from: Date, count: number): Date {
  let day = toOperatorDate(from);
  for (let left = count; left > 0; ) {
    day = nextDay(day);
    if (isBusinessDay(day)) left -= 1;
  }
  return endOfDay(day);
}

/** A date without a time, such as `2026-11-26`, in the time zone of business days. */
type OperatorDate = string;

const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: OPERATOR_ZONE, dateStyle: 'short' });
const toOperatorDate = (moment: Date): OperatorDate => calendar.format(moment);

/** Returns the day after a date. Computes it in UTC, because UTC has no daylight saving time. */
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
 * Loads the library of holidays on first use. It contains the holidays of the whole world, which
 * take 40 MB, and most commands don't need them.
 */
const requireModule = createRequire(import.meta.url);
const known = new Map<number, ReadonlySet<OperatorDate>>();

/**
 * Returns the federal holidays of a year (5 U.S.C. 6103), including the weekdays on which holidays
 * on a weekend are observed.
 */
function federalHolidays(year: number): ReadonlySet<OperatorDate> {
  const cached = known.get(year);
  if (cached !== undefined) return cached;
  // If January 1 is a Saturday, its holiday is observed on December 31 of the year before. The
  // library lists the holiday under that earlier year, so one call returns all holidays of a year.
  const Holidays = requireModule('date-holidays') as Calendar;
  const listed = new Holidays('US', { types: ['public'] }).getHolidays(year);
  const days = new Set(listed.map(({ date }) => date.slice(0, 10)));
  known.set(year, days);
  return days;
}

const OFFSET = new Intl.DateTimeFormat('en-US', { timeZone: OPERATOR_ZONE, timeZoneName: 'longOffset' });

/**
 * Returns the last second of a day in the time zone of business days. US clocks never change around
 * midnight, so the UTC offset at 02:00 UTC of the next day, which is that evening, also applies to
 * the last second.
 */
function endOfDay(day: OperatorDate): Date {
  const parts = OFFSET.formatToParts(new Date(`${nextDay(day)}T02:00:00Z`));
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value.slice('GMT'.length) || '+00:00';
  return new Date(`${day}T23:59:59${offset}`);
}
