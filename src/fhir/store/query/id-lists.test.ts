import { describe, expect, it } from 'vitest';
import { copyIds } from './id-lists.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => `${digit.repeat(8)}-0000-4000-8000-000000000000`) as [
  string,
  string,
  string,
];

describe('a list of ids', () => {
  it.each([[[]], [[A]], [[A, B, C]]])('has the ids %j and each part of them', (ids) => {
    const list = copyIds(ids);
    expect(list.length).toBe(ids.length);
    for (let from = 0; from <= ids.length; from += 1)
      for (let to = 0; to <= ids.length; to += 1) expect(list.slice(from, to)).toEqual(ids.slice(from, to));
  });
});
