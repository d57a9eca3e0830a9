import { describe, expect, it } from 'vitest';
import { sample } from '../support/runs/slice.ts';

const numbers = Array.from({ length: 200 }, (_, at) => at);

describe('a sample of an exhaustive list', () => {
  it('is the same each time, in the order of the list, and of the requested size', () => {
    const one = sample(numbers, { share: 0.2 });
    expect(sample(numbers, { share: 0.2 })).toEqual(one);
    expect(one).toHaveLength(40);
    expect(one).toEqual([...one].sort((a, b) => a - b));
    expect(new Set(one).size).toBe(40);
  });

  it('has at least one of each kind, however many kinds there are', () => {
    const kindsOf = (one: number) => [`tens ${Math.floor(one / 10)}`, `digit ${one % 10}`];
    const kinds = new Set(sample(numbers, { share: 0.01, kinds: kindsOf }).flatMap(kindsOf));
    expect(kinds).toEqual(new Set(numbers.flatMap(kindsOf)));
  });

  it('includes every example that must always be tested', () => {
    const named = [3, 77, 199];
    expect(sample(numbers, { share: 0.05, always: (one) => named.includes(one) })).toEqual(
      expect.arrayContaining(named),
    );
  });

  it('of an empty list is empty', () => {
    expect(sample([])).toEqual([]);
  });
});
