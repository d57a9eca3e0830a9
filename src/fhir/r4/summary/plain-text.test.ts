import { describe, expect, it } from 'vitest';
import { parseJson } from '../../model/json.ts';
import { choiceText, conceptText, periodText, toLine } from './plain-text.ts';

describe('elements as plain text', () => {
  it.each([
    [{ text: 'Own words', coding: [{ display: 'Of the system' }] }, 'Own words'],
    [{ coding: [{ code: '1' }, { code: '2', display: 'Of the system' }] }, 'Of the system'],
    [{ coding: [{ code: '1' }] }, '1'],
    [{ coding: 'none' }, ''],
    [undefined, ''],
    [{ text: { nested: true } }, ''],
  ])('concept %j', (concept, expected) => {
    expect(conceptText(concept)).toBe(expected);
  });

  it.each([
    ['{"valueQuantity":{"value":1.50,"unit":"mg/dL","comparator":"<"}}', '<1.50 mg/dL'],
    ['{"valueQuantity":{"unit":"mg"}}', ''],
    ['{"valueString":" two\\n lines "}', 'two lines'],
    ['{"valueBoolean":false}', 'No'],
    ['{"valueInteger":0}', '0'],
    ['{"valueRange":{"low":{"value":1},"high":{"value":2,"unit":"h"}}}', '1 to 2 h'],
    ['{"valueRatio":{"numerator":{"value":1},"denominator":{"value":128}}}', '1 / 128'],
    ['{"valueDateTime":"2026-03-01T09:00:00-05:00"}', '2026-03-01'],
    ['{"valueCodeableConcept":{"text":"Positive"}}', 'Positive'],
    ['{"valuePeriod":{"start":"2026"}}', 'from 2026'],
    ['{"valuePeriod":{"start":"2026-01-02T09:00:00Z","end":"2026-01-02T10:00:00Z"}}', '2026-01-02'],
    ['{"valueSampledData":{}}', ''],
    ['"none"', ''],
  ])('choice element %s', (json, expected) => {
    expect(choiceText(parseJson(json), 'value')).toBe(expected);
  });

  it('period without a start, and empty period', () => {
    expect({ onlyEnd: periodText({ end: '2026-02' }), empty: periodText({}), missing: periodText(undefined) }).toEqual({
      onlyEnd: 'up to 2026-02',
      empty: '',
      missing: '',
    });
  });

  it('is a single line of limited length', () => {
    expect(toLine('a\u2028b\u0000c')).toBe('a b c');
    expect(toLine('x'.repeat(100_000))).toHaveLength(301);
  });
});
