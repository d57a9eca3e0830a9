import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import {
  copy,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  type ValueConverter,
} from '../conversion-rules.ts';
import { conceptText, convertConcept } from '../datatypes/coding.ts';
import { convertQuantity, convertRange } from '../datatypes/datatypes.ts';

const convertRangeParts = elementConverter({
  low: map(convertQuantity),
  high: map(convertQuantity),
  type: map(convertConcept, 'meaning'),
  appliesTo: handledElsewhere,
  age: map(convertRange),
  text: copy,
});

/**
 * Converts a reference range. The text also names the group of people that the range applies to. Otherwise the range
 * for women would look like the one for men. FHIR DSTU2, obs-3: a range must have a bound or a text.
 */
export const convertReferenceRange: ValueConverter = (value, context) => {
  const converted = convertRangeParts(value, context);
  if (!isObject(value) || !isObject(converted)) return undefined;
  if (!['low', 'high', 'text'].some((name) => converted[name] !== undefined)) return undefined;
  const text = textWithGroups(value);
  return text === undefined ? converted : { ...converted, text };
};

function textWithGroups(range: FhirJson): string | undefined {
  const text = nonEmptyText(range['text']);
  const groups = objectsIn(range['appliesTo'])
    .map(conceptText)
    .filter((words) => words !== undefined && words !== text);
  if (groups.length === 0) return text;
  const appliesTo = `applies to: ${groups.join(' and ')}`;
  return text === undefined ? appliesTo : `${text} (${appliesTo})`;
}
