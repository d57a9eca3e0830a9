import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowCondition } from '../model/condition.ts';
import { type ConditionGroup, mergeConditionGroups } from './merge-condition-groups.ts';

const INDEXES = ['category', 'code', 'status'];
const CODES = ['a', 'b', 'c'];
const token = (index: string, codes: readonly string[]): RowCondition => ({
  kind: 'token',
  index,
  values: codes.map((code) => ({ system: undefined, code })),
});
const condition = fc
  .tuple(fc.constantFrom(...INDEXES), fc.subarray(CODES, { minLength: 1 }))
  .map(([index, codes]) => token(index, codes));
const groups = fc.array(fc.array(condition, { minLength: 1, maxLength: 3 }), { maxLength: 8 });

/** The codes of one test resource. The keys are names of search indexes. */
type IndexedRow = Readonly<Record<string, readonly string[]>>;
const row: fc.Arbitrary<IndexedRow> = fc.record(
  Object.fromEntries(INDEXES.map((index) => [index, fc.subarray(CODES)] as const)),
);
const holds = (one: RowCondition, codes: IndexedRow): boolean =>
  one.kind === 'token' && one.values.some(({ code }) => code !== undefined && codes[one.index]?.includes(code));
const matches = (codes: IndexedRow, groups: readonly ConditionGroup[]): boolean =>
  groups.some((group) => group.every((one) => holds(one, codes)));

describe('merged condition groups', () => {
  it('match the same rows and are never more numerous', () => {
    fc.assert(
      fc.property(groups, fc.array(row, { maxLength: 20 }), (given, rows) => {
        const merged = mergeConditionGroups(given);
        expect(merged.length).toBeLessThanOrEqual(given.length);
        for (const one of rows) expect(matches(one, merged)).toBe(matches(one, given));
      }),
      { numRuns: 1000 },
    );
  });

  it('become one if they differ only in the values of one parameter, in any order', () => {
    const [c, d] = [token('code', ['x']), token('status', ['y'])];
    const given = CODES.map((code, i) =>
      i % 2 === 0 ? [c, token('category', [code]), d] : [d, c, token('category', [code])],
    );
    const [merged = [], ...others] = mergeConditionGroups(given);
    expect(others).toEqual([]);
    expect(new Set(merged)).toEqual(new Set([c, d, token('category', CODES)]));
  });

  it('stay separate if a parameter occurs twice, because both conditions must hold', () => {
    const given = [
      [token('category', ['a']), token('category', ['b'])],
      [token('category', ['a']), token('category', ['c'])],
    ];
    expect(mergeConditionGroups(given)).toEqual(given);
  });
});
