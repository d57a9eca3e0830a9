/** Matches an HL7 timestamp (CDA data type TS): YYYY to YYYYMMDDhhmmss.ffff, with an optional offset. */
const TIMESTAMP = /^(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(\.\d+)?)?)?)?)?)?([+-]\d{4})?$/;

/**
 * Converts an HL7 timestamp to a FHIR date or dateTime of the same precision. A day stays a day: as an instant, it would
 * be another day in most time zones. FHIR requires an offset with a time. A timestamp without one is read as local time
 * in the time zone, because pages show it in that zone as it is written in the document.
 * @returns undefined if the text isn't a timestamp or names a day that doesn't exist
 */
export function toFhirDateTime(text: string, timeZone: string): string | undefined {
  const [match, year = '', month, day, hour, minute = '00', second = '00', fraction = '', offset] =
    TIMESTAMP.exec(text.trim()) ?? [];
  if (match === undefined || year === '0000' || !isRealDay(year, month, day)) return undefined;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return date;
  const time = `${date}T${hour}:${minute}:${second}`;
  return `${time}${fraction}${offset === undefined ? offsetOf(time, timeZone) : formatOffset(offset)}`;
}

/** Converts an HL7 timestamp to a FHIR date of the same precision, without the time. */
export const toFhirDate = (text: string): string | undefined => toFhirDateTime(text, 'UTC')?.slice(0, 10);

/** Whether the first timestamp is of an earlier day than the second, as far as both are precise. */
export function isEarlierDay(text: string, other: string): boolean {
  const length = Math.min(/^\d*/.exec(text)?.[0].length ?? 0, /^\d*/.exec(other)?.[0].length ?? 0, 8);
  return text.slice(0, length) < other.slice(0, length);
}

function isRealDay(year: string, month = '01', day = '01'): boolean {
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
}

const formatOffset = (offset: string): string =>
  /^[+-]0000$/.test(offset) ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(3)}`;

/** Returns the offset from UTC, such as "-05:00", that the time zone has at a local time. */
function offsetOf(localTime: string, timeZone: string): string {
  const wallTime = Date.parse(`${localTime}Z`);
  const guess = minutesAt(wallTime, timeZone);
  const minutes = minutesAt(wallTime - guess * 60_000, timeZone);
  const twoDigits = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  const size = Math.abs(minutes);
  return minutes === 0 ? 'Z' : `${minutes < 0 ? '-' : '+'}${twoDigits(size / 60)}:${twoDigits(size % 60)}`;
}

function minutesAt(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
