const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const MONTH = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });
const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

/** A FHIR date is a day where the person lives, not a moment: it must not slip to the day before. */
export function dateOf(text) {
  if (!text) return undefined;
  const date =
    text.length <= 10 ? new Date(`${text.padEnd(10, '-01'.repeat(2)).slice(0, 10)}T12:00:00`) : new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const written = (format) => (text) => {
  const date = dateOf(text);
  return date === undefined ? '' : format.format(date);
};

/** Only as exact as it was written: a year stays a year. */
export const day = (text) =>
  text && text.length <= 4 ? text : text && text.length <= 7 ? written(MONTH)(text) : written(DAY)(text);
export const month = written(MONTH);
export const time = (milliseconds) => TIME.format(new Date(milliseconds));

export function age(birthDate, at = new Date()) {
  const born = dateOf(birthDate);
  if (born === undefined) return undefined;
  const months =
    (at.getFullYear() - born.getFullYear()) * 12 +
    at.getMonth() -
    born.getMonth() -
    (at.getDate() < born.getDate() ? 1 : 0);
  if (months < 1) return 'newborn';
  return months < 24 ? `${months} month${months === 1 ? '' : 's'} old` : `${Math.floor(months / 12)} years old`;
}

export const number = (value) => new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }).format(value);
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;
export const capital = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
