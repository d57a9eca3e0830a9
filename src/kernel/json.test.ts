import { LosslessNumber } from 'lossless-json';
import { expect, it } from 'vitest';
import { isObject, itemsAt, nonEmptyText, objectsIn, textAt, toList } from './json.ts';

const number = new LosslessNumber('1.50');

it.each([null, undefined, [], 'text', 1, number])('%j isn’t a JSON object', (value) =>
  expect(isObject(value)).toBe(false),
);

it('reads members only of objects, with the expected type', () => {
  const value = { name: 'Ana', empty: '', list: [{ a: 1 }, null, number, []] };
  expect(isObject(value)).toBe(true);
  expect([textAt(value, 'name'), textAt(value, 'empty'), textAt(value, 'list')]).toEqual(['Ana', undefined, undefined]);
  expect([itemsAt(value, 'list').length, itemsAt(value, 'name'), itemsAt([value], 'list')]).toEqual([4, [], []]);
  expect(objectsIn(value.list)).toEqual([{ a: 1 }]);
  expect([toList('text'), nonEmptyText(number), textAt(null, 'name')]).toEqual([[], undefined, undefined]);
});
