import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import {
  argonautProfile,
  hasAll,
  hasReference,
  hiddenByStatus,
  isAbsentOrFalse,
  type ResourceConversion,
} from '../conversion.ts';
import {
  append,
  appendTo,
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
  withoutModifierExtensions,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertAnnotation } from '../datatypes/annotation.ts';
import { convertConcept, findCode } from '../datatypes/coding.ts';
import { dataAbsentSibling } from '../datatypes/data-absent.ts';
import { convertIdentifier, convertQuantity } from '../datatypes/datatypes.ts';
import { labelled } from '../datatypes/narrative.ts';
import { reasonText } from '../datatypes/reason.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { addToNotes } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';
import { addVaccinationProtocols } from './vaccination-protocol.ts';

export const IMMUNIZATION_STATUS: CodeMap = codeMap({
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  'not-done': 'completed',
});
const NOT_DONE = 'not-done';

const FUNCTIONS = 'http://terminology.hl7.org/CodeSystem/v2-0443';
const practitionerReference = referenceConverter('Practitioner');
/**
 * Converts Immunization.performer. DSTU2 has one performer and one requester. The DSTU2 performer is the first R4
 * performer who administered the vaccine or has no function. The requester is the first R4 performer who ordered it.
 * All other R4 performers are lost.
 */
const performers: ConversionRule = markPartly((from, name, into, context) => {
  for (const one of withoutModifierExtensions(from[name])) {
    const code = findCode(one['function'], FUNCTIONS);
    const role = code === 'OP' ? 'requester' : code === 'AP' || one['function'] === undefined ? 'performer' : undefined;
    const converted = practitionerReference(one['actor'], context);
    if (role !== undefined && converted !== undefined) into[role] ??= converted;
  }
});

/**
 * Converts Immunization.statusReason, which DSTU2 has only for a vaccination that was not given. Any other status
 * reason is lost.
 */
const statusReason: ConversionRule = markPartly((from, name, into, context) => {
  if (from['status'] === NOT_DONE) addToExplanation(into, 'reasonNotGiven', [convertConcept(from[name], context)]);
});
/**
 * Converts Immunization.reasonCode. FHIR DSTU2, imm-1: a vaccination that was not given can have neither a reason for
 * giving it nor a reaction. In that case, the reasons for giving it go into a note.
 */
const reasonCode: ConversionRule = (from, name, into, context) => {
  const converted = objectsIn(from[name]).map((one) => convertConcept(one, context));
  if (from['status'] !== NOT_DONE) addToExplanation(into, 'reason', converted);
};

function addToExplanation(into: DraftElement, name: string, converted: readonly unknown[]): void {
  const explanation: DraftElement = isObject(into['explanation']) ? { ...into['explanation'] } : {};
  append(
    explanation,
    name,
    converted.filter((one) => one !== undefined),
  );
  if (Object.keys(explanation).length > 0) into['explanation'] = explanation;
}

/**
 * Converts Immunization.occurrenceString, a time in words. The words go into a note, and the date gets a
 * data-absent-reason.
 */
const occurrenceString: ConversionRule = (from, name, into) => {
  const words = nonEmptyText(from[name]);
  into['_date'] = dataAbsentSibling(words === undefined ? 'unknown' : 'astext');
};

const reactionParts = elementConverter({ date: copy, detail: map(referenceConverter('Observation')), reported: copy });
const everyReaction = map(reactionParts);
const reaction: ConversionRule = withPartsOf(reactionParts, (from, name, into, context) => {
  if (from['status'] !== NOT_DONE) everyReaction(from, name, into, context);
});

export const immunizationConversion: ResourceConversion = {
  type: 'Immunization',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    status: mapCode(IMMUNIZATION_STATUS),
    statusReason,
    vaccineCode: map(convertConcept),
    patient: map(referenceConverter('Patient')),
    encounter: map(referenceConverter('Encounter')),
    occurrenceDateTime: rename('date'),
    occurrenceString,
    recorded: drop,
    primarySource: handledElsewhere,
    reportOrigin: handledElsewhere,
    location: map(referenceConverter('Location')),
    manufacturer: map(referenceConverter('Organization')),
    lotNumber: copy,
    expirationDate: copy,
    site: map(convertConcept),
    route: map(convertConcept),
    doseQuantity: map(convertQuantity),
    performer: performers,
    note: appendTo('note', convertAnnotation),
    reasonCode,
    reasonReference: drop,
    isSubpotent: handledElsewhere,
    subpotentReason: handledElsewhere,
    education: drop,
    programEligibility: drop,
    fundingSource: drop,
    reaction,
    protocolApplied: handledElsewhere,
  }),
  hiddenBy: (from) => {
    const isUninterpretable = from['isSubpotent'] !== true && !isAbsentOrFalse(from, 'isSubpotent');
    return isUninterpretable ? 'potency-not-understood' : hiddenByStatus(from['status'], IMMUNIZATION_STATUS);
  },
  complete,
  required: ['status', 'vaccineCode', 'patient'],
  profiles: [argonautProfile('immunization', isArgonautImmunization)],
};

function complete(into: DraftElement, from: FhirJson, context: ConversionContext): void {
  into['wasNotGiven'] = from['status'] === NOT_DONE;
  into['reported'] = from['primarySource'] === false || from['reportOrigin'] !== undefined;
  const time = nonEmptyText(from['occurrenceString']);
  addToNotes(into, 'note', labelled('Time', time));
  if (from['status'] === NOT_DONE) addToNotes(into, 'note', labelled('Reason to give it', reasonText(from)));
  addVaccinationProtocols(into, from, context);
}

function isArgonautImmunization(resource: FhirJson): boolean {
  return (
    hasAll(resource, 'status', 'vaccineCode', 'wasNotGiven', 'reported') &&
    hasReference(resource['patient']) &&
    (resource['date'] !== undefined || resource['_date'] !== undefined)
  );
}
