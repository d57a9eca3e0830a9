const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = '(\\d\\d):(\\d\\d):(\\d\\d)';
/**
 * Formats of an HTTP-date (RFC 9110 §5.6.7): the current one, and two obsolete ones that a server must still accept.
 */
const IMF_FIXDATE = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\\d\\d) ([A-Z][a-z]{2}) (\\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(
  `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\\d\\d)-([A-Z][a-z]{2})-(\\d\\d) ${TIME} GMT$`,
);
const ASCTIME = new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([ \\d]\\d) ${TIME} (\\d{4})$`);

/**
 * Parses an HTTP-date.
 * @param now current time; a two-digit year means the latest year that is at most 50 years after it
 * @returns milliseconds since 1970, or undefined if the text isn't a valid HTTP-date
 */
export function parseHttpDate(text: string, now: Date): number | undefined {
  const [fixed, old, asctime] = [IMF_FIXDATE.exec(text), RFC_850.exec(text), ASCTIME.exec(text)];
  if (fixed !== null) return toMilliseconds(fixed[3], fixed[2], fixed[1], fixed.slice(4));
  if (old !== null) return toMilliseconds(fullYear(Number(old[3]), now), old[2], old[1], old.slice(4));
  if (asctime !== null) return toMilliseconds(asctime[6], asctime[1], asctime[2], asctime.slice(3, 6));
  return undefined;
}

function fullYear(digits: number, now: Date): number {
  const year = now.getUTCFullYear() - (now.getUTCFullYear() % 100) + digits;
  return year > now.getUTCFullYear() + 50 ? year - 100 : year;
}

function toMilliseconds(
  year: string | number | undefined,
  month: string | undefined,
  day: string | undefined,
  time: readonly (string | undefined)[],
): number | undefined {
  const [at, date, [hours = 0, minutes = 0, seconds = 0]] = [
    MONTHS.indexOf(month ?? ''),
    Number(day),
    time.map(Number),
  ];
  const found = new Date(Date.UTC(Number(year), at, date, hours, minutes, Math.min(seconds, 59)));
  const isReal = at !== -1 && found.getUTCDate() === date && hours < 24 && minutes < 60 && seconds <= 60;
  return isReal ? found.getTime() : undefined;
}
