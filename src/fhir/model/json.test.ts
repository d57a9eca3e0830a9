import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, printJson } from './json.ts';

describe('JSON of resources (FHIR R4 §2.6.2: the precision of a decimal is part of its value)', () => {
  it.each([
    '1.50',
    '1.0',
    '100',
    '0.0',
    '-0',
    '1e3',
    '1E-7',
    '0.00000001',
    '12345678901234567890',
    '3.14159265358979323846',
  ])('preserves the number %s as written', (number) => {
    expect(printJson(parseJson(`{"value":${number},"list":[${number}]}`))).toBe(
      `{"value":${number},"list":[${number}]}`,
    );
  });

  it('preserves any number as written', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,2})?$/);
    fc.assert(
      fc.property(digits, fc.boolean(), (text, negative) => {
        const number = negative ? `-${text}` : text;
        expect(printJson(parseJson(`[${number}]`))).toBe(`[${number}]`);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('returns plain numbers where no precision is lost', () => {
    expect(parseJson('{"a":12,"b":0.5}')).toEqual({ a: 12, b: 0.5 });
  });

  it('preserves any other value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(printJson(parseJson(text))).toBe(text);
      }),
      { seed: 1 },
    );
  });
});
