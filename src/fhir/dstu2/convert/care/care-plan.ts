import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, hasReference, hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  append,
  appendTo,
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  type DraftElement,
  drop,
  type FhirJson,
  handledElsewhere,
  map,
} from '../conversion-rules.ts';
import { mergeAnnotations } from '../datatypes/annotation.ts';
import { codingConverter, codingMapEntries, conceptConverter, conceptText, hasCoding } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { buildNarrative, hasNarrative, labelled, periodText } from '../datatypes/narrative.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { addToSingleNote, statusNote } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';
import { convertCarePlanActivity } from './care-plan-activity.ts';

export const ARGONAUT_CARE_PLAN = 'http://argonaut.hl7.org';
export const CARE_PLAN_CATEGORIES = new Map(
  codingMapEntries('http://hl7.org/fhir/us/core/CodeSystem/careplan-category', ARGONAUT_CARE_PLAN, {
    'assess-plan': 'assess-plan',
  }),
);
export const CARE_PLAN_STATUS: CodeMap = codeMap({
  draft: 'draft',
  active: 'active',
  'on-hold': 'active',
  revoked: 'cancelled',
  completed: 'completed',
});
const STATUS_NOTES = codeMap({ 'on-hold': 'This plan is on hold.' });

const INTENTS = new Set(['proposal', 'plan', 'order']);

/**
 * Derives CarePlan.status for DSTU2, which has no intent. A plan that is only a proposal gets the status `proposed`,
 * unless it was revoked.
 */
export const carePlanStatus = (intent: unknown, status: unknown): string | undefined => {
  const code = CARE_PLAN_STATUS.get(nonEmptyText(status) ?? '');
  return intent === 'proposal' && code !== undefined && code !== 'cancelled' ? 'proposed' : code;
};

const otherPlan = linkConverter('CarePlan');
const relatedPlan =
  (code: string): ConversionRule =>
  (from, name, into, context) => {
    const plans = objectsIn(from[name]).map((one) => otherPlan(one, context));
    append(
      into,
      'relatedPlan',
      plans.filter((plan) => plan !== undefined).map((plan) => ({ code, plan })),
    );
  };

const author = referenceConverter('Patient', 'Practitioner', 'RelatedPerson', 'Organization');

export const carePlanConversion: ResourceConversion = {
  type: 'CarePlan',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    basedOn: relatedPlan('fulfills'),
    replaces: relatedPlan('replaces'),
    partOf: drop,
    status: (from, name, into) => {
      into[name] = carePlanStatus(from['intent'], from[name]);
    },
    intent: handledElsewhere,
    category: map(conceptConverter(codingConverter(CARE_PLAN_CATEGORIES))),
    title: handledElsewhere,
    description: copy,
    subject: map(referenceConverter('Patient', 'Group')),
    encounter: map(referenceConverter('Encounter', 'EpisodeOfCare'), 'context'),
    period: map(convertPeriod),
    created: drop,
    author: appendTo('author', author),
    contributor: appendTo('author', author),
    careTeam: drop,
    addresses: map(referenceConverter('Condition')),
    supportingInfo: map(referenceConverter(), 'support'),
    goal: map(referenceConverter('Goal')),
    activity: map(convertCarePlanActivity),
    note: mergeAnnotations,
  }),
  hiddenBy: (from) => {
    const intent = nonEmptyText(from['intent']) ?? '';
    if (intent === 'option') return 'intent-option';
    if (!INTENTS.has(intent)) return 'intent-not-understood';
    return hiddenByStatus(from['status'], CARE_PLAN_STATUS);
  },
  complete,
  required: ['status'],
  profiles: [argonautProfile('careplan', isArgonautPlan)],
};

function complete(into: DraftElement, from: FhirJson): void {
  const [title, lastUpdated] = [
    nonEmptyText(from['title']),
    isObject(from['meta']) ? from['meta']['lastUpdated'] : undefined,
  ];
  if (into['description'] === undefined && title !== undefined) into['description'] = title;
  if (lastUpdated !== undefined) into['modified'] = lastUpdated;
  addToSingleNote(into, 'note', statusNote(from, 'status', STATUS_NOTES));
  if (into['text'] !== undefined) return;
  const generated = buildNarrative([title, ...narrativeLines(into)]);
  if (generated !== undefined) into['text'] = generated;
}

/**
 * Returns the lines of the generated CarePlan narrative in reading order. The list has undefined in place of a line
 * that would be empty.
 */
function narrativeLines(into: DraftElement): readonly (string | undefined)[] {
  const description = nonEmptyText(into['description']);
  const note = isObject(into['note']) ? nonEmptyText(into['note']['text']) : undefined;
  return [
    labelled('Status', nonEmptyText(into['status'])),
    description,
    labelled('Time', periodText(into['period'])),
    ...objectsIn(into['category']).map((one) => labelled('Category', conceptText(one))),
    ...objectsIn(into['addresses']).map((one) => labelled('Addresses', nonEmptyText(one['display']))),
    ...objectsIn(into['goal']).map((one) => labelled('Goal', nonEmptyText(one['display']))),
    ...objectsIn(into['activity']).map(activityLine),
    labelled('Note', note),
  ];
}

function activityLine({ detail, reference: to }: FhirJson): string | undefined {
  if (!isObject(detail)) return labelled('Activity', isObject(to) ? nonEmptyText(to['display']) : undefined);
  const what = isObject(detail['code']) ? conceptText(detail['code']) : nonEmptyText(detail['description']);
  const status = nonEmptyText(detail['status']);
  const label = detail['prohibited'] === true ? 'Not to be done' : 'Activity';
  return labelled(label, what === undefined || status === undefined ? what : `${what} (${status})`);
}

function isArgonautPlan(resource: FhirJson): boolean {
  return (
    hasNarrative(resource) &&
    hasAll(resource, 'status') &&
    hasReference(resource['subject']) &&
    objectsIn(resource['category']).some((one) => hasCoding(one, ARGONAUT_CARE_PLAN, 'assess-plan'))
  );
}
