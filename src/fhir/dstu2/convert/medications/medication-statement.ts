import { argonautProfile, hasAll, hasReference, hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionContext,
  type ConversionRule,
  codeMap,
  copy,
  type DraftElement,
  drop,
  type FhirJson,
  map,
  mapCode,
  markPartly,
  withMarksOf,
} from '../conversion-rules.ts';
import { annotationsAsString } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { labelled } from '../datatypes/narrative.ts';
import { reasonText, singleReasonRules } from '../datatypes/reason.ts';
import { referenceConverter, referencedType } from '../datatypes/reference.ts';
import { addToString, statusNote } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';
import { mapStatementDosages } from './dosage.ts';
import {
  ensureMedication,
  identifiesMedication,
  isMedicationUnreadable,
  mapMedicationReference,
} from './medication-order.ts';

export const MEDICATION_STATEMENT_STATUS: CodeMap = codeMap({
  active: 'active',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  intended: 'intended',
  stopped: 'completed',
  'on-hold': 'active',
  'not-taken': 'completed',
});
/** Notes for R4 statuses of a medication that have no exact DSTU2 code. */
export const MEDICATION_STATUS_NOTES: CodeMap = codeMap({
  stopped: 'This medication was stopped.',
  'on-hold': 'This medication is on hold.',
});
const NOT_TAKEN = 'not-taken';

const statusReason: ConversionRule = markPartly((from, name, into, context) => {
  if (from['status'] === NOT_TAKEN) map(convertConcept, 'reasonNotTaken')(from, name, into, context);
});

/**
 * FHIR DSTU2, mst-2: a medication that is not taken can't have a reason for its use, so the reason goes into the note.
 */
const { reasonCode, reasonReference } = singleReasonRules('reasonForUse');
const ifTaken = (rule: ConversionRule): ConversionRule =>
  withMarksOf(rule, (from, name, into, context) => {
    if (from['status'] !== NOT_TAKEN) rule(from, name, into, context);
  });

/**
 * Returns the reason for hiding a MedicationStatement, whether it was converted from a MedicationStatement or a
 * MedicationRequest. undefined means that it is visible.
 */
export function medicationStatementHiddenBy(from: FhirJson, context: ConversionContext): string | undefined {
  if (referencedType(from['subject'], context) === 'Group') return 'subject-is-group';
  return isMedicationUnreadable(from, context) ? 'medication-not-understood' : undefined;
}

export const medicationStatementProfile = argonautProfile(
  'medicationstatement',
  (resource) =>
    hasAll(resource, 'dateAsserted', 'status') && hasReference(resource['patient']) && identifiesMedication(resource),
);

export const medicationStatementConversion: ResourceConversion = {
  type: 'MedicationStatement',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    basedOn: drop,
    partOf: drop,
    status: mapCode(MEDICATION_STATEMENT_STATUS),
    statusReason,
    category: drop,
    medicationCodeableConcept: map(convertConcept),
    medicationReference: mapMedicationReference,
    subject: map(referenceConverter('Patient'), 'patient'),
    context: drop,
    effectiveDateTime: copy,
    effectivePeriod: map(convertPeriod),
    // Argonaut requires dateAsserted. If R4 has none, it is left out, and the statement doesn't declare Argonaut's
    // profile. No other time is used in its place, because nothing was asserted then.
    dateAsserted: copy,
    informationSource: map(referenceConverter('Patient', 'Practitioner', 'RelatedPerson')),
    derivedFrom: map(referenceConverter(), 'supportingInformation'),
    reasonCode: ifTaken(reasonCode),
    reasonReference: ifTaken(reasonReference),
    note: annotationsAsString('note'),
    dosage: mapStatementDosages,
  }),
  hiddenBy: (from, context) =>
    hiddenByStatus(from['status'], MEDICATION_STATEMENT_STATUS) ?? medicationStatementHiddenBy(from, context),
  complete,
  required: ['patient', 'status'],
  profiles: [medicationStatementProfile],
};

function complete(into: DraftElement, from: FhirJson): void {
  ensureMedication(into);
  if (from['status'] === NOT_TAKEN) {
    into['wasNotTaken'] = true;
    addToString(into, 'note', labelled('Reason to take it', reasonText(from)));
  }
  addToString(into, 'note', statusNote(from, 'status', MEDICATION_STATUS_NOTES));
}
