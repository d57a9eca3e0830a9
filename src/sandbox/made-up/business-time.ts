import { businessDaysBetween } from '../../apps/index.ts';
import { days, hours, later } from '../../kernel/index.ts';

/**
 * Returns a time that is a number of business days ago, in the sense of the review deadlines. 0 is a few hours ago.
 * @param steps number of earlier events of the same day, so that events keep their order
 */
export function businessDaysAgo(now: Date, count: number, steps = 0): Date {
  let at = later(now, -hours(3));
  while (businessDaysBetween(at, now) < count) at = later(at, -days(1));
  return later(at, steps * 60_000);
}
