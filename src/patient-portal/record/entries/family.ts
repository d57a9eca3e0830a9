import { elementsAt } from '../../../fhir/index.ts';
import { joinList, type ResourceReader } from '../resource-reader.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

/**
 * Describes a relative and the relative's conditions. The title names the relative, so that a condition is never
 * mistaken for the patient's own.
 */
export function describeRelative(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text, texts } = reader;
  const { labels } = messages;
  const [relation, name] = [concepts(resource, 'relationship'), text(resource, 'name')];
  return {
    title:
      relation !== undefined && name !== undefined ? `${relation} (${name})` : (relation ?? name ?? messages.relative),
    date: dateAt(resource, 'date'),
    facts: [
      [labels.relativeHad, joinList(elementsAt(resource, 'condition').map((one) => formatCondition(one, reader)))],
      [labels.status, formatStatus(resource, reader)],
      [labels.reason, concepts(resource, 'dataAbsentReason')],
      [labels.born, dateAt(resource, 'bornDate', 'bornPeriod.start') ?? text(resource, 'bornString')],
      [labels.age, formatAge(resource, 'age', reader)],
      [labels.died, formatDeath(resource, reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

function formatCondition(condition: unknown, reader: ResourceReader): string | undefined {
  const { concepts, dateAt, messages } = reader;
  const conditionName = concepts(condition, 'code');
  if (conditionName === undefined) return undefined;
  const age = formatAge(condition, 'onset', reader);
  const more = [
    age === undefined ? dateAt(condition, 'onsetPeriod.start') : messages.atAge(age),
    concepts(condition, 'outcome'),
    elementsAt(condition, 'contributedToDeath').includes(true) ? messages.ledToDeath : undefined,
  ].filter((one) => one !== undefined);
  return more.length === 0 ? conditionName : `${conditionName} (${more.join(', ')})`;
}

/** Formats an age of a relative, which may be an Age, a Range or a text. */
function formatAge(resource: unknown, name: string, { text, messages, quantity }: ResourceReader): string | undefined {
  const [age] = elementsAt(resource, `${name}Age`).map(quantity);
  const [low] = elementsAt(resource, `${name}Range.low`).map(quantity);
  const [high] = elementsAt(resource, `${name}Range.high`).map(quantity);
  const range = low === undefined || high === undefined ? (low ?? high) : messages.chart.between(low, high);
  const ageText = age ?? range ?? text(resource, `${name}String`);
  const isEstimated = name === 'age' && elementsAt(resource, 'estimatedAge').includes(true);
  return ageText !== undefined && isEstimated ? messages.estimated(ageText) : ageText;
}

function formatDeath(resource: unknown, reader: ResourceReader): string | undefined {
  const age = formatAge(resource, 'deceased', reader);
  const { chart, atAge } = reader.messages;
  const ageText = age === undefined ? reader.dateAt(resource, 'deceasedDate') : atAge(age);
  return ageText ?? (elementsAt(resource, 'deceasedBoolean').includes(true) ? chart.yes : undefined);
}
