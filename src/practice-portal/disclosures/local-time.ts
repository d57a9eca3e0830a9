/** Matches the value of `<input type="datetime-local">`, a local time without a time zone. HTML §2.3.5.6. */
const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d(?:\.\d{1,3})?)?$/;

/**
 * Converts a local time to an instant. If the time occurs twice, when clocks are set back, the caller chooses the
 * earlier or the later instant. If the time is skipped, when clocks are set forward, the result is the instant that it
 * would have been without the change.
 * @returns undefined for an invalid time
 */
export function parseLocalTime(text: string, zone: string, choice: 'earlier' | 'later'): Date | undefined {
  const [, ...parts] = LOCAL_TIME.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number);
  if (parts.length === 0 || hour > 23 || minute > 59 || year < 1900) return undefined;
  const wallTime = new Date(Date.UTC(year, month - 1, day, hour, minute));
  // Date.UTC moves a date such as February 31 to the next month. Such dates are rejected.
  if (wallTime.getUTCMonth() !== month - 1 || wallTime.getUTCDate() !== day) return undefined;
  const offsets = [-DAY_MS, DAY_MS].map((shift) => offsetAt(new Date(wallTime.getTime() + shift), zone));
  const candidates = offsets.map((offset) => wallTime.getTime() - offset);
  const matching = candidates.filter((at) => at + offsetAt(new Date(at), zone) === wallTime.getTime());
  const times = matching.length > 0 ? matching : [wallTime.getTime() - (offsets[0] ?? 0)];
  return new Date(choice === 'earlier' ? Math.min(...times) : Math.max(...times));
}

const DAY_MS = 86_400_000;

/** Returns the offset of the time zone from UTC at an instant, in milliseconds. */
function offsetAt(at: Date, zone: string): number {
  const wallClock = wallClockAt(at, zone);
  return (
    Date.UTC(wallClock.year, wallClock.month - 1, wallClock.day, wallClock.hour, wallClock.minute, wallClock.second) -
    Math.floor(at.getTime() / 1000) * 1000
  );
}

function wallClockAt(at: Date, zone: string) {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...NUMERIC_FORMAT });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type as string, Number(value)]));
  const part = (name: string): number => parts.get(name) ?? 0;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

const NUMERIC_FORMAT = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

/** Formats an instant as the value of `<input type="datetime-local">`. */
export function formatLocalTime(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = wallClockAt(at, zone);
  const twoDigits = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hour)}:${twoDigits(minute)}`;
}
