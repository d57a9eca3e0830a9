import { describe, expect, it } from 'vitest';
import { atHour, every, toFhirDate, toFhirDateTime } from '../scenarios/calendar.ts';
import { valueAt } from '../scenarios/trend.ts';
import { seededRandom } from './seeded-random.ts';

describe('a trend', () => {
  const trend = [
    [8, 100],
    [4, 60],
    [0, 80],
  ] as const;

  it.each([
    [9, 100],
    [8, 100],
    [6, 80],
    [4, 60],
    [1, 75],
    [0, 80],
  ])('%d years ago is %d', (ago, value) => expect(valueAt(trend, ago)).toBe(value));

  it('is constant with a single point', () =>
    expect({ after: valueAt([[3, 7]], 9), before: valueAt([[3, 7]], 0) }).toEqual({ after: 7, before: 7 }));
});

describe('the calendar', () => {
  it('writes the practice’s time, seven hours behind UTC', () => {
    const moment = new Date('2026-03-01T05:30:00Z');
    expect({ dateText: toFhirDate(moment), timeText: toFhirDateTime(moment) }).toEqual({
      dateText: '2026-02-28',
      timeText: '2026-02-28T22:30:00-07:00',
    });
  });

  it('moves office hours off the weekend', () => {
    const sunday = new Date('2026-03-01T18:00:00Z');
    expect(toFhirDateTime(atHour(sunday, 9.5))).toBe('2026-02-27T09:30:00-07:00');
    expect(toFhirDateTime(atHour(sunday, 9.5, false))).toBe('2026-03-01T09:30:00-07:00');
  });

  it('lists times from the oldest to the newest', () => expect(every(0.5, 2, 1)).toEqual([2, 1.5, 1]));
});

describe('the random generator', () => {
  it('repeats for the same names and differs for others', () => {
    const rolls = (...names: string[]) => Array.from({ length: 5 }, seededRandom(...names).next);
    expect(rolls('a', 'b')).toEqual(rolls('a', 'b'));
    expect(rolls('a', 'b')).not.toEqual(rolls('ab'));
    expect(Array.from({ length: 3 }, seededRandom('a').fork('b').next)).toEqual(rolls('a', 'b').slice(0, 3));
  });

  it('has uniform values, and normal values within 2.5 standard deviations', () => {
    const dice = seededRandom('evenness');
    const rolls = Array.from({ length: 20_000 }, dice.next);
    expect(rolls.reduce((a, b) => a + b) / rolls.length).toBeCloseTo(0.5, 1);
    const bells = Array.from({ length: 20_000 }, dice.normal);
    expect(Math.max(...bells.map(Math.abs))).toBeLessThanOrEqual(2.5);
    expect(bells.filter((bell) => Math.abs(bell) < 1).length / bells.length).toBeCloseTo(0.68, 1);
  });
});
