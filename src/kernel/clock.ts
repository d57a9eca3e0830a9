/** Time as a parameter: tests move it, nothing sleeps. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const seconds = (count: number): number => count * 1000;
export const minutes = (count: number): number => seconds(60 * count);
export const hours = (count: number): number => minutes(60 * count);
export const days = (count: number): number => hours(24 * count);

/** @param milliseconds may be negative */
export const later = (from: Date, milliseconds: number): Date => new Date(from.getTime() + milliseconds);
