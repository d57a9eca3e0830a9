import { concept, wordsOf } from './coding.ts';
import { quantity, range } from './datatypes.ts';
import { type Convert, isObject, type Json, kept, objectsIn, of, readElsewhere, shape, textOf } from './element.ts';

const parts = shape({
  low: of(quantity),
  high: of(quantity),
  type: of(concept, 'meaning'),
  appliesTo: readElsewhere,
  age: of(range),
  text: kept,
});

/** For whom a range is goes into its text, or that for women could not be told from that for men. obs-3: no range without bounds or text. */
export const referenceRange: Convert = (value, context) => {
  const made = parts(value, context);
  if (!isObject(value) || !isObject(made)) return undefined;
  if (!['low', 'high', 'text'].some((name) => made[name] !== undefined)) return undefined;
  const text = textWithGroups(value);
  return text === undefined ? made : { ...made, text };
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
