import { describe, expect, it } from 'vitest';
import { later } from '../kernel/index.ts';
import { createTokenBuckets } from './token-buckets.ts';

function bucketsWithClock() {
  let now = new Date('2026-04-01T12:00:00Z');
  const buckets = createTokenBuckets({ now: () => now });
  const advance = (milliseconds: number): void => {
    now = later(now, milliseconds);
  };
  const takeMany = (count: number, perMinute: number): readonly boolean[] =>
    Array.from({ length: count }, () => buckets.take('a', perMinute).isAllowed);
  return { buckets, advance, takeMany };
}

describe('token buckets', () => {
  it('allow in the long run exactly as many as flow in, however the requests are spread', () => {
    for (const [perMinute, step] of [
      [7, 333],
      [60, 10],
      [1000, 1],
      [600, 61],
    ] as const) {
      const { advance, takeMany } = bucketsWithClock();
      takeMany(perMinute, perMinute);
      let allowed = 0;
      for (let elapsed = 0; elapsed < 600_000; elapsed += step) {
        advance(step);
        allowed += takeMany(1, perMinute).filter(Boolean).length;
      }
      expect(Math.abs(allowed - Math.min(10 * perMinute, 600_000 / step)), `${perMinute}`).toBeLessThanOrEqual(1);
    }
  });

  it('tell after how many seconds a request is allowed again, and then allow it', () => {
    for (const perMinute of [1, 7, 13, 59, 60, 61, 999]) {
      const { buckets, advance, takeMany } = bucketsWithClock();
      takeMany(perMinute, perMinute);
      const { isAllowed, secondsToNext } = buckets.take('a', perMinute);
      expect({ isAllowed, secondsToNext }).toEqual({ isAllowed: false, secondsToNext: Math.ceil(60 / perMinute) });
      advance(secondsToNext * 1000);
      expect(buckets.take('a', perMinute).isAllowed, `${perMinute}`).toBe(true);
    }
  });

  it('follow a change of the number: a lower one counts at once, a higher one fills the bucket faster', () => {
    const { buckets, advance } = bucketsWithClock();
    expect(buckets.take('a', 100).remaining).toBe(99);
    expect(buckets.take('a', 10).remaining).toBe(9);
    expect(buckets.take('a', 600).remaining).toBe(8);
    advance(1000);
    expect(buckets.take('a', 600).remaining).toBe(17);
  });

  it('give nothing when the clock is set back', () => {
    const { buckets, advance, takeMany } = bucketsWithClock();
    takeMany(5, 5);
    advance(-3_600_000);
    expect(buckets.take('a', 5).isAllowed).toBe(false);
    advance(12_000);
    expect(buckets.take('a', 5).isAllowed).toBe(true);
  });

  it('hold back rejections, so that they are 15 ms apart and none waits for more than a second', () => {
    const { buckets, advance, takeMany } = bucketsWithClock();
    const holds = (count: number) => Array.from({ length: count }, () => buckets.take('a', 1).holdMs);
    expect(buckets.take('a', 1)).toMatchObject({ isAllowed: true, holdMs: 0 });
    expect(holds(4)).toEqual([0, 15, 30, 45]);
    advance(50);
    expect(holds(1)).toEqual([10]);
    takeMany(100, 1);
    expect(holds(2)).toEqual([1000, 1000]);
    advance(2000);
    expect(holds(2)).toEqual([0, 15]);
    advance(-3_600_000);
    expect(holds(1)).toEqual([1000]);
    expect(buckets.take('b', 1).holdMs).toBe(0);
  });

  it('are remembered for a bounded number of keys', () => {
    const { buckets } = bucketsWithClock();
    buckets.take('old', 1);
    for (let number = 0; number < 10_000; number += 1) buckets.take(`new ${number}`, 1);
    expect(buckets.take('old', 1).isAllowed).toBe(true);
  });
});
