import { oneAnnotation } from './annotation.ts';
import { activity } from './care-plan-activity.ts';
import { conceptOf, hasCoding, recoded, recodings, wordsOf } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, pointsTo } from './conversion.ts';
import { identifier, period } from './datatypes.ts';
import {
  add,
  addedTo,
  type Codes,
  codes,
  type Draft,
  dropped,
  isObject,
  type Json,
  kept,
  objectsIn,
  of,
  type Rule,
  readElsewhere,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { hasNarrative, labelled, narrative, periodWords } from './narrative.ts';
import { link, reference } from './reference.ts';
import { addToNote, toldStatus } from './told-status.ts';

export const ARGONAUT_CARE_PLAN = 'http://argonaut.hl7.org';
export const CARE_PLAN_CATEGORIES = new Map(
  recodings('http://hl7.org/fhir/us/core/CodeSystem/careplan-category', ARGONAUT_CARE_PLAN, {
    'assess-plan': 'assess-plan',
  }),
);
export const CARE_PLAN_STATUS: Codes = codes({
  draft: 'draft',
  active: 'active',
  'on-hold': 'active',
  revoked: 'cancelled',
  completed: 'completed',
});
const STATUS_NOTES = codes({ 'on-hold': 'This plan is on hold.' });

const INTENTS = new Set(['proposal', 'plan', 'order']);

/** DSTU2 has no intent. A plan that is only a proposal gets the status `proposed`, unless it was revoked. */
export const carePlanStatus = (intent: unknown, status: unknown): string | undefined => {
  const code = CARE_PLAN_STATUS.get(textOf(status) ?? '');
  return intent === 'proposal' && code !== undefined && code !== 'cancelled' ? 'proposed' : code;
};

const otherPlan = link('CarePlan');
const relatedPlan =
  (code: string): Rule =>
  (from, name, into, context) => {
    const plans = objectsIn(from[name]).map((one) => otherPlan(one, context));
    add(
      into,
      'relatedPlan',
      plans.filter((plan) => plan !== undefined).map((plan) => ({ code, plan })),
    );
  };

const author = reference('Patient', 'Practitioner', 'RelatedPerson', 'Organization');

export const carePlan: Conversion = {
  type: 'CarePlan',
  rules: resourceRules({
    identifier: of(identifier),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    basedOn: relatedPlan('fulfills'),
    replaces: relatedPlan('replaces'),
    partOf: dropped,
    status: (from, name, into) => {
      into[name] = carePlanStatus(from['intent'], from[name]);
    },
    intent: readElsewhere,
    category: of(conceptOf(recoded(CARE_PLAN_CATEGORIES))),
    title: readElsewhere,
    description: kept,
    subject: of(reference('Patient', 'Group')),
    encounter: of(reference('Encounter', 'EpisodeOfCare'), 'context'),
    period: of(period),
    created: dropped,
    author: addedTo('author', author),
    contributor: addedTo('author', author),
    careTeam: dropped,
    addresses: of(reference('Condition')),
    supportingInfo: of(reference(), 'support'),
    goal: of(reference('Goal')),
    activity: of(activity),
    note: oneAnnotation,
  }),
  hiddenBy: (from) => {
    const intent = textOf(from['intent']) ?? '';
    if (intent === 'option') return 'intent-option';
    if (!INTENTS.has(intent)) return 'intent-not-understood';
    return hiddenByStatus(from['status'], CARE_PLAN_STATUS);
  },
  complete,
  required: ['status'],
  profiles: [argonaut('careplan', isArgonautPlan)],
};

function complete(into: Draft, from: Json): void {
  const [title, lastUpdated] = [
    textOf(from['title']),
    isObject(from['meta']) ? from['meta']['lastUpdated'] : undefined,
  ];
  if (into['description'] === undefined && title !== undefined) into['description'] = title;
  if (lastUpdated !== undefined) into['modified'] = lastUpdated;
  addToNote(into, 'note', toldStatus(from, 'status', STATUS_NOTES));
  if (into['text'] !== undefined) return;
  const generated = narrative([title, ...narrativeLines(into)]);
  if (generated !== undefined) into['text'] = generated;
}

/** The lines of the generated narrative, in reading order. */
function narrativeLines(into: Draft): readonly (string | undefined)[] {
  const description = textOf(into['description']);
  const note = isObject(into['note']) ? textOf(into['note']['text']) : undefined;
  return [
    labelled('Status', textOf(into['status'])),
    description,
    labelled('Time', periodWords(into['period'])),
    ...objectsIn(into['category']).map((one) => labelled('Category', wordsOf(one))),
    ...objectsIn(into['addresses']).map((one) => labelled('Addresses', textOf(one['display']))),
    ...objectsIn(into['goal']).map((one) => labelled('Goal', textOf(one['display']))),
    ...objectsIn(into['activity']).map(activityLine),
    labelled('Note', note),
  ];
}

function activityLine({ detail, reference: to }: Json): string | undefined {
  if (!isObject(detail)) return labelled('Activity', isObject(to) ? textOf(to['display']) : undefined);
  const what = isObject(detail['code']) ? wordsOf(detail['code']) : textOf(detail['description']);
  const status = textOf(detail['status']);
  const label = detail['prohibited'] === true ? 'Not to be done' : 'Activity';
  return labelled(label, what === undefined || status === undefined ? what : `${what} (${status})`);
}

function isArgonautPlan(resource: Json): boolean {
  return (
    hasNarrative(resource) &&
    hasAll(resource, 'status') &&
    pointsTo(resource['subject']) &&
    objectsIn(resource['category']).some((one) => hasCoding(one, ARGONAUT_CARE_PLAN, 'assess-plan'))
  );
}
