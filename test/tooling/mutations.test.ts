import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutated } from '../deep/mutations/mutation.ts';
import { MUTATIONS } from '../deep/mutations/mutations.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const all = Object.values(MUTATIONS).flat();

describe('the mutations that tests must catch', () => {
  it.each(Object.entries(MUTATIONS))('are eight or more in %s', (_area, mutations) => {
    expect(mutations.length).toBeGreaterThanOrEqual(8);
  });

  it('have unique names', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it.each(all)('$name: applies to $file, and $caughtBy has the tests and is part of every run', (mutation) => {
    const { file, caughtBy, tests } = mutation;
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    expect(mutated(source, mutation)).not.toBe(source);
    expect(caughtBy).toMatch(/^(?:src|test\/(?!deep\/)).*\.test\.ts$/);
    // Otherwise a renamed test no longer runs against the mutation.
    expect(readFileSync(path.join(ROOT, caughtBy), 'utf8')).toContain(tests);
  });
});
