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
  expect({ name: textAt(value, 'name'), empty: textAt(value, 'empty'), list: textAt(value, 'list') }).toEqual({
    name: 'Ana',
    empty: undefined,
    list: undefined,
  });
  expect({
    list: itemsAt(value, 'list').length,
    name: itemsAt(value, 'name'),
    ofArray: itemsAt([value], 'list'),
  }).toEqual({ list: 4, name: [], ofArray: [] });
  expect(objectsIn(value.list)).toEqual([{ a: 1 }]);
  expect({ list: toList('text'), number: nonEmptyText(number), ofNull: textAt(null, 'name') }).toEqual({
    list: [],
    number: undefined,
    ofNull: undefined,
  });
});
