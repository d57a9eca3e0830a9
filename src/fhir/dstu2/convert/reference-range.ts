import { concept, wordsOf } from './coding.ts';
import { quantity, range } from './datatypes.ts';
import { type Convert, isObject, type Json, kept, objectsIn, of, readElsewhere, shape, textOf } from './element.ts';

const convertRangeParts = shape({
  low: of(quantity),
  high: of(quantity),
  type: of(concept, 'meaning'),
  appliesTo: readElsewhere,
  age: of(range),
  text: kept,
});

/**
 * Adds the group that a range applies to to its text; without it, the range for women would look like the one for men.
 * FHIR DSTU2, obs-3: a range must have a bound or a text.
 */
export const referenceRange: Convert = (value, context) => {
  const converted = convertRangeParts(value, context);
  if (!isObject(value) || !isObject(converted)) return undefined;
  if (!['low', 'high', 'text'].some((name) => converted[name] !== undefined)) return undefined;
  const text = textWithGroups(value);
  return text === undefined ? converted : { ...converted, text };
};

function textWithGroups(range: Json): string | undefined {
  const text = textOf(range['text']);
  const groups = objectsIn(range['appliesTo'])
    .map(wordsOf)
    .filter((words) => words !== undefined && words !== text);
  if (groups.length === 0) return text;
  const appliesTo = `applies to: ${groups.join(' and ')}`;
  return text === undefined ? appliesTo : `${text} (${appliesTo})`;
}
