import { actorsOf, identifiersOf, notesOf, reasonsOf, recordedAt, statusCode } from './common-elements.ts';
import type { Correction, DocumentContext } from './context.ts';
import { type FhirObject, present } from './fhir-object.ts';
import type { Statement } from './statements.ts';
import { toFhirDate } from './timestamp.ts';
import { attributeAt, type CdaNode, contentAt, isNegated, nodeAt, nodesAt } from './tree.ts';
import { timingElements, toCoding, toConcept, toQuantity, toRange, toTiming } from './values.ts';

/** ConceptMap-CF-ProcedureStatus. */
const PROCEDURE_STATUSES: Readonly<Record<string, string>> = {
  completed: 'completed',
  active: 'in-progress',
  aborted: 'stopped',
  cancelled: 'not-done',
  nullified: 'entered-in-error',
};

export const correctProcedure: Correction = (_, { node }, context) => {
  const status = PROCEDURE_STATUSES[statusCode(node)] ?? 'unknown';
  return {
    identifier: identifiersOf(node),
    status: isNegated(node) && status !== 'entered-in-error' ? 'not-done' : status,
    code: nameOf(node),
    ...timingElements('performed', nodeAt(node, 'effectiveTime'), context.timeZone),
    bodySite: nodesAt(node, 'targetSiteCode').map(toConcept),
    performer: actorsOf(node, context).map((actor) => ({ actor })),
    recorder: context.addActor(nodesAt(node, 'author.assignedAuthor').at(-1)),
    reasonCode: reasonsOf(node),
    location: locationsOf(node)[0],
    note: notesOf(node),
  };
};

function nameOf(node: CdaNode): FhirObject | undefined {
  const text = contentAt(node, 'text');
  return toConcept(nodeAt(node, 'code')) ?? (text === undefined ? undefined : { text });
}

/** Names of the places where an encounter or procedure took place (Service Delivery Location). */
const locationsOf = (node: CdaNode): readonly FhirObject[] =>
  nodesAt(node, 'participant')
    .filter((one) => attributeAt(one, 'typeCode') === 'LOC')
    .map((one) => contentAt(one, 'participantRole.playingEntity.name'))
    .filter((name) => name !== undefined)
    .map((display) => ({ display }));

const ACT_CODES = '2.16.840.1.113883.5.4';

/** Kind of visit by CPT codes. C-CDA on FHIR, encounters. */
const VISIT_CLASSES: readonly (readonly [RegExp, string, string])[] = [
  [/^9921[1-5]$/, 'AMB', 'ambulatory'],
  [/^9920[2-5]$/, 'AMB', 'ambulatory'],
  [/^9922[1-3]$/, 'IMP', 'inpatient encounter'],
  [/^9928[1-5]$/, 'EMER', 'emergency'],
];
const UNKNOWN_CLASS = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  code: 'UNK',
  display: 'unknown',
};

export const correctEncounter: Correction = (_, { node, parts }, context) => {
  const { timeZone } = context;
  const codeNode = nodeAt(node, 'code');
  const codes = [codeNode, ...nodesAt(codeNode, 'translation')].filter((one) => one !== undefined);
  const classCode = codes.find((one) => attributeAt(one, 'codeSystem') === ACT_CODES);
  const byCpt = VISIT_CLASSES.find(([pattern]) => pattern.test(attributeAt(codeNode, 'code') ?? ''));
  const cptClass = byCpt && {
    system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
    code: byCpt[1],
    display: byCpt[2],
  };
  const { at, start, end } = toTiming(nodeAt(node, 'effectiveTime'), timeZone);
  const name = toConcept(codeNode);
  const disposition = toConcept(nodeAt(node, 'sdtc:dischargeDispositionCode'));
  return {
    identifier: identifiersOf(node),
    status: encounterStatus(node, (at ?? end) !== undefined),
    class: (classCode && toCoding(classCode)) ?? cptClass ?? UNKNOWN_CLASS,
    type: name === undefined ? undefined : [name],
    period: present({ start: at ?? start, end: at ?? end }),
    participant: actorsOf(node, context).map((individual) => ({ individual })),
    reasonCode: reasonsOf(node),
    diagnosis: parts.map(({ mark }) => ({ condition: { reference: `Condition/${mark}` } })),
    location: locationsOf(node).map((location) => ({ location })),
    hospitalization: disposition === undefined ? undefined : { dischargeDisposition: disposition },
  };
};

/** ConceptMap-CF-EncounterStatus, for what `completed` and `active` don't say. */
const ENCOUNTER_STATUSES: Readonly<Record<string, string>> = {
  cancelled: 'cancelled',
  aborted: 'cancelled',
  held: 'planned',
  suspended: 'onleave',
  nullified: 'entered-in-error',
};

/**
 * Returns the status of a visit. One with an end, or of a single time, is finished. One without an end isn't called in
 * progress unless the document does, because documents often leave out the end.
 */
function encounterStatus(node: CdaNode, hasEnded: boolean): string {
  const other = ENCOUNTER_STATUSES[statusCode(node)];
  if (other !== undefined) return other;
  if ((attributeAt(node, 'moodCode') ?? 'EVN') !== 'EVN') return 'planned';
  if (hasEnded || statusCode(node) === 'completed') return 'finished';
  return statusCode(node) === 'active' ? 'in-progress' : 'unknown';
}

const ORDER_STATUSES: Readonly<Record<string, string>> = {
  active: 'active',
  new: 'draft',
  held: 'on-hold',
  suspended: 'on-hold',
  completed: 'completed',
  aborted: 'revoked',
  cancelled: 'revoked',
  nullified: 'entered-in-error',
};
const INTENTS: Readonly<Record<string, string>> = { RQO: 'order', PRP: 'proposal' };

/** Converts what is planned (Plan of Treatment). undefined if the document doesn't say what it is. */
export function toServiceRequest({ node, mark }: Statement, context: DocumentContext): FhirObject | undefined {
  const code = nameOf(node);
  if (code === undefined) return undefined;
  const text = contentAt(node, 'text');
  return {
    resourceType: 'ServiceRequest',
    id: mark,
    identifier: identifiersOf(node),
    status: ORDER_STATUSES[statusCode(node)] ?? 'unknown',
    intent: INTENTS[attributeAt(node, 'moodCode') ?? ''] ?? 'plan',
    doNotPerform: isNegated(node) ? true : undefined,
    code,
    subject: context.patient,
    ...timingElements('occurrence', nodeAt(node, 'effectiveTime'), context.timeZone),
    authoredOn: recordedAt([node], context),
    requester: context.addActor(nodesAt(node, 'author.assignedAuthor').at(-1)),
    performer: actorsOf(node, context),
    reasonCode: reasonsOf(node),
    patientInstruction: text === code['text'] ? undefined : text,
    note: notesOf(node),
  };
}

const GOAL_STATUSES: Readonly<Record<string, string>> = {
  active: 'active',
  new: 'proposed',
  held: 'on-hold',
  suspended: 'on-hold',
  completed: 'completed',
  aborted: 'cancelled',
  cancelled: 'cancelled',
  nullified: 'entered-in-error',
};

export const correctGoal: Correction = (_, { node }) => {
  const value = nodeAt(node, 'value');
  const said = contentAt(node, 'value');
  const { range, quantity } = toRange(value);
  const measured = toQuantity(value) ?? quantity;
  const isMeasured = measured !== undefined || range !== undefined;
  const what = nameOf(node);
  const start = attributeAt(node, 'effectiveTime.value') ?? attributeAt(node, 'effectiveTime.low.value');
  const due = attributeAt(node, 'effectiveTime.high.value');
  const dueDate = due === undefined ? undefined : toFhirDate(due);
  return {
    identifier: identifiersOf(node),
    lifecycleStatus: GOAL_STATUSES[statusCode(node)] ?? 'active',
    category: undefined,
    description: said === undefined ? ((isMeasured ? undefined : toConcept(value)) ?? what) : { text: said },
    startDate: start === undefined ? undefined : toFhirDate(start),
    target: [
      present({ measure: isMeasured ? what : undefined, detailQuantity: measured, detailRange: range, dueDate }),
    ],
    note: notesOf(node),
  };
};

const TEAM_STATUSES: Readonly<Record<string, string>> = {
  active: 'active',
  completed: 'inactive',
  aborted: 'inactive',
  suspended: 'suspended',
  nullified: 'entered-in-error',
};

export const correctCareTeam: Correction = (_, { node }, context) => ({
  identifier: identifiersOf(node),
  status: TEAM_STATUSES[statusCode(node)],
  subject: context.patient,
  participant: nodesAt(node, 'component.act').flatMap((act) =>
    nodesAt(act, 'performer').map((performer) => toTeamMember(performer, act, context)),
  ),
});

function toTeamMember(
  performer: CdaNode,
  act: CdaNode,
  { addActor, timeZone }: DocumentContext,
): FhirObject | undefined {
  const role = toConcept(nodeAt(performer, 'sdtc:functionCode') ?? nodeAt(performer, 'functionCode'));
  const { at, start, end } = toTiming(nodeAt(act, 'effectiveTime'), timeZone);
  return present({
    role: role === undefined ? undefined : [role],
    member: addActor(nodeAt(performer, 'assignedEntity')),
    period: present({ start: at ?? start, end }),
  });
}
