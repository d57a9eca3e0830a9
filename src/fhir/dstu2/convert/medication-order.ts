import { noteText } from './annotation.ts';
import { concept } from './coding.ts';
import { argonaut, type Conversion, hasAll, isDenied, isUnclearCode } from './conversion.ts';
import { duration, identifier, period, quantity } from './datatypes.ts';
import { dosageInstructions } from './dosage.ts';
import {
  type Codes,
  type Context,
  coded,
  codes,
  type Draft,
  dropped,
  isObject,
  type Json,
  kept,
  keptAs,
  of,
  partly,
  type Rule,
  readElsewhere,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { isInUse } from './medication.ts';
import { oneReason } from './reason.ts';
import { reference, targetType } from './reference.ts';

/** The status is optional in DSTU2, which has no code `unknown`, so that status is left out. */
export const MEDICATION_STATUS: Codes = codes({
  active: 'active',
  'on-hold': 'on-hold',
  cancelled: 'stopped',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  stopped: 'stopped',
  draft: 'draft',
});

const ORDERS = new Set(['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order']);
const OTHER_INTENTS = new Set(['proposal', 'plan', 'option']);

/**
 * A MedicationOrder is an order to do something. Medications that are only proposed, planned, or reported, or that must
 * not be taken, are hidden.
 */
function hiddenBy(from: Json, context: Context): string | undefined {
  const intent = textOf(from['intent']) ?? '';
  const status = from['status'];
  if (!isDenied(from, 'doNotPerform')) return 'do-not-perform';
  if (OTHER_INTENTS.has(intent)) return `intent-${intent}`;
  if (!ORDERS.has(intent)) return 'intent-not-understood';
  if (!isDenied(from, 'reportedBoolean') || from['reportedReference'] !== undefined) return 'reported';
  if (targetType(from['subject'], context) === 'Group') return 'subject-is-group';
  if (isMedicationUnclear(from, context)) return 'medication-not-understood';
  return status !== 'unknown' && isUnclearCode(status, MEDICATION_STATUS) ? 'status-not-understood' : undefined;
}

const ENDED_STATUSES = new Set<unknown>(['stopped', 'cancelled']);
const mapReasonEnded = of(concept, 'reasonEnded');
const reasonEnded: Rule = partly((from, name, into, context) => {
  if (ENDED_STATUSES.has(from['status'])) mapReasonEnded(from, name, into, context);
});

const toMedication = reference('Medication');
const findContained = (value: unknown, context: Context): Json | undefined =>
  isObject(value) ? context.contained.get(textOf(value['reference']) ?? '')?.source : undefined;

/** Only the code of a contained Medication is shown, which would hide an error in it or a modifier extension. */
export function isMedicationUnclear(from: Json, context: Context): boolean {
  const contained = findContained(from['medicationReference'], context);
  return contained !== undefined && (!isInUse(contained) || contained['modifierExtension'] !== undefined);
}

/** A contained Medication that can't be converted is replaced with its code. */
export const medicationReference: Rule = (from, name, into, context) => {
  const value = from[name];
  const converted = toMedication(value, context);
  const contained = findContained(value, context);
  const code =
    isObject(converted) && converted['reference'] !== undefined ? undefined : concept(contained?.['code'], context);
  if (code !== undefined) into['medicationCodeableConcept'] = code;
  else if (converted !== undefined) into['medicationReference'] = converted;
};

/** DSTU2 counts repeats from 1 and leaves the element out for none, while R4 counts from 0. */
const repeats: Rule = (from, name, into, context) => {
  if (Number(String(from[name])) > 0) kept(from, name, into, context);
};

const dispenseRequest = shape({
  initialFill: dropped,
  dispenseInterval: dropped,
  validityPeriod: of(period),
  numberOfRepeatsAllowed: repeats,
  quantity: of(quantity),
  expectedSupplyDuration: of(duration),
  performer: dropped,
});

const SUBSTITUTION = 'http://hl7.org/fhir/v3/substanceAdminSubstitution';
const substitution = shape(
  {
    allowedBoolean: (from, name, into) => {
      if (typeof from[name] !== 'boolean') return;
      const [code, display] = from[name] ? ['E', 'equivalent'] : ['N', 'none'];
      into['type'] = { coding: [{ system: SUBSTITUTION, code, display }] };
    },
    allowedCodeableConcept: of(concept, 'type'),
    reason: of(concept),
  },
  'type',
);

export const medicationOrder: Conversion = {
  type: 'MedicationOrder',
  rules: resourceRules({
    identifier: of(identifier),
    status: coded(MEDICATION_STATUS),
    statusReason: reasonEnded,
    intent: readElsewhere,
    category: dropped,
    priority: dropped,
    doNotPerform: readElsewhere,
    reportedBoolean: readElsewhere,
    reportedReference: readElsewhere,
    medicationCodeableConcept: of(concept),
    medicationReference,
    subject: of(reference('Patient'), 'patient'),
    encounter: of(reference('Encounter')),
    supportingInformation: dropped,
    // Argonaut requires dateWritten. The time of the last change is no substitute, because nothing was written on that
    // date.
    authoredOn: keptAs('dateWritten'),
    requester: of(reference('Practitioner'), 'prescriber'),
    performer: dropped,
    performerType: dropped,
    recorder: dropped,
    ...oneReason('reason'),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    basedOn: dropped,
    groupIdentifier: dropped,
    courseOfTherapyType: dropped,
    insurance: dropped,
    note: noteText('note'),
    dosageInstruction: dosageInstructions,
    dispenseRequest: of(dispenseRequest),
    substitution: of(substitution),
    priorPrescription: of(reference('MedicationOrder')),
    detectedIssue: dropped,
    eventHistory: dropped,
  }),
  hiddenBy,
  complete: completeMedication,
  required: [],
  profiles: [
    argonaut(
      'medicationorder',
      (resource) => hasAll(resource, 'dateWritten', 'status', 'patient', 'prescriber') && tellsMedication(resource),
    ),
  ],
};

/** DSTU2 requires one of the two elements. */
export function completeMedication(into: Draft): void {
  if (!MEDICATION.some((name) => name in into)) into['medicationCodeableConcept'] = { text: 'Unknown' };
}
const MEDICATION = ['medicationCodeableConcept', 'medicationReference'];
/** A reference as the importer writes it if the Medication is in the record. */
const STORED_MEDICATION = /^Medication\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whether the medication can be identified: by a code, a Medication of the record, or at least its name. Other
 * references can't be resolved by the client.
 */
export function tellsMedication({ medicationCodeableConcept: code, medicationReference: to }: Json): boolean {
  if (code !== undefined) return true;
  return isObject(to) && (textOf(to['display']) !== undefined || STORED_MEDICATION.test(textOf(to['reference']) ?? ''));
}
