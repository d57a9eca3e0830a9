import { locale, messages } from './messages.js';

const DAY = { dateStyle: 'medium' };
const MONTH = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric' });
const TIME = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
const MOMENT = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
};
const NUMBER = new Intl.NumberFormat(locale);

/** A year, month, day or instant. Browsers parse more than that ("maybe 5" as a month of 2001). */
const FHIR_DATE = /^\d{4}(-\d\d(-\d\d(T\S+)?)?)?$/;

/** Parses a FHIR date as a local day at noon, so that it can't slip to the day before. */
export function dateOf(text) {
  if (!FHIR_DATE.test(text)) return undefined;
  const whole = text.length > 10 ? text : `${text.padEnd(10, '-01'.repeat(2)).slice(0, 10)}T12:00:00`;
  const date = new Date(whole);
  if (Number.isNaN(date.getTime())) return undefined;
  // February 31 must not become a day in March.
  return text.length === 10 && date.getDate() !== Number(text.slice(8)) ? undefined : date;
}

/** The UTC offset of a FHIR instant. An offset of zero is usually a server's, so it says nothing about the place. */
const OFFSET = /[+-](?!00:00)\d\d:\d\d$/;

/**
 * Formats an instant in the local time of the place where it was recorded, which its offset tells. Without an offset, or
 * if the reader's time zone has the same one, it is the reader's time zone, whose name people know.
 */
function formatLocally(options, text, date) {
  const [timeZone] = (text.length > 10 && OFFSET.exec(text)) || [];
  const minutes = timeZone && -Number(`${timeZone[0]}1`) * (timeZone.slice(1, 3) * 60 + Number(timeZone.slice(4)));
  if (timeZone === undefined || minutes === date.getTimezoneOffset())
    return new Intl.DateTimeFormat(locale, options).format(date);
  return new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(date);
}

/** Formats a date with its own precision (a year stays a year). Unparsable text is returned unchanged. */
export function day(text) {
  const date = dateOf(text);
  if (date === undefined || text.length === 4) return String(text ?? '');
  return text.length === 7 ? MONTH.format(date) : formatLocally(DAY, text, date);
}

/** Formats an instant with its time and time zone; a date without a time like day(). */
export const moment = (text) => {
  const date = dateOf(text);
  return date === undefined || text.length <= 10 ? day(text) : formatLocally(MOMENT, text, date);
};

/** Formats the ISO dates within a text. */
export const withDays = (text) => text.replace(/\b\d{4}-\d\d-\d\d\b/g, day);

export const month = (milliseconds) => MONTH.format(new Date(milliseconds));
export const time = (milliseconds) => TIME.format(new Date(milliseconds));

export function age(birthDate, at = new Date()) {
  const born = dateOf(birthDate);
  if (born === undefined) return undefined;
  const years = at.getFullYear() - born.getFullYear();
  return messages.person.age(years * 12 + at.getMonth() - born.getMonth() - (at.getDate() < born.getDate() ? 1 : 0));
}

/** A count of entries. */
export const number = (value) => NUMBER.format(value);

const SIX_DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6, useGrouping: false });
/** A measured value, without the digits beyond the sixth that come from floating-point arithmetic. */
export const valueText = (value) =>
  Math.abs(value) >= 1e6 || Number.isInteger(value) ? String(Math.round(value)) : SIX_DIGITS.format(value);
