import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDifference, restoreText } from './text-difference.ts';

const observation = (category: object, system: string) =>
  JSON.stringify({
    resourceType: 'Observation',
    id: '9acad48d-b97d-8ea0-b798-a1426fc9a06f',
    meta: { profile: [`http://${system}/us-core-heart-rate`] },
    status: 'final',
    category,
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }], text: 'Heart rate' },
    subject: { reference: 'Patient/4ce34e91-3b9a-8662-8c8c-a95fee3b0d9d', display: 'Jiro Dewdrop' },
    effectiveDateTime: '2022-05-31T12:19:00-07:00',
  });

describe('a difference', () => {
  it('is a fraction of a similar text', () => {
    const [original, text] = [
      observation([{ text: 'Vital signs' }], 'hl7.org/fhir/us/core'),
      observation({ text: 'Vital signs' }, 'fhir.org/guides/argonaut'),
    ];
    const difference = findDifference(original, text);
    expect(restoreText(difference + original)).toBe(text);
    expect(difference.length).toBeLessThan(text.length / 5);
  });

  it('finds moved parts', () => {
    const [one, other] = ['"first":"a long value of an element"', '"second":"another long value of an element"'];
    const difference = findDifference(`{${one},${other}}`, `{${other},${one}}`);
    expect(restoreText(`${difference}{${one},${other}}`)).toBe(`{${other},${one}}`);
    expect(difference.length).toBeLessThan(one.length);
  });

  it.each([
    ['an empty text', '{}', ''],
    ['no original', '', '{"a":1}'],
    ['a text without anything in common', '{"a":1}', '[null]'],
    ['an equal text', '{"resourceType":"Patient"}', '{"resourceType":"Patient"}'],
  ])('restores %s', (_, original, text) => {
    expect(restoreText(findDifference(original, text) + original)).toBe(text);
  });

  it('restores any text from any other, and never has half a character', () => {
    const parts = fc.array(
      fc.oneof(
        fc.constantFrom('"system":"http://loinc.org"', '👩‍⚕️👨‍⚕️👩‍⚕️👨‍⚕️👩‍⚕️', '💊'),
        fc.string({ unit: 'grapheme' }),
      ),
    );
    const texts = parts.map((all) => `{${all.join(',')}}`);
    fc.assert(
      fc.property(texts, texts, (original, text) => {
        const difference = findDifference(original, text);
        // PostgreSQL stores both as UTF-8.
        const stored = Buffer.from(difference).toString() + Buffer.from(original).toString();
        return restoreText(stored) === text;
      }),
    );
  });

  it('isn’t needed for JSON, which is returned as it is', () => {
    expect(restoreText('{"a":1}')).toBe('{"a":1}');
  });

  it.each([
    ['equal length', '{"a":2}'],
    ['another length', '{"a":12}'],
  ])('to another original of %s is an error', (_, other) => {
    const difference = findDifference('{"a":1}', '{"a":[1]}');
    expect(() => restoreText(`${difference}${other}`)).toThrow('isn’t of its resource');
  });
});
