const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const MONTH = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric' });
const TIME = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

/** A year, a month, a day or a moment. What browsers would read besides ("maybe 5" as a month of 2001) is no date. */
const FHIR_DATE = /^\d{4}(-\d\d(-\d\d(T\S+)?)?)?$/;

/** A FHIR date is a day where the person lives, not a moment: it must not slip to the day before. */
export function dateOf(text) {
  if (!FHIR_DATE.test(text)) return undefined;
  const whole = text.length > 10 ? text : `${text.padEnd(10, '-01'.repeat(2)).slice(0, 10)}T12:00:00`;
  const date = new Date(whole);
  if (Number.isNaN(date.getTime())) return undefined;
  // the thirty-first of February is no day of March
  return text.length === 10 && date.getDate() !== Number(text.slice(8)) ? undefined : date;
}

/** Only as exact as it was written: a year stays a year. What can't be read is shown as it is. */
export function day(text) {
  const date = dateOf(text);
  if (date === undefined || text.length === 4) return String(text ?? '');
  return (text.length === 7 ? MONTH : DAY).format(date);
}

/** Days within a text, in the same form as all others. */
export const withDays = (text) => text.replace(/\b\d{4}-\d\d-\d\d\b/g, day);

export const month = (milliseconds) => MONTH.format(new Date(milliseconds));
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
/** Within a sentence; COPD stays COPD. */
export const small = (text) => (/^\p{Lu}\p{Ll}/u.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text);
