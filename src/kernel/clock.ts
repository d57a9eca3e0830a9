/** The current time as a dependency. Tests provide their own clock, so that no test has to wait. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Converts seconds to milliseconds. */
export const seconds = (count: number): number => count * 1000;
/** Converts minutes to milliseconds. */
export const minutes = (count: number): number => seconds(60 * count);
/** Converts hours to milliseconds. */
export const hours = (count: number): number => minutes(60 * count);
/** Converts days of 24 hours to milliseconds. */
export const days = (count: number): number => hours(24 * count);

/** Adds milliseconds to a time. @param milliseconds a negative number gives an earlier time */
export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);
