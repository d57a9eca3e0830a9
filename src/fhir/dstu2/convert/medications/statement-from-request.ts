import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import { hiddenByStatus, isAbsentOrFalse, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionContext,
  codeMap,
  type DraftElement,
  drop,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  rename,
} from '../conversion-rules.ts';
import { annotationsAsString } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier } from '../datatypes/datatypes.ts';
import { singleReasonRules } from '../datatypes/reason.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { addToString, statusNote } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';
import { MEDICATION_REQUEST_PREFIX } from '../resource-type.ts';
import { mapStatementDosages } from './dosage.ts';
import { ensureMedication, mapMedicationReference, medicationOrderConversion } from './medication-order.ts';
import {
  MEDICATION_STATUS_NOTES,
  medicationStatementHiddenBy,
  medicationStatementProfile,
} from './medication-statement.ts';

/**
 * DSTU2 MedicationStatement.status by R4 MedicationRequest.status. `draft` and `cancelled` are missing: a request that
 * isn't issued yet, or was withdrawn before anything was taken, doesn't say that a medication is used.
 */
export const REQUEST_TO_STATEMENT_STATUS: CodeMap = codeMap({
  active: 'active',
  'on-hold': 'active',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  stopped: 'completed',
});
const NOT_TAKEN_YET = new Set<unknown>(['draft', 'cancelled']);

/**
 * Whether a request is a plan that isn't marked as reported. The patient doesn't take the medication of such a plan. In
 * US Core, a medication that a patient takes without a prescription is a plan too, but it is marked as reported.
 */
const isUnreportedPlan = (from: FhirJson): boolean =>
  from['intent'] === 'plan' && from['reportedBoolean'] !== true && !isObject(from['reportedReference']);

const INTENTS = new Set('plan order original-order reflex-order filler-order instance-order'.split(' '));
const OTHER_INTENTS = new Set(['proposal', 'option']);

function hiddenBy(from: FhirJson, context: ConversionContext): string | undefined {
  const intent = nonEmptyText(from['intent']) ?? '';
  if (!isAbsentOrFalse(from, 'doNotPerform')) return 'do-not-perform';
  if (OTHER_INTENTS.has(intent)) return `intent-${intent}`;
  if (!INTENTS.has(intent)) return 'intent-not-understood';
  if (isUnreportedPlan(from)) return 'intent-plan';
  if (NOT_TAKEN_YET.has(from['status'])) return `status-${from['status']}`;
  return hiddenByStatus(from['status'], REQUEST_TO_STATEMENT_STATUS) ?? medicationStatementHiddenBy(from, context);
}

/**
 * Converts a MedicationRequest to a MedicationStatement. Argonaut clients read the medication list from
 * MedicationStatements, while US Core has every medication as a MedicationRequest.
 */
export const statementFromRequestConversion: ResourceConversion = {
  type: 'MedicationStatement',
  idPrefix: MEDICATION_REQUEST_PREFIX,
  rules: resourceRules({
    // The MedicationOrder that comes from the same MedicationRequest gets the same identifiers too.
    identifier: map(convertIdentifier),
    status: mapCode(REQUEST_TO_STATEMENT_STATUS),
    statusReason: drop,
    intent: handledElsewhere,
    category: drop,
    priority: drop,
    doNotPerform: handledElsewhere,
    reportedBoolean: drop,
    reportedReference: map(referenceConverter('Patient', 'Practitioner', 'RelatedPerson'), 'informationSource'),
    medicationCodeableConcept: map(convertConcept),
    medicationReference: mapMedicationReference,
    subject: map(referenceConverter('Patient'), 'patient'),
    encounter: drop,
    supportingInformation: drop,
    authoredOn: rename('dateAsserted'),
    requester: drop,
    performer: drop,
    performerType: drop,
    recorder: drop,
    ...singleReasonRules('reasonForUse'),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    basedOn: drop,
    groupIdentifier: drop,
    courseOfTherapyType: drop,
    insurance: drop,
    note: annotationsAsString('note'),
    dosageInstruction: mapStatementDosages,
    dispenseRequest: drop,
    substitution: drop,
    priorPrescription: drop,
    detectedIssue: drop,
    eventHistory: drop,
  }),
  hiddenBy,
  complete,
  required: ['patient', 'status'],
  profiles: [medicationStatementProfile],
};

/**
 * Adds a reference to the MedicationOrder that comes from the same MedicationRequest, so that clients don't take the
 * two for different medications.
 */
function complete(into: DraftElement, from: FhirJson, context: ConversionContext): void {
  ensureMedication(into);
  addToString(into, 'note', statusNote(from, 'status', MEDICATION_STATUS_NOTES));
  const id = nonEmptyText(from['id']);
  const isOrder = medicationOrderConversion.hiddenBy?.(from, context) === undefined;
  if (isOrder && id !== undefined) into['supportingInformation'] = [{ reference: `MedicationOrder/${id}` }];
}
