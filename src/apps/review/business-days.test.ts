import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { days, later } from '../../kernel/index.ts';
import { businessDaysBetween, enableDeadline, verificationDeadline } from './business-days.ts';

const at = (text: string): Date => new Date(text);

describe('45 CFR 170.404(b)(1)(i): ten business days to verify', () => {
  it.each([
    ['an ordinary Monday', '2026-03-02T15:00:00-05:00', '2026-03-16T23:59:59-04:00'],
    ['over Thanksgiving, and Thanksgiving itself', '2026-11-25T09:00:00-05:00', '2026-12-10T23:59:59-05:00'],
    ['on a holiday: the next day is the first', '2026-11-26T09:00:00-05:00', '2026-12-10T23:59:59-05:00'],
    ['on a Saturday: Monday is the first', '2026-03-07T12:00:00-05:00', '2026-03-20T23:59:59-04:00'],
    ['late on Sunday where it is Monday in UTC', '2026-03-01T23:30:00-05:00', '2026-03-13T23:59:59-04:00'],
    ['late on Monday where it is Tuesday in UTC', '2026-03-02T23:30:00-05:00', '2026-03-16T23:59:59-04:00'],
    ['Christmas on a Saturday is observed on Friday', '2027-12-20T10:00:00-05:00', '2028-01-05T23:59:59-05:00'],
    ['Christmas on a Sunday is observed on Monday', '2022-12-20T10:00:00-05:00', '2023-01-05T23:59:59-05:00'],
    ['Independence Day on a Saturday is observed on Friday', '2026-07-01T10:00:00-04:00', '2026-07-16T23:59:59-04:00'],
    ['into winter time', '2026-10-29T10:00:00-04:00', '2026-11-13T23:59:59-05:00'],
  ])('%s', (_name, submitted, due) => {
    expect(verificationDeadline(at(submitted))).toEqual(at(due));
  });
});

it('45 CFR 170.404(b)(1)(ii): five more business days to enable', () => {
  expect(enableDeadline(at('2026-11-20T16:00:00-05:00'))).toEqual(at('2026-11-30T23:59:59-05:00'));
});

describe('business days between two times', () => {
  it.each([
    ['the same day', '2026-03-02T08:00:00-05:00', '2026-03-02T23:59:59-05:00', 0],
    ['a night', '2026-03-02T23:59:00-05:00', '2026-03-03T00:01:00-05:00', 1],
    ['a weekend', '2026-03-06T12:00:00-05:00', '2026-03-08T12:00:00-05:00', 0],
    ['backwards', '2026-03-09T12:00:00-04:00', '2026-03-05T12:00:00-05:00', -2],
    ['New Year’s Day that is observed in the year before', '2027-12-30T12:00:00-05:00', '2028-01-03T12:00:00-05:00', 1],
  ])('%s', (_name, from, to, count) => {
    expect(businessDaysBetween(at(from), at(to))).toBe(count);
  });

  it('agree with the deadlines for any start', () => {
    const moment = fc.date({ min: at('2020-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z'), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (from) => {
        const due = verificationDeadline(from);
        expect(businessDaysBetween(from, due)).toBe(10);
        expect(businessDaysBetween(from, enableDeadline(from))).toBe(5);
        // Deadlines fall on business days. From the day before a deadline to the deadline, only the
        // day of the deadline counts.
        expect(businessDaysBetween(later(due, -days(1)), due)).toBe(1);
        expect(businessDaysBetween(due, later(due, 1000))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });
});
