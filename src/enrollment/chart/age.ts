/** The calendar's date where somebody is. @param zone IANA @returns ISO 8601 date */
export const dateIn = (zone: string, at: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);

/** Whole years on a day; both are ISO 8601 dates. Who is born on February 29 has a birthday on March 1 of other years. */
export function ageOn(day: string, birthDate: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Who acts for a child of this age is invited, never the child. */
export const YOUNGEST = 12;
/** From here on nobody is a guardian for their years alone. */
export const OF_AGE = 18;
