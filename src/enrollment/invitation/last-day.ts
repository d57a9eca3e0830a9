import { days, later } from '../../kernel/index.ts';

/**
 * Returns the last day on which an invitation is valid all day. That day is displayed, because people expect a link to
 * work for the whole of a displayed day.
 */
export function lastFullDay(expiresAt: Date, now: Date): Date {
  const dayBefore = later(expiresAt, -days(1));
  return dayBefore > now ? dayBefore : now;
}
