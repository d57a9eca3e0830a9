import { elementsAt, isForbidden, isMistake } from '../../../fhir/index.ts';
import { narrativeText } from '../narrative.ts';
import { rangeText } from '../observation.ts';
import { referenceName, referred, referredEach } from '../titles.ts';
import { conceptText, joined, listed, type Reader, textOf } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

export function plan(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text, texts, span } = reader;
  const { labels } = messages;
  const activities = activitiesOf(resource, reader);
  const description =
    reader.long(resource, 'description') ?? (activities === undefined ? narrativeText(resource) : undefined);
  return {
    title: text(resource, 'title') ?? categoryOf(resource, reader) ?? messages.plan,
    when: dateAt(resource, 'period.start', 'period.end', 'created'),
    facts: [
      [labels.status, statusOf(resource, reader)],
      [labels.date, span(resource, 'period')],
      [labels.reason, referred(resource, 'addresses', reader)],
      [labels.says, description],
      [labels.activities, activities],
      [labels.goals, listed(referredEach(resource, 'goal', reader))],
      [labels.team, referred(resource, 'careTeam', reader)],
      [labels.author, referred(resource, 'author', reader) ?? referred(resource, 'contributor', reader)],
      [labels.kind, text(resource, 'title') === undefined ? undefined : concepts(resource, 'category')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/**
 * US Core requires the category `assess-plan`, which only says that this is a plan. It is replaced by a readable label.
 */
const categoryOf = (resource: unknown, { words: messages }: Reader): string | undefined =>
  joined(
    elementsAt(resource, 'category')
      .map(conceptText)
      .map((category) => (category === 'assess-plan' ? messages.plan : category))
      .reverse(),
  );

function activitiesOf(resource: unknown, reader: Reader): string | undefined {
  const activityTexts = elementsAt(resource, 'activity').flatMap((activity) => [
    ...elementsAt(activity, 'detail').map((detail) => activityText(detail, reader)),
    ...elementsAt(activity, 'reference').map((reference) => referenceName(resource, reference, reader)),
  ]);
  return listed(activityTexts);
}

/** Statuses that add nothing to the heading, which already says that the activity is planned. */
const STILL_PLANNED = ['not-started', 'scheduled', 'in-progress'];

/** CarePlan.activity.detail. A cancelled or prohibited activity must not look like something to do. */
function activityText(detail: unknown, { text, concepts, coded, words: messages }: Reader): string | undefined {
  const name = concepts(detail, 'code') ?? text(detail, 'description');
  if (name === undefined || isMistake(detail)) return undefined;
  const nameText = isForbidden(detail) ? `${messages.notToBeDone}: ${name}` : name;
  const isPlain = elementsAt(detail, 'status').some((code) => STILL_PLANNED.includes(String(code)));
  const status = isPlain ? undefined : coded(detail, 'status', messages.statuses);
  return status === undefined ? nameText : `${nameText} (${status})`;
}

export function goal(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, texts, coded } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'description'),
    when: dateAt(resource, 'startDate', 'statusDate'),
    facts: [
      [labels.status, statusOf(resource, reader, 'lifecycleStatus')],
      [labels.progress, coded(resource, 'achievementStatus.coding.code', messages.progress)],
      [labels.since, dateAt(resource, 'startDate')],
      [labels.target, listed(elementsAt(resource, 'target').map((target) => targetText(target, reader)))],
      [labels.due, joined(elementsAt(resource, 'target').map((target) => dueOf(target, reader)))],
      [labels.reason, referred(resource, 'addresses', reader)],
      [labels.by, referred(resource, 'expressedBy', reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Goal.target.measure with its detail[x]. */
function targetText(target: unknown, { concepts, quantity, text, words: messages }: Reader): string | undefined {
  const [range] = elementsAt(target, 'detailRange');
  const detail =
    quantity(elementsAt(target, 'detailQuantity')[0]) ??
    rangeText(range, messages.chart) ??
    concepts(target, 'detailCodeableConcept') ??
    text(target, 'detailString');
  return joined([concepts(target, 'measure'), detail], { joint: ': ' });
}

const dueOf = (target: unknown, { dateAt, quantity }: Reader): string | undefined =>
  dateAt(target, 'dueDate') ?? quantity(elementsAt(target, 'dueDuration')[0]);

export function team(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, texts, text, span } = reader;
  const { labels } = messages;
  const members = elementsAt(resource, 'participant').map((one) => memberText(resource, one, reader));
  return {
    title: text(resource, 'name') ?? concepts(resource, 'category') ?? labels.team,
    when: dateAt(resource, 'period.start') ?? '',
    facts: [
      [labels.status, statusOf(resource, reader)],
      [labels.date, span(resource, 'period')],
      [labels.members, listed(members)],
      [labels.where, referred(resource, 'managingOrganization', reader)],
      [labels.reason, concepts(resource, 'reasonCode') ?? referred(resource, 'reasonReference', reader)],
      [labels.contact, texts(resource, 'telecom.value')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Name of the member and the role. */
function memberText(team: unknown, participant: unknown, reader: Reader): string | undefined {
  const name = textOf(referenceName(team, elementsAt(participant, 'member')[0], reader));
  const role = reader.concepts(participant, 'role');
  return name === undefined || role === undefined ? (name ?? role) : `${name} (${role})`;
}
