import { days, later } from '../../kernel/index.ts';

/** Last day on which an invitation is valid all day. People take a displayed expiry date for a whole day. */
export function lastFullDay(expiresAt: Date, now: Date): Date {
  const dayBefore = later(expiresAt, -days(1));
  return dayBefore > now ? dayBefore : now;
}
