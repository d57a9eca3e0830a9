import { expect, it } from 'vitest';
import { businessDaysBetween } from '../../apps/index.ts';
import { days, hours, later } from '../../kernel/index.ts';
import { businessDaysAgo } from './business-time.ts';

// The week has Thanksgiving and a weekend, and the hours are on both sides of midnight in Washington and in UTC.
const MOMENTS = Array.from({ length: 60 }, (_, index) => later(new Date('2026-11-22T01:30:00Z'), hours(5) * index));

it.each([1, 2, 9, 12, 40, 80])('a time %i business days ago is that many business days before now', (count) => {
  for (const now of MOMENTS) {
    const at = businessDaysAgo(now, count, 3);
    expect(businessDaysBetween(at, now), now.toISOString()).toBe(count);
    expect(at < now).toBe(true);
  }
});

it('0 business days ago is the same day or the evening before', () => {
  for (const now of MOMENTS) {
    const at = businessDaysAgo(now, 0);
    expect(at < now && at > later(now, -days(1))).toBe(true);
  }
});
