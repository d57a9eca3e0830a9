import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from './condition.ts';
import { mergeWays, type Way } from './merge-ways.ts';

const INDEXES = ['category', 'code', 'status'];
const CODES = ['a', 'b', 'c'];
const token = (index: string, codes: readonly string[]): Condition => ({
  kind: 'token',
  index,
  values: codes.map((code) => ({ system: undefined, code })),
});
const condition = fc
  .tuple(fc.constantFrom(...INDEXES), fc.subarray(CODES, { minLength: 1 }))
  .map(([index, codes]) => token(index, codes));
const ways = fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { maxLength: 8 });

/** A row has any codes at each index. */
type Row = Readonly<Record<string, readonly string[]>>;
const row: fc.Arbitrary<Row> = fc.record(
  Object.fromEntries(INDEXES.map((index) => [index, fc.subarray(CODES)] as const)),
);
const holds = (one: Condition, of: Row): boolean =>
  one.kind === 'token' && one.values.some(({ code }) => code !== undefined && of[one.index]?.includes(code));
const isFound = (found: Row, by: readonly Way[]): boolean => by.some((way) => way.every((one) => holds(one, found)));

describe('ways that are merged', () => {
  it('find what they found, and are no more than they were', () => {
    fc.assert(
      fc.property(ways, fc.array(row, { maxLength: 20 }), (given, rows) => {
        const merged = mergeWays(given);
        expect(merged.length).toBeLessThanOrEqual(given.length);
        for (const one of rows) expect(isFound(one, merged)).toBe(isFound(one, given));
      }),
      { numRuns: 1000 },
    );
  });

  it('are one where all that tells them apart are values of one parameter, in any order', () => {
    const [c, d] = [token('code', ['x']), token('status', ['y'])];
    const given = CODES.map((code, i) =>
      i % 2 === 0 ? [c, token('category', [code]), d] : [d, c, token('category', [code])],
    );
    const [merged = [], ...others] = mergeWays(given);
    expect(others).toEqual([]);
    expect(new Set(merged)).toEqual(new Set([c, d, token('category', CODES)]));
  });

  it('stay apart where a parameter stands twice: each of the two must hold', () => {
    const given = [
      [token('category', ['a']), token('category', ['b'])],
      [token('category', ['a']), token('category', ['c'])],
    ];
    expect(mergeWays(given)).toEqual(given);
  });
});
