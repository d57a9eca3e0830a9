import { elementsAt, isEnteredInError, isProhibited } from '../../../fhir/index.ts';
import { narrativeText } from '../narrative.ts';
import { formatRange } from '../ranges.ts';
import { joinList, joinTexts, type ResourceReader, toText } from '../resource-reader.ts';
import { formatReferences, referenceName, referenceNames } from '../resource-titles.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

export function describeCarePlan(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text, texts, period } = reader;
  const { labels } = messages;
  const activities = formatActivities(resource, reader);
  const description =
    reader.longText(resource, 'description') ?? (activities === undefined ? narrativeText(resource) : undefined);
  return {
    title: text(resource, 'title') ?? formatCategory(resource, reader) ?? messages.plan,
    date: dateAt(resource, 'period.start', 'period.end', 'created'),
    facts: [
      [labels.status, formatStatus(resource, reader)],
      [labels.date, period(resource, 'period')],
      [labels.reason, formatReferences(resource, 'addresses', reader)],
      [labels.says, description],
      [labels.activities, activities],
      [labels.goals, joinList(referenceNames(resource, 'goal', reader))],
      [labels.team, formatReferences(resource, 'careTeam', reader)],
      [
        labels.author,
        formatReferences(resource, 'author', reader) ?? formatReferences(resource, 'contributor', reader),
      ],
      [labels.kind, text(resource, 'title') === undefined ? undefined : concepts(resource, 'category')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/**
 * Formats the category of a care plan. US Core requires the category `assess-plan`, which only says that this is a
 * plan, so a readable label replaces it.
 */
const formatCategory = (resource: unknown, { concept, messages }: ResourceReader): string | undefined =>
  joinTexts(
    elementsAt(resource, 'category')
      .map(concept)
      .map((category) => (category === 'assess-plan' ? messages.plan : category))
      .reverse(),
  );

function formatActivities(resource: unknown, reader: ResourceReader): string | undefined {
  const activityTexts = elementsAt(resource, 'activity').flatMap((activity) => [
    ...elementsAt(activity, 'detail').map((detail) => formatActivity(detail, reader)),
    ...elementsAt(activity, 'reference').map((reference) => referenceName(resource, reference, reader)),
  ]);
  return joinList(activityTexts);
}

/** Statuses of a CarePlan activity that aren't shown, because the heading already says that the activity is planned. */
const PLANNED_STATUSES = ['not-started', 'scheduled', 'in-progress'];

/** Formats a CarePlan.activity.detail. A cancelled or prohibited activity must not look like something to do. */
function formatActivity(detail: unknown, { text, concepts, codeLabel, messages }: ResourceReader): string | undefined {
  const name = concepts(detail, 'code') ?? text(detail, 'description');
  if (name === undefined || isEnteredInError(detail)) return undefined;
  const nameText = isProhibited(detail) ? `${messages.notToBeDone}: ${name}` : name;
  const isPlain = elementsAt(detail, 'status').some((code) => PLANNED_STATUSES.includes(String(code)));
  const status = isPlain ? undefined : codeLabel(detail, 'status', messages.statuses);
  return status === undefined ? nameText : `${nameText} (${status})`;
}

export function describeGoal(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, texts, codeLabel } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'description'),
    date: dateAt(resource, 'startDate', 'statusDate'),
    facts: [
      [labels.status, formatStatus(resource, reader, 'lifecycleStatus')],
      [labels.progress, codeLabel(resource, 'achievementStatus.coding.code', messages.progress)],
      [labels.since, dateAt(resource, 'startDate')],
      [labels.target, joinList(elementsAt(resource, 'target').map((target) => formatTarget(target, reader)))],
      [labels.due, joinTexts(elementsAt(resource, 'target').map((target) => formatDue(target, reader)))],
      [labels.reason, formatReferences(resource, 'addresses', reader)],
      [labels.by, formatReferences(resource, 'expressedBy', reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Formats the target of a goal: Goal.target.measure with its detail[x]. */
function formatTarget(target: unknown, reader: ResourceReader): string | undefined {
  const { concepts, quantity, text } = reader;
  const [range] = elementsAt(target, 'detailRange');
  const detail =
    quantity(elementsAt(target, 'detailQuantity')[0]) ??
    formatRange(range, reader) ??
    concepts(target, 'detailCodeableConcept') ??
    text(target, 'detailString');
  return joinTexts([concepts(target, 'measure'), detail], { joint: ': ' });
}

const formatDue = (target: unknown, { dateAt, quantity }: ResourceReader): string | undefined =>
  dateAt(target, 'dueDate') ?? quantity(elementsAt(target, 'dueDuration')[0]);

export function describeCareTeam(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, texts, text, period } = reader;
  const { labels } = messages;
  const members = elementsAt(resource, 'participant').map((one) => formatMember(resource, one, reader));
  return {
    title: text(resource, 'name') ?? concepts(resource, 'category') ?? labels.team,
    date: dateAt(resource, 'period.start') ?? '',
    facts: [
      [labels.status, formatStatus(resource, reader)],
      [labels.date, period(resource, 'period')],
      [labels.members, joinList(members)],
      [labels.where, formatReferences(resource, 'managingOrganization', reader)],
      [labels.reason, concepts(resource, 'reasonCode') ?? formatReferences(resource, 'reasonReference', reader)],
      [labels.contact, texts(resource, 'telecom.value')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Formats a member of a care team as name and role. */
function formatMember(team: unknown, participant: unknown, reader: ResourceReader): string | undefined {
  const name = toText(referenceName(team, elementsAt(participant, 'member')[0], reader));
  const role = reader.concepts(participant, 'role');
  return name === undefined || role === undefined ? (name ?? role) : `${name} (${role})`;
}
