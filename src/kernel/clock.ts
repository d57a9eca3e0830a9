/** The current time as a dependency, so that tests can set it and nothing has to sleep. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Seconds in milliseconds. */
export const seconds = (count: number): number => count * 1000;
/** Minutes in milliseconds. */
export const minutes = (count: number): number => seconds(60 * count);
/** Hours in milliseconds. */
export const hours = (count: number): number => minutes(60 * count);
/** Days of 24 hours in milliseconds. */
export const days = (count: number): number => hours(24 * count);

/** Adds milliseconds to a time. @param milliseconds may be negative */
export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);
