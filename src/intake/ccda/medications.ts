import { actorsOf, identifiersOf, notesOf, reasonsOf, recordedAt, statusCode } from './common-elements.ts';
import type { Correction, DocumentContext } from './context.ts';
import { toDosage } from './dosage.ts';
import { type FhirObject, present } from './fhir-object.ts';
import type { Statement } from './statements.ts';
import { isEarlierDay } from './timestamp.ts';
import { attributeAt, type CdaNode, contentAt, isNegated, nodeAt, nodesAt } from './tree.ts';
import { timingElements, toConcept, toDecimal, toQuantity, toTiming } from './values.ts';

const CONTAINED_ID = 'medication';

export const correctMedicationRequest: Correction = (resource, statement, context) => {
  const { node } = statement;
  const product = nodeAt(node, 'consumable.manufacturedProduct');
  const text = contentAt(node, 'text');
  const code = toMedicationCode(product) ?? (text === undefined ? undefined : { text });
  if (isNegated(node) && attributeAt(node, 'moodCode') === 'EVN') return toNotTaken(resource, node, code, context);
  const manufacturer = contentAt(product, 'manufacturerOrganization.name');
  const dosage = toDosage(node, context.timeZone);
  return {
    identifier: identifiersOf(node),
    status: medicationStatus(node, context),
    doNotPerform: isNegated(node) ? true : undefined,
    ...toIntent(statement),
    contained:
      manufacturer === undefined
        ? undefined
        : [{ resourceType: 'Medication', id: CONTAINED_ID, code, manufacturer: { display: manufacturer } }],
    medicationReference: manufacturer === undefined ? undefined : { reference: `#${CONTAINED_ID}` },
    medicationCodeableConcept: manufacturer === undefined ? code : undefined,
    authoredOn: recordedAt([node], context),
    requester: context.addActor(nodesAt(node, 'author.assignedAuthor').at(-1)),
    reasonCode: reasonsOf(node),
    dosageInstruction: dosage === undefined ? undefined : [dosage],
    dispenseRequest: toDispenseRequest(supplyOrder(node), context.timeZone),
    note: notesOf(node),
  };
};

/** A negated event says that a medicine was not taken. That is not an order against it (doNotPerform). */
function toNotTaken(
  { id, subject }: FhirObject,
  node: CdaNode,
  code: FhirObject | undefined,
  context: DocumentContext,
): FhirObject {
  return {
    ...Object.fromEntries(REQUEST_ELEMENTS.map((name) => [name, undefined])),
    resourceType: 'MedicationStatement',
    id,
    identifier: identifiersOf(node),
    status: statusCode(node) === 'nullified' ? 'entered-in-error' : 'not-taken',
    medicationCodeableConcept: code,
    subject,
    ...timingElements('effective', nodeAt(node, 'effectiveTime'), context.timeZone),
    dateAsserted: recordedAt([node], context),
    note: notesOf(node),
  };
}

/** Elements that the library gives a MedicationRequest, and that a MedicationStatement doesn't have. */
const REQUEST_ELEMENTS = [
  'intent',
  'authoredOn',
  'contained',
  'medicationReference',
  'dispenseRequest',
  'dosageInstruction',
];

function toMedicationCode(product: CdaNode | undefined): FhirObject | undefined {
  const name = contentAt(product, 'manufacturedMaterial.name');
  return toConcept(nodeAt(product, 'manufacturedMaterial.code')) ?? (name === undefined ? undefined : { text: name });
}

/** ConceptMap-CF-MedicationStatus. A status that it doesn't have is unknown, because a medicine may have ended. */
const MEDICATION_STATUSES: Readonly<Record<string, string>> = {
  active: 'active',
  suspended: 'on-hold',
  held: 'on-hold',
  aborted: 'stopped',
  cancelled: 'cancelled',
  completed: 'completed',
  nullified: 'entered-in-error',
};

/**
 * Returns the status of a medicine on the day of the document. One that ended before isn't active. `completed` can mean
 * that the prescription was written: with an end after the document, the medicine is active (C-CDA on FHIR).
 */
function medicationStatus(node: CdaNode, { writtenAt }: DocumentContext): string {
  const status = MEDICATION_STATUSES[statusCode(node)] ?? 'unknown';
  const end = attributeAt(node, 'effectiveTime.high.value');
  if (end === undefined || writtenAt === undefined) return status;
  if (status === 'active' && isEarlierDay(end, writtenAt)) return 'completed';
  return status === 'completed' && isEarlierDay(writtenAt, end) ? 'active' : status;
}

/**
 * Returns the intent by the moodCode. A medicine that is only said to be taken (EVN) is a reported plan in US Core,
 * unless the document has its prescription (Medication Supply Order).
 */
function toIntent({ kind, node }: Statement): FhirObject {
  const mood = attributeAt(node, 'moodCode') ?? 'EVN';
  if (mood === 'EVN' && supplyOrder(node) === undefined) return { intent: 'plan', reportedBoolean: true };
  if (mood === 'PRP') return { intent: 'proposal' };
  return { intent: kind === 'plan' && mood !== 'RQO' ? 'plan' : 'order' };
}

const supplyOrder = (node: CdaNode): CdaNode | undefined =>
  nodesAt(node, 'entryRelationship.supply').find((supply) => attributeAt(supply, 'moodCode') !== 'EVN');

/** `repeatNumber` counts all dispenses, and `numberOfRepeatsAllowed` those after the first. */
function toDispenseRequest(supply: CdaNode | undefined, timeZone: string): FhirObject | undefined {
  const { start, end } = toTiming(nodeAt(supply, 'effectiveTime'), timeZone);
  const dispenses = Number(attributeAt(supply, 'repeatNumber.value'));
  return present({
    validityPeriod: present({ start, end }),
    numberOfRepeatsAllowed: Number.isInteger(dispenses) && dispenses > 0 ? dispenses - 1 : undefined,
    quantity: toQuantity(nodeAt(supply, 'quantity')),
  });
}

/** ConceptMap-CF-ImmunizationStatus. */
const IMMUNIZATION_STATUSES: Readonly<Record<string, string>> = {
  completed: 'completed',
  nullified: 'entered-in-error',
};

export const correctImmunization: Correction = (_, { node }, context) => {
  const { at, start, end } = toTiming(nodeAt(node, 'effectiveTime'), context.timeZone);
  const product = nodeAt(node, 'consumable.manufacturedProduct');
  const status = IMMUNIZATION_STATUSES[statusCode(node)] ?? 'not-done';
  const isNotGiven = status === 'not-done' || (isNegated(node) && status === 'completed');
  const dose = toDecimal(attributeAt(node, 'repeatNumber.value'));
  return {
    identifier: identifiersOf(node),
    status: isNotGiven ? 'not-done' : status,
    statusReason: isNotGiven ? notGivenReason(node) : undefined,
    vaccineCode: toMedicationCode(product),
    occurrenceDateTime: at ?? start ?? end,
    lotNumber: contentAt(product, 'manufacturedMaterial.lotNumberText'),
    performer: actorsOf(node, context).map((actor) => ({ actor })),
    route: toConcept(nodeAt(node, 'routeCode')),
    site: toConcept(nodeAt(node, 'approachSiteCode')),
    doseQuantity: toQuantity(nodeAt(node, 'doseQuantity'), attributeAt(node, 'administrationUnitCode.displayName')),
    protocolApplied:
      dose !== undefined && !isNotGiven && /^[1-9]\d*$/.test(String(dose))
        ? [{ doseNumberPositiveInt: dose }]
        : undefined,
    note: notesOf(node),
  };
};

/** Immunization Not Given Reason: its code is the reason. */
const notGivenReason = (node: CdaNode): FhirObject | undefined =>
  nodesAt(node, 'entryRelationship')
    .filter((one) => attributeAt(one, 'typeCode') === 'RSON')
    .flatMap((one) => nodesAt(one, 'observation.code'))
    .map(toConcept)
    .find((one) => one !== undefined);
