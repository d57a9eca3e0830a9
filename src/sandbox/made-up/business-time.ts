import { businessDaysBetween } from '../../apps/index.ts';
import { days, hours, later, minutes } from '../../kernel/index.ts';

/** Hour in UTC at which made-up events happen. It is a working hour in all of the United States. */
const WORKING_HOUR = 17;

/**
 * Returns a time that is a number of business days ago, in the sense of the review deadlines. 0 is a few hours ago.
 * @param place place among the events of the day, so that they keep their order
 */
export function businessDaysAgo(now: Date, count: number, place = 0): Date {
  if (count === 0) return later(now, -hours(3));
  let at = new Date(now);
  at.setUTCHours(WORKING_HOUR, 0, 0, 0);
  if (at > now) at = later(at, -days(1));
  let counted = businessDaysBetween(at, now);
  while (counted < count) {
    const dayBefore = later(at, -days(1));
    counted += businessDaysBetween(dayBefore, at);
    at = dayBefore;
  }
  return later(at, minutes(7) * place);
}
