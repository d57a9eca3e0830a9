import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SKIPPED_ON_CLUSTER } from '../support/database/skipped-on-cluster.ts';

it('each test that is skipped on a cluster exists', () => {
  const missing = SKIPPED_ON_CLUSTER.flatMap(({ file, tests = [] }) => {
    const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    return tests.filter((name) => !source.includes(name)).map((name) => `${file}: ${name}`);
  });
  expect(missing).toEqual([]);
});
