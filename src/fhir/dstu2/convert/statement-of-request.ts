import { noteText } from './annotation.ts';
import { concept } from './coding.ts';
import { type Conversion, hiddenByStatus, isDenied } from './conversion.ts';
import { identifier } from './datatypes.ts';
import { statementDosages } from './dosage.ts';
import {
  type Codes,
  type Context,
  coded,
  codes,
  type Draft,
  dropped,
  isObject,
  type Json,
  keptAs,
  of,
  readElsewhere,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { completeMedication, medicationOrder, medicationReference } from './medication-order.ts';
import { medicationStatementProfile, STATEMENT_COARSER, statementHiddenBy } from './medication-statement.ts';
import { oneReason } from './reason.ts';
import { reference } from './reference.ts';
import { MEDICATION_REQUEST_PREFIX } from './resource-type.ts';
import { addToText, toldStatus } from './told-status.ts';

/**
 * A request that was withdrawn before anything was taken, or that isn't issued yet, is not a statement of medication
 * use.
 */
export const REQUEST_AS_STATEMENT: Codes = codes({
  active: 'active',
  'on-hold': 'active',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  stopped: 'completed',
});
const NOT_TAKEN_YET = new Set<unknown>(['draft', 'cancelled']);

/** In US Core, a medication taken without a prescription is a reported plan. Any other plan is not being taken. */
const isUnreportedPlan = (from: Json): boolean =>
  from['intent'] === 'plan' && from['reportedBoolean'] !== true && !isObject(from['reportedReference']);

const INTENTS = new Set('plan order original-order reflex-order filler-order instance-order'.split(' '));
const OTHER_INTENTS = new Set(['proposal', 'option']);

function hiddenBy(from: Json, context: Context): string | undefined {
  const intent = textOf(from['intent']) ?? '';
  if (!isDenied(from, 'doNotPerform')) return 'do-not-perform';
  if (OTHER_INTENTS.has(intent)) return `intent-${intent}`;
  if (!INTENTS.has(intent)) return 'intent-not-understood';
  if (isUnreportedPlan(from)) return 'intent-plan';
  if (NOT_TAKEN_YET.has(from['status'])) return `status-${from['status']}`;
  return hiddenByStatus(from['status'], REQUEST_AS_STATEMENT) ?? statementHiddenBy(from, context);
}

/**
 * Converts a MedicationRequest to a MedicationStatement. Argonaut clients read the medication list from
 * MedicationStatements, while US Core has all medications as MedicationRequests.
 */
export const statementOfRequest: Conversion = {
  type: 'MedicationStatement',
  idPrefix: MEDICATION_REQUEST_PREFIX,
  rules: resourceRules({
    // The identifier of the order.
    identifier: of(identifier),
    status: coded(REQUEST_AS_STATEMENT),
    statusReason: dropped,
    intent: readElsewhere,
    category: dropped,
    priority: dropped,
    doNotPerform: readElsewhere,
    reportedBoolean: dropped,
    reportedReference: of(reference('Patient', 'Practitioner', 'RelatedPerson'), 'informationSource'),
    medicationCodeableConcept: of(concept),
    medicationReference,
    subject: of(reference('Patient'), 'patient'),
    encounter: dropped,
    supportingInformation: dropped,
    authoredOn: keptAs('dateAsserted'),
    requester: dropped,
    performer: dropped,
    performerType: dropped,
    recorder: dropped,
    ...oneReason('reasonForUse'),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    basedOn: dropped,
    groupIdentifier: dropped,
    courseOfTherapyType: dropped,
    insurance: dropped,
    note: noteText('note'),
    dosageInstruction: statementDosages,
    dispenseRequest: dropped,
    substitution: dropped,
    priorPrescription: dropped,
    detectedIssue: dropped,
    eventHistory: dropped,
  }),
  hiddenBy,
  complete,
  required: ['patient', 'status'],
  profiles: [medicationStatementProfile],
};

/**
 * Refers to the MedicationOrder that comes from the same request, so that clients don't take them for two medications.
 */
function complete(into: Draft, from: Json, context: Context): void {
  completeMedication(into);
  addToText(into, 'note', toldStatus(from, 'status', STATEMENT_COARSER));
  const id = textOf(from['id']);
  const isOrder = medicationOrder.hiddenBy?.(from, context) === undefined;
  if (isOrder && id !== undefined) into['supportingInformation'] = [{ reference: `MedicationOrder/${id}` }];
}
