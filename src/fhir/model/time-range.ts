/**
 * A range of time in milliseconds since 1970. `low` is inclusive and `high` is exclusive. A range without start or end
 * has an infinite bound.
 */
export interface TimeRange {
  readonly low: number;
  readonly high: number;
}

/** Matches FHIR dates and times. FHIR R4 §2.24.0.1 limits the offset from UTC to 14 hours. */
const DATE_PATTERN =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?)?)?)?$/;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Returns the time that a FHIR date, dateTime or instant covers: 2014 is a whole year, 2014-08-19T01:16:46Z one second.
 * A time without an offset is read as UTC. Returns undefined if the text isn't a date. FHIR R4 search §3.1.1.4.7
 */
export function parseDateRange(text: string): TimeRange | undefined {
  const [, year, month, day, hour, minute, second, fraction, zone] = DATE_PATTERN.exec(text) ?? [];
  if (year === undefined) return undefined;
  const y = Number(year);
  const m = Number(month ?? 1) - 1;
  const d = Number(day ?? 1);
  if (y < 1 || !isCalendarDay(y, m, d)) return undefined;
  if (month === undefined) return { low: utcMilliseconds(y, 0, 1), high: utcMilliseconds(y + 1, 0, 1) };
  if (day === undefined) return { low: utcMilliseconds(y, m, 1), high: utcMilliseconds(y, m + 1, 1) };
  const midnight = utcMilliseconds(y, m, d);
  if (hour === undefined) return { low: midnight, high: midnight + DAY_MS };
  // A leap second (60) counts as the first second of the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 60) return undefined;
  const low =
    midnight + (Number(hour) * 60 + Number(minute) - offsetMinutes(zone)) * MINUTE_MS + Number(second ?? 0) * 1000;
  if (second === undefined) return { low, high: low + MINUTE_MS };
  if (fraction === undefined) return { low, high: low + 1000 };
  const exact = low + Number(fraction.padEnd(3, '0').slice(0, 3));
  return { low: exact, high: exact + 1 };
}

/** Prints an instant for PostgreSQL. Times outside the years 1 to 9999 become infinite. */
export function toPostgresInstant(milliseconds: number): string {
  if (milliseconds < EARLIEST) return '-infinity';
  if (milliseconds >= LATEST) return 'infinity';
  return new Date(milliseconds).toISOString();
}

/** Works like Date.UTC, except that Date.UTC maps years below 100 to the 20th century. */
function utcMilliseconds(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day);
}

const EARLIEST = utcMilliseconds(1, 0, 1);
const LATEST = utcMilliseconds(10_000, 0, 1);

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(utcMilliseconds(year, month, day));
  return date.getUTCMonth() === month && date.getUTCDate() === day;
}

/** Returns an offset such as `-05:00` in minutes east of UTC. */
function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4));
  return zone.startsWith('-') ? -minutes : minutes;
}
