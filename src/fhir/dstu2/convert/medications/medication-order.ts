import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, isAbsentOrFalse, isUnmappedCode, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionContext,
  type ConversionRule,
  codeMap,
  copy,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  markPartly,
  rename,
} from '../conversion-rules.ts';
import { annotationsAsString } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertDuration, convertIdentifier, convertPeriod, convertQuantity } from '../datatypes/datatypes.ts';
import { singleReasonRules } from '../datatypes/reason.ts';
import { referenceConverter, referencedType } from '../datatypes/reference.ts';
import { ORDER_INTENTS } from '../order-intents.ts';
import { resourceRules } from '../resource-rules.ts';
import { mapDosageInstructions } from './dosage.ts';
import { hasUsableStatus } from './medication.ts';

/**
 * DSTU2 codes of R4 MedicationRequest.status. DSTU2 has no code `unknown`, and the status is optional there, so an
 * unknown status is left out.
 */
export const MEDICATION_ORDER_STATUS: CodeMap = codeMap({
  active: 'active',
  'on-hold': 'on-hold',
  cancelled: 'stopped',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  stopped: 'stopped',
  draft: 'draft',
});

const OTHER_INTENTS = new Set(['proposal', 'plan', 'option']);

/**
 * Hides a MedicationRequest that isn't an order. A medication that is only proposed, planned, or reported, or that must
 * not be taken, would look like an ordered one in DSTU2.
 */
function hiddenBy(from: FhirJson, context: ConversionContext): string | undefined {
  const intent = nonEmptyText(from['intent']) ?? '';
  const status = from['status'];
  if (!isAbsentOrFalse(from, 'doNotPerform')) return 'do-not-perform';
  if (OTHER_INTENTS.has(intent)) return `intent-${intent}`;
  if (!ORDER_INTENTS.has(intent)) return 'intent-not-understood';
  if (!isAbsentOrFalse(from, 'reportedBoolean') || from['reportedReference'] !== undefined) return 'reported';
  if (referencedType(from['subject'], context) === 'Group') return 'subject-is-group';
  if (isMedicationUnreadable(from, context)) return 'medication-not-understood';
  return status !== 'unknown' && isUnmappedCode(status, MEDICATION_ORDER_STATUS) ? 'status-not-understood' : undefined;
}

const ENDED_STATUSES = new Set<unknown>(['stopped', 'cancelled']);
const mapReasonEnded = map(convertConcept, 'reasonEnded');
const reasonEnded: ConversionRule = markPartly((from, name, into, context) => {
  if (ENDED_STATUSES.has(from['status'])) mapReasonEnded(from, name, into, context);
});

const toMedication = referenceConverter('Medication');
const findContained = (value: unknown, context: ConversionContext): FhirJson | undefined =>
  isObject(value) ? context.contained.get(nonEmptyText(value['reference']) ?? '')?.source : undefined;

/**
 * Whether a contained Medication was entered in error or has a modifier extension. DSTU2 would show only the code of
 * that Medication and hide the error or the modifier.
 */
export function isMedicationUnreadable(from: FhirJson, context: ConversionContext): boolean {
  const contained = findContained(from['medicationReference'], context);
  return contained !== undefined && (!hasUsableStatus(contained) || contained['modifierExtension'] !== undefined);
}

/** Converts the reference to a Medication. A contained Medication that can't be converted is replaced with its code. */
export const mapMedicationReference: ConversionRule = (from, name, into, context) => {
  const value = from[name];
  const converted = toMedication(value, context);
  const contained = findContained(value, context);
  const code =
    isObject(converted) && converted['reference'] !== undefined
      ? undefined
      : convertConcept(contained?.['code'], context);
  if (code !== undefined) into['medicationCodeableConcept'] = code;
  else if (converted !== undefined) into['medicationReference'] = converted;
};

/** Converts the number of repeats. R4 allows 0, but DSTU2 allows only positive numbers, so 0 is left out. */
const repeats: ConversionRule = (from, name, into, context) => {
  if (Number(String(from[name])) > 0) copy(from, name, into, context);
};

const dispenseRequest = elementConverter({
  initialFill: drop,
  dispenseInterval: drop,
  validityPeriod: map(convertPeriod),
  numberOfRepeatsAllowed: repeats,
  quantity: map(convertQuantity),
  expectedSupplyDuration: map(convertDuration),
  performer: drop,
});

const SUBSTITUTION = 'http://hl7.org/fhir/v3/substanceAdminSubstitution';
const substitution = elementConverter(
  {
    allowedBoolean: (from, name, into) => {
      if (typeof from[name] !== 'boolean') return;
      const [code, display] = from[name] ? ['E', 'equivalent'] : ['N', 'none'];
      into['type'] = { coding: [{ system: SUBSTITUTION, code, display }] };
    },
    allowedCodeableConcept: map(convertConcept, 'type'),
    reason: map(convertConcept),
  },
  'type',
);

export const medicationOrderConversion: ResourceConversion = {
  type: 'MedicationOrder',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    status: mapCode(MEDICATION_ORDER_STATUS),
    statusReason: reasonEnded,
    intent: handledElsewhere,
    category: drop,
    priority: drop,
    doNotPerform: handledElsewhere,
    reportedBoolean: handledElsewhere,
    reportedReference: handledElsewhere,
    medicationCodeableConcept: map(convertConcept),
    medicationReference: mapMedicationReference,
    subject: map(referenceConverter('Patient'), 'patient'),
    encounter: map(referenceConverter('Encounter')),
    supportingInformation: drop,
    // Argonaut requires dateWritten. If R4 has no authoredOn, dateWritten is left out, and the order doesn't declare
    // Argonaut's profile. The time of the last change isn't used in its place, because the order wasn't written then.
    authoredOn: rename('dateWritten'),
    requester: map(referenceConverter('Practitioner'), 'prescriber'),
    performer: drop,
    performerType: drop,
    recorder: drop,
    ...singleReasonRules('reason'),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    basedOn: drop,
    groupIdentifier: drop,
    courseOfTherapyType: drop,
    insurance: drop,
    note: annotationsAsString('note'),
    dosageInstruction: mapDosageInstructions,
    dispenseRequest: map(dispenseRequest),
    substitution: map(substitution),
    priorPrescription: map(referenceConverter('MedicationOrder')),
    detectedIssue: drop,
    eventHistory: drop,
  }),
  hiddenBy,
  complete: ensureMedication,
  required: [],
  profiles: [
    argonautProfile(
      'medicationorder',
      (resource) =>
        hasAll(resource, 'dateWritten', 'status', 'patient', 'prescriber') && identifiesMedication(resource),
    ),
  ],
};

/** Adds the medication "Unknown" if there is neither a code nor a reference, because DSTU2 requires one of them. */
export function ensureMedication(into: DraftElement): void {
  if (!MEDICATION.some((name) => name in into)) into['medicationCodeableConcept'] = { text: 'Unknown' };
}
const MEDICATION = ['medicationCodeableConcept', 'medicationReference'];
/**
 * Matches a reference to a Medication in the patient's record. A stored reference contains the UUID of the Medication.
 */
const STORED_MEDICATION = /^Medication\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Whether a client can identify the medication: by a code, a Medication in the patient's record, or at least its name.
 * The client can't resolve other references.
 */
export function identifiesMedication({ medicationCodeableConcept: code, medicationReference: to }: FhirJson): boolean {
  if (code !== undefined) return true;
  return (
    isObject(to) &&
    (nonEmptyText(to['display']) !== undefined || STORED_MEDICATION.test(nonEmptyText(to['reference']) ?? ''))
  );
}
