import { annotation } from './annotation.ts';
import { codeIn, concept, conceptOf, recoded, recodings, wordsOf } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, pointsTo } from './conversion.ts';
import { duration, identifier } from './datatypes.ts';
import {
  add,
  type Codes,
  type Convert,
  codes,
  dropped,
  isObject,
  kept,
  likeParts,
  listOf,
  of,
  type Rule,
  readElsewhere,
  shape,
  single,
  textOf,
  unmodified,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

export const LIFECYCLE: Codes = codes({
  proposed: 'proposed',
  planned: 'planned',
  accepted: 'accepted',
  active: 'in-progress',
  'on-hold': 'on-hold',
  completed: 'achieved',
  cancelled: 'cancelled',
  rejected: 'rejected',
});

const ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement';
const ACHIEVED: Codes = codes({ achieved: 'achieved', sustaining: 'sustaining' });

/**
 * Derives the single DSTU2 status from two R4 statuses. An achieved goal counts as achieved whether or not it is still
 * pursued; a completed goal with any other achievement counts as cancelled.
 */
export function goalStatus(lifecycle: string, achievement: string | undefined): string | undefined {
  const code = LIFECYCLE.get(lifecycle);
  if (lifecycle !== 'active' && lifecycle !== 'completed') return code;
  const known = ACHIEVED.get(achievement ?? '');
  if (known !== undefined) return known;
  return lifecycle === 'completed' && achievement !== undefined ? 'cancelled' : code;
}

const status: Rule = (from, name, into) => {
  const code = goalStatus(textOf(from[name]) ?? '', codeIn(from['achievementStatus'], ACHIEVEMENT));
  if (code !== undefined) into['status'] = code;
};

const PRIORITIES = recodings(
  'http://terminology.hl7.org/CodeSystem/goal-priority',
  'http://hl7.org/fhir/goal-priority',
  {
    'high-priority': 'high',
    'medium-priority': 'medium',
    'low-priority': 'low',
  },
);

const description: Rule = (from, name, into) => {
  const value = from[name];
  const text = isObject(value) ? wordsOf(value) : undefined;
  if (text !== undefined) into[name] = text;
};

/** DSTU2 allows one target: the first that has a due date or duration. */
const targetParts = shape({ measure: dropped, 'detail[x]': dropped, 'due[x]': readElsewhere });
const oneTarget: Rule = likeParts(targetParts, (from, name, into, context) => {
  const dueTarget = unmodified(from[name]).find(
    (one) => one['dueDate'] !== undefined || one['dueDuration'] !== undefined,
  );
  const date = textOf(dueTarget?.['dueDate']);
  const within = duration(dueTarget?.['dueDuration'], context);
  if (date !== undefined) into['targetDate'] = date;
  else if (within !== undefined) into['targetQuantity'] = within;
});

const outcome =
  (convert: Convert, result: string): Rule =>
  (from, name, into, context) => {
    const converted = listOf(from[name]).map((one) => convert(one, context));
    add(
      into,
      'outcome',
      converted.filter((one) => one !== undefined).map((one) => ({ [result]: one })),
    );
  };

const ADDRESSED = [
  'Condition',
  'Observation',
  'MedicationStatement',
  'NutritionOrder',
  'ProcedureRequest',
  'RiskAssessment',
];

export const goal: Conversion = {
  type: 'Goal',
  rules: resourceRules({
    identifier: of(identifier),
    lifecycleStatus: status,
    achievementStatus: readElsewhere,
    category: of(concept),
    priority: of(conceptOf(recoded(new Map(PRIORITIES)))),
    description,
    subject: of(reference('Patient', 'Group', 'Organization')),
    startDate: kept,
    startCodeableConcept: of(concept),
    target: single(oneTarget),
    statusDate: kept,
    statusReason: (from, name, into) => {
      const text = textOf(from[name]);
      if (text !== undefined) into[name] = { text };
    },
    expressedBy: of(reference('Patient', 'Practitioner', 'RelatedPerson'), 'author'),
    addresses: of(reference(...ADDRESSED)),
    note: of(annotation),
    outcomeCode: outcome(concept, 'resultCodeableConcept'),
    outcomeReference: outcome(reference('Observation'), 'resultReference'),
  }),
  hiddenBy: (from) => hiddenByStatus(from['lifecycleStatus'], LIFECYCLE),
  required: ['description', 'status'],
  profiles: [
    argonaut('goal', (resource) => hasAll(resource, 'description', 'status') && pointsTo(resource['subject'])),
  ],
};
