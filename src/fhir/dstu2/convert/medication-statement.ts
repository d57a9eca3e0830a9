import { noteText } from './annotation.ts';
import { concept } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, pointsTo } from './conversion.ts';
import { identifier, period } from './datatypes.ts';
import { statementDosages } from './dosage.ts';
import {
  type Codes,
  type Context,
  coded,
  codes,
  type Draft,
  dropped,
  type Json,
  kept,
  markedAs,
  of,
  partly,
  type Rule,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { completeMedication, isMedicationUnclear, medicationReference, tellsMedication } from './medication-order.ts';
import { labelled } from './narrative.ts';
import { oneReason, reasonWords } from './reason.ts';
import { reference, targetType } from './reference.ts';
import { addToText, toldStatus } from './told-status.ts';

export const STATEMENT_STATUS: Codes = codes({
  active: 'active',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  intended: 'intended',
  stopped: 'completed',
  'on-hold': 'active',
  'not-taken': 'completed',
});
/** Notes for R4 statuses that DSTU2 has no exact code for. */
export const STATEMENT_COARSER: Codes = codes({
  stopped: 'This medication was stopped.',
  'on-hold': 'This medication is on hold.',
});
const NOT_TAKEN = 'not-taken';

const statusReason: Rule = partly((from, name, into, context) => {
  if (from['status'] === NOT_TAKEN) of(concept, 'reasonNotTaken')(from, name, into, context);
});

/**
 * FHIR DSTU2, mst-2: a medication that is not taken can't have a reason for its use, so the reason goes into the note.
 */
const { reasonCode, reasonReference } = oneReason('reasonForUse');
const ifTaken = (rule: Rule): Rule =>
  markedAs(rule, (from, name, into, context) => {
    if (from['status'] !== NOT_TAKEN) rule(from, name, into, context);
  });

/** Rules that hide a statement, whether it was converted from a MedicationStatement or a MedicationRequest. */
export function statementHiddenBy(from: Json, context: Context): string | undefined {
  if (targetType(from['subject'], context) === 'Group') return 'subject-is-group';
  return isMedicationUnclear(from, context) ? 'medication-not-understood' : undefined;
}

export const medicationStatementProfile = argonaut(
  'medicationstatement',
  (resource) =>
    hasAll(resource, 'dateAsserted', 'status') && pointsTo(resource['patient']) && tellsMedication(resource),
);

export const medicationStatement: Conversion = {
  type: 'MedicationStatement',
  rules: resourceRules({
    identifier: of(identifier),
    basedOn: dropped,
    partOf: dropped,
    status: coded(STATEMENT_STATUS),
    statusReason,
    category: dropped,
    medicationCodeableConcept: of(concept),
    medicationReference,
    subject: of(reference('Patient'), 'patient'),
    context: dropped,
    effectiveDateTime: kept,
    effectivePeriod: of(period),
    // Argonaut requires dateAsserted. No other time is a substitute, because nothing was asserted then.
    dateAsserted: kept,
    informationSource: of(reference('Patient', 'Practitioner', 'RelatedPerson')),
    derivedFrom: of(reference(), 'supportingInformation'),
    reasonCode: ifTaken(reasonCode),
    reasonReference: ifTaken(reasonReference),
    note: noteText('note'),
    dosage: statementDosages,
  }),
  hiddenBy: (from, context) => hiddenByStatus(from['status'], STATEMENT_STATUS) ?? statementHiddenBy(from, context),
  complete,
  required: ['patient', 'status'],
  profiles: [medicationStatementProfile],
};

function complete(into: Draft, from: Json): void {
  completeMedication(into);
  if (from['status'] === NOT_TAKEN) {
    into['wasNotTaken'] = true;
    addToText(into, 'note', labelled('Reason to take it', reasonWords(from)));
  }
  addToText(into, 'note', toldStatus(from, 'status', STATEMENT_COARSER));
}
