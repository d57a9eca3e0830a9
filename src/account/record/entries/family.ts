import { elementsAt } from '../../../fhir/index.ts';
import { listed, quantityText, type Reader } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

/** Conditions of a relative. The title is the relative, so that a condition is never mistaken for the patient's own. */
export function relative(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text, texts } = reader;
  const { labels } = messages;
  const [relation, name] = [concepts(resource, 'relationship'), text(resource, 'name')];
  return {
    title:
      relation !== undefined && name !== undefined ? `${relation} (${name})` : (relation ?? name ?? messages.relative),
    when: dateAt(resource, 'date'),
    facts: [
      [labels.relativeHad, listed(elementsAt(resource, 'condition').map((one) => illness(one, reader)))],
      [labels.status, statusOf(resource, reader)],
      [labels.reason, concepts(resource, 'dataAbsentReason')],
      [labels.born, dateAt(resource, 'bornDate', 'bornPeriod.start') ?? text(resource, 'bornString')],
      [labels.age, ageOf(resource, 'age', reader)],
      [labels.died, diedOf(resource, reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

function illness(condition: unknown, reader: Reader): string | undefined {
  const { concepts, dateAt, words: messages } = reader;
  const conditionName = concepts(condition, 'code');
  if (conditionName === undefined) return undefined;
  const age = ageOf(condition, 'onset', reader);
  const more = [
    age === undefined ? dateAt(condition, 'onsetPeriod.start') : messages.atAge(age),
    concepts(condition, 'outcome'),
    elementsAt(condition, 'contributedToDeath').includes(true) ? messages.ledToDeath : undefined,
  ].filter((one) => one !== undefined);
  return more.length === 0 ? conditionName : `${conditionName} (${more.join(', ')})`;
}

/** Formats an age given as an Age, a Range or a text. */
function ageOf(resource: unknown, name: string, { text, words: messages }: Reader): string | undefined {
  const [age] = elementsAt(resource, `${name}Age`).map(quantityText);
  const [low] = elementsAt(resource, `${name}Range.low`).map(quantityText);
  const [high] = elementsAt(resource, `${name}Range.high`).map(quantityText);
  const range = low === undefined || high === undefined ? (low ?? high) : messages.chart.between(low, high);
  const ageText = age ?? range ?? text(resource, `${name}String`);
  const isEstimated = name === 'age' && elementsAt(resource, 'estimatedAge').includes(true);
  return ageText !== undefined && isEstimated ? messages.estimated(ageText) : ageText;
}

function diedOf(resource: unknown, reader: Reader): string | undefined {
  const age = ageOf(resource, 'deceased', reader);
  const { chart, atAge } = reader.words;
  const ageText = age === undefined ? reader.dateAt(resource, 'deceasedDate') : atAge(age);
  return ageText ?? (elementsAt(resource, 'deceasedBoolean').includes(true) ? chart.yes : undefined);
}
