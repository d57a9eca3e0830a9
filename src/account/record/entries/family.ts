import { elementsAt } from '../../../fhir/index.ts';
import { listed, quantityText, type Reader } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

/** What a relative had. The title is the relative, so that no illness is taken for the patient's own. */
export function relative(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, text, texts } = reader;
  const { labels } = words;
  const [relation, name] = [concepts(resource, 'relationship'), text(resource, 'name')];
  return {
    title:
      relation !== undefined && name !== undefined ? `${relation} (${name})` : (relation ?? name ?? words.relative),
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
  const { concepts, dateAt, words } = reader;
  const what = concepts(condition, 'code');
  if (what === undefined) return undefined;
  const age = ageOf(condition, 'onset', reader);
  const more = [
    age === undefined ? dateAt(condition, 'onsetPeriod.start') : words.atAge(age),
    concepts(condition, 'outcome'),
    elementsAt(condition, 'contributedToDeath').includes(true) ? words.ledToDeath : undefined,
  ].filter((one) => one !== undefined);
  return more.length === 0 ? what : `${what} (${more.join(', ')})`;
}

/** An Age, a Range of ages, or words. */
function ageOf(resource: unknown, name: string, { text, words }: Reader): string | undefined {
  const [age] = elementsAt(resource, `${name}Age`).map(quantityText);
  const [low] = elementsAt(resource, `${name}Range.low`).map(quantityText);
  const [high] = elementsAt(resource, `${name}Range.high`).map(quantityText);
  const range = low === undefined || high === undefined ? (low ?? high) : words.chart.between(low, high);
  const told = age ?? range ?? text(resource, `${name}String`);
  const isEstimated = name === 'age' && elementsAt(resource, 'estimatedAge').includes(true);
  return told !== undefined && isEstimated ? words.estimated(told) : told;
}

function diedOf(resource: unknown, reader: Reader): string | undefined {
  const age = ageOf(resource, 'deceased', reader);
  const { chart, atAge } = reader.words;
  const told = age === undefined ? reader.dateAt(resource, 'deceasedDate') : atAge(age);
  return told ?? (elementsAt(resource, 'deceasedBoolean').includes(true) ? chart.yes : undefined);
}
