/** What `<input type="datetime-local">` sends: a time on the wall, in no zone. HTML §2.3.5.6 */
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d(?:\.\d{1,3})?)?$/;

/**
 * The instant when the clocks of a zone show a time. Where they show it twice, as in the night that they are set back,
 * the earlier or the later of the two; where they never do, the instant they would have, had they not been set forward.
 * @returns undefined for what is no time
 */
export function instantOf(text: string, zone: string, of: 'earlier' | 'later'): Date | undefined {
  const [, ...parts] = LOCAL.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number);
  if (parts.length === 0 || hour > 23 || minute > 59 || year < 1900) return undefined;
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute));
  // 31 February is no day.
  if (wall.getUTCMonth() !== month - 1 || wall.getUTCDate() !== day) return undefined;
  const offsets = [-DAY, DAY].map((shift) => offsetAt(new Date(wall.getTime() + shift), zone));
  const candidates = offsets.map((offset) => wall.getTime() - offset);
  const right = candidates.filter((at) => at + offsetAt(new Date(at), zone) === wall.getTime());
  const times = right.length > 0 ? right : [wall.getTime() - (offsets[0] ?? 0)];
  return new Date(of === 'earlier' ? Math.min(...times) : Math.max(...times));
}

const DAY = 86_400_000;

/** Milliseconds that the clocks of a zone are ahead of UTC at an instant. */
function offsetAt(at: Date, zone: string): number {
  const shown = wallIn(at, zone);
  return (
    Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) -
    Math.floor(at.getTime() / 1000) * 1000
  );
}

function wallIn(at: Date, zone: string) {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...NUMERIC });
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

const NUMERIC = {
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
} as const;

/** As `<input type="datetime-local">` takes it. */
export function localTimeOf(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = wallIn(at, zone);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}
