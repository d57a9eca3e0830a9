/** Returns the calendar date of an instant in a time zone. @param zone IANA name @returns ISO 8601 date */
export const localDate = (zone: string, at: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/**
 * Returns the age in whole years on a day. Both dates are ISO 8601. A person born on February 29 has a birthday on
 * March 1 in common years.
 */
export function ageOnDate(day: string, birthDate: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Minimum age in years of a patient for an account of their own. For younger children, a representative is invited. */
export const MIN_ACCOUNT_AGE = 12;
/** Age in years from which a patient is an adult and a parent's guardianship has ended. */
export const ADULT_AGE = 18;
