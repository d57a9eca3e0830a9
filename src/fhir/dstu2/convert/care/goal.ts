import { isObject, nonEmptyText, toList } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, hasReference, hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  append,
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  drop,
  elementConverter,
  handledElsewhere,
  map,
  markSingle,
  type ValueConverter,
  withoutModifierExtensions,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertAnnotation } from '../datatypes/annotation.ts';
import {
  codingConverter,
  codingMapEntries,
  conceptConverter,
  conceptText,
  convertConcept,
  findCode,
} from '../datatypes/coding.ts';
import { convertDuration, convertIdentifier } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const GOAL_LIFECYCLE: CodeMap = codeMap({
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
const ACHIEVED: CodeMap = codeMap({ achieved: 'achieved', sustaining: 'sustaining' });

/**
 * Derives Goal.status for DSTU2 from the R4 lifecycle and achievement statuses. An achieved goal gets the status
 * `achieved`, even if the patient still pursues it. A completed goal with any other achievement status gets the status
 * `cancelled`.
 */
export function goalStatus(lifecycle: string, achievement: string | undefined): string | undefined {
  const code = GOAL_LIFECYCLE.get(lifecycle);
  if (lifecycle !== 'active' && lifecycle !== 'completed') return code;
  const known = ACHIEVED.get(achievement ?? '');
  if (known !== undefined) return known;
  return lifecycle === 'completed' && achievement !== undefined ? 'cancelled' : code;
}

const status: ConversionRule = (from, name, into) => {
  const code = goalStatus(nonEmptyText(from[name]) ?? '', findCode(from['achievementStatus'], ACHIEVEMENT));
  if (code !== undefined) into['status'] = code;
};

const PRIORITIES = codingMapEntries(
  'http://terminology.hl7.org/CodeSystem/goal-priority',
  'http://hl7.org/fhir/goal-priority',
  {
    'high-priority': 'high',
    'medium-priority': 'medium',
    'low-priority': 'low',
  },
);

const description: ConversionRule = (from, name, into) => {
  const value = from[name];
  const text = isObject(value) ? conceptText(value) : undefined;
  if (text !== undefined) into[name] = text;
};

/** DSTU2 allows one target of a goal. The first target with a due date or duration is used. */
const targetParts = elementConverter({ measure: drop, 'detail[x]': drop, 'due[x]': handledElsewhere });
const oneTarget: ConversionRule = withPartsOf(targetParts, (from, name, into, context) => {
  const dueTarget = withoutModifierExtensions(from[name]).find(
    (one) => one['dueDate'] !== undefined || one['dueDuration'] !== undefined,
  );
  const date = nonEmptyText(dueTarget?.['dueDate']);
  const within = convertDuration(dueTarget?.['dueDuration'], context);
  if (date !== undefined) into['targetDate'] = date;
  else if (within !== undefined) into['targetQuantity'] = within;
});

const outcome =
  (convert: ValueConverter, result: string): ConversionRule =>
  (from, name, into, context) => {
    const converted = toList(from[name]).map((one) => convert(one, context));
    append(
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

export const goalConversion: ResourceConversion = {
  type: 'Goal',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    lifecycleStatus: status,
    achievementStatus: handledElsewhere,
    category: map(convertConcept),
    priority: map(conceptConverter(codingConverter(new Map(PRIORITIES)))),
    description,
    subject: map(referenceConverter('Patient', 'Group', 'Organization')),
    startDate: copy,
    startCodeableConcept: map(convertConcept),
    target: markSingle(oneTarget),
    statusDate: copy,
    statusReason: (from, name, into) => {
      const text = nonEmptyText(from[name]);
      if (text !== undefined) into[name] = { text };
    },
    expressedBy: map(referenceConverter('Patient', 'Practitioner', 'RelatedPerson'), 'author'),
    addresses: map(referenceConverter(...ADDRESSED)),
    note: map(convertAnnotation),
    outcomeCode: outcome(convertConcept, 'resultCodeableConcept'),
    outcomeReference: outcome(referenceConverter('Observation'), 'resultReference'),
  }),
  hiddenBy: (from) => hiddenByStatus(from['lifecycleStatus'], GOAL_LIFECYCLE),
  required: ['description', 'status'],
  profiles: [
    argonautProfile(
      'goal',
      (resource) => hasAll(resource, 'description', 'status') && hasReference(resource['subject']),
    ),
  ],
};
