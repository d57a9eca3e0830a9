import { describe, expect, it } from 'vitest';
import { createTotalCache, createVersionedCache, type TotalSnapshot, totalCacheKey } from './total-cache.ts';

const snapshot = (total: number) => ({ total, asOf: '2026-11-02 09:00:00+00' });

describe('the total cache', () => {
  it('returns a total only for the record version it was counted at', () => {
    const totals = createTotalCache();
    totals.set('a', '1', snapshot(5));
    expect(totals.get('a', '1')).toEqual(snapshot(5));
    expect(totals.get('a', '2')).toBeUndefined();
    totals.set('a', '2', snapshot(6));
    expect({ first: totals.get('a', '1'), second: totals.get('a', '2') }).toEqual({
      first: undefined,
      second: snapshot(6),
    });
  });

  it('evicts the oldest totals beyond its limit', () => {
    const totals = createVersionedCache<TotalSnapshot>(2);
    for (const key of ['a', 'b', 'a', 'c']) totals.set(key, '1', snapshot(1));
    expect(['a', 'b', 'c'].map((key) => totals.has(key))).toEqual([true, false, true]);
  });
});

describe('the cache key of a total', () => {
  it('differs by SQL text and by every parameter, however long', () => {
    const long = 'x'.repeat(5000);
    const keys = [
      totalCacheKey('a $1', [1, 'b']),
      totalCacheKey('a $1', [1, 'c']),
      totalCacheKey('a $1', ['1', 'b']),
      totalCacheKey('a $2', [1, 'b']),
      totalCacheKey('a $1', [[1n, 2n]]),
      totalCacheKey('a $1', [[12n]]),
      totalCacheKey('a $1', [`${long}1`]),
      totalCacheKey('a $1', [`${long}2`]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(600);
    expect(totalCacheKey('a $1', [[1n, 2n]])).toBe(totalCacheKey('a $1', [[1n, 2n]]));
  });
});
