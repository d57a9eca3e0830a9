import { describe, expect, it } from 'vitest';
import { keyOfTotal, openTotals } from './totals.ts';

const facts = (total: number) => ({ total, asOf: '2026-11-02 09:00:00+00' });

describe('the total cache', () => {
  it('returns a total only for the record version it was counted at', () => {
    const totals = openTotals();
    totals.keep('a', '1', facts(5));
    expect(totals.find('a', '1')).toEqual(facts(5));
    expect(totals.find('a', '2')).toBeUndefined();
    totals.keep('a', '2', facts(6));
    expect([totals.find('a', '1'), totals.find('a', '2')]).toEqual([undefined, facts(6)]);
  });

  it('evicts the oldest totals beyond its limit', () => {
    const totals = openTotals(2);
    for (const key of ['a', 'b', 'a', 'c']) totals.keep(key, '1', facts(1));
    expect(['a', 'b', 'c'].map((key) => totals.has(key))).toEqual([true, false, true]);
  });
});

describe('the cache key of a total', () => {
  it('differs by SQL text and by every parameter, however long', () => {
    const long = 'x'.repeat(5000);
    const keys = [
      keyOfTotal('a $1', [1, 'b']),
      keyOfTotal('a $1', [1, 'c']),
      keyOfTotal('a $1', ['1', 'b']),
      keyOfTotal('a $2', [1, 'b']),
      keyOfTotal('a $1', [[1n, 2n]]),
      keyOfTotal('a $1', [[12n]]),
      keyOfTotal('a $1', [`${long}1`]),
      keyOfTotal('a $1', [`${long}2`]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(Math.max(...keys.map(({ length }) => length))).toBeLessThan(600);
    expect(keyOfTotal('a $1', [[1n, 2n]])).toBe(keyOfTotal('a $1', [[1n, 2n]]));
  });
});
