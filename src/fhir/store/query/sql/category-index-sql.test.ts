import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { findCategoryIndex } from './category-index-sql.ts';

const MIGRATION = new URL('../../../../database/migrations/052_observations_by_category.sql', import.meta.url);

it.each(['laboratory', 'vital-signs', 'LABORATORY'])(
  '%s: the predicate is that of an index of the database',
  (code) => {
    const use = findCategoryIndex({ kind: 'token', index: 'category', values: [{ system: undefined, code }] });
    const predicates = [...readFileSync(MIGRATION, 'utf8').matchAll(/where (flags .*);/g)].map(
      ([, predicate]) => predicate,
    );
    expect(predicates).toHaveLength(2);
    expect(predicates).toContain(use?.predicate.replace('r.flags', 'flags'));
  },
);

it('says the same as the condition only if that names no code system', () => {
  const isWhole = (system: string | undefined) =>
    findCategoryIndex({ kind: 'token', index: 'category', values: [{ system, code: 'laboratory' }] })?.isWhole;
  expect([undefined, '', 'http://terminology.hl7.org/CodeSystem/observation-category'].map(isWhole)).toEqual([
    true,
    false,
    false,
  ]);
});

it('has no predicate for other codes, other parameters and several codes', () => {
  const [laboratory, survey] = ['laboratory', 'survey'].map((code) => ({ system: undefined, code }));
  for (const [index, values] of [
    ['category', [survey]],
    ['code', [laboratory]],
    ['category', [laboratory, survey]],
    ['category', [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: undefined }]],
  ] as const)
    expect(
      findCategoryIndex({ kind: 'token', index, values: values.filter((one) => one !== undefined) }),
    ).toBeUndefined();
});
