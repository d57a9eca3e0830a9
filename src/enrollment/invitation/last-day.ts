import { days, later } from '../../kernel/index.ts';

/** What people are told of an expiry is a day, and they take it for a whole one: the last on which it is good all day. */
export function lastDay(expiresAt: Date, now: Date): Date {
  const dayBefore = later(expiresAt, -days(1));
  return dayBefore > now ? dayBefore : now;
}
