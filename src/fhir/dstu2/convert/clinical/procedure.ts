import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, hasReference, hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  appendTo,
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  map,
  mapCode,
  mapFirst,
  markPartly,
  type ValueConverter,
} from '../conversion-rules.ts';
import { quantityText, rangeText } from '../datatypes/amount-text.ts';
import { convertAnnotation } from '../datatypes/annotation.ts';
import { codingConverter, codingMapEntries, convertConcept, requiredBindingConverter } from '../datatypes/coding.ts';
import { dataAbsentSibling } from '../datatypes/data-absent.ts';
import { convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { singleReasonRules } from '../datatypes/reason.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { addToNotes, statusNote } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';

export const PROCEDURE_STATUS: CodeMap = codeMap({
  preparation: 'in-progress',
  'in-progress': 'in-progress',
  'not-done': 'aborted',
  'on-hold': 'in-progress',
  stopped: 'aborted',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
});
const STATUS_NOTES = codeMap({
  preparation: 'This procedure is being prepared.',
  'on-hold': 'This procedure is on hold.',
});
const NOT_DONE = 'not-done';

const statusReason: ConversionRule = markPartly((from, name, into, context) => {
  if (from['status'] === NOT_DONE) appendTo('reasonNotPerformed', convertConcept)(from, name, into, context);
});

const DEVICE_ACTION = 'http://hl7.org/fhir/device-action';
/**
 * Maps SNOMED CT codes of device actions to the three codes that DSTU2 allows. Device actions that are missing here
 * have no DSTU2 code.
 */
export const DEVICE_ACTIONS = new Map(
  codingMapEntries('http://snomed.info/sct', DEVICE_ACTION, {
    '257867005': 'implanted',
    '71861002': 'implanted',
    '129303008': 'explanted',
    '129304002': 'explanted',
    '129432000': 'manipulated',
  }),
);
const recodedAction = codingConverter(DEVICE_ACTIONS);
const actionCoding: ValueConverter = (value, context) => {
  const converted = recodedAction(value, context);
  return isObject(converted) && converted['system'] === DEVICE_ACTION ? converted : undefined;
};
const focalDevice = elementConverter(
  { action: map(requiredBindingConverter(actionCoding)), manipulated: map(referenceConverter('Device')) },
  'manipulated',
);

const performer = elementConverter({
  function: map(convertConcept, 'role'),
  actor: map(referenceConverter('Practitioner', 'Organization', 'Patient', 'RelatedPerson')),
  onBehalfOf: drop,
});

/**
 * Gives the date of a procedure a data-absent-reason, because the time in R4 isn't a date but, for example, an age. The
 * time goes into a note.
 */
const markTimeAsText: ConversionRule = (_from, _name, into) => {
  into['_performedDateTime'] = dataAbsentSibling('astext');
};
const performedText = ({ performedString, performedAge, performedRange }: FhirJson): string | undefined => {
  const age = quantityText(performedAge) ?? rangeText(performedRange);
  return nonEmptyText(performedString) ?? (age === undefined ? undefined : `at the age of ${age}`);
};

export const procedureConversion: ResourceConversion = {
  type: 'Procedure',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    basedOn: mapFirst(linkConverter('CarePlan', 'DiagnosticOrder', 'ProcedureRequest', 'ReferralRequest'), 'request'),
    partOf: drop,
    status: mapCode(PROCEDURE_STATUS),
    statusReason,
    category: map(convertConcept),
    code: map(convertConcept),
    subject: map(referenceConverter('Patient', 'Group')),
    encounter: map(referenceConverter('Encounter')),
    performedDateTime: copy,
    performedPeriod: map(convertPeriod),
    performedString: markTimeAsText,
    performedAge: markTimeAsText,
    performedRange: markTimeAsText,
    recorder: drop,
    asserter: drop,
    performer: map(performer),
    location: map(referenceConverter('Location')),
    ...singleReasonRules('reason'),
    bodySite: map(convertConcept),
    outcome: map(convertConcept),
    report: map(linkConverter('DiagnosticReport')),
    complication: map(convertConcept),
    complicationDetail: drop,
    followUp: map(convertConcept),
    note: appendTo('notes', convertAnnotation),
    focalDevice: map(focalDevice),
    usedReference: map(referenceConverter('Device', 'Medication', 'Substance'), 'used'),
    usedCode: drop,
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], PROCEDURE_STATUS),
  complete,
  required: ['status', 'subject'],
  profiles: [argonautProfile('procedure', isArgonautProcedure)],
};

function complete(into: DraftElement, from: FhirJson): void {
  into['code'] ??= { text: 'Unknown' };
  if (from['status'] === NOT_DONE) into['notPerformed'] = true;
  const time = performedText(from);
  addToNotes(into, 'notes', time === undefined ? undefined : `Performed: ${time}`);
  addToNotes(into, 'notes', statusNote(from, 'status', STATUS_NOTES));
}

function isArgonautProcedure(resource: FhirJson): boolean {
  return (
    hasAll(resource, 'status', 'code') &&
    hasReference(resource['subject']) &&
    ['performedDateTime', '_performedDateTime', 'performedPeriod'].some((name) => resource[name] !== undefined)
  );
}
