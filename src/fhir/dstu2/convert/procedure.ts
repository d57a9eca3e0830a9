import { quantityWords, rangeWords } from './amount-words.ts';
import { annotation } from './annotation.ts';
import { concept, onlyCodings, recoded, recodings } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, pointsTo } from './conversion.ts';
import { absentBecause } from './data-absent.ts';
import { identifier, period } from './datatypes.ts';
import {
  addedTo,
  type Codes,
  type Convert,
  coded,
  codes,
  type Draft,
  dropped,
  firstOf,
  isObject,
  type Json,
  kept,
  of,
  partly,
  type Rule,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { oneReason } from './reason.ts';
import { link, reference } from './reference.ts';
import { addNote, toldStatus } from './told-status.ts';

export const PROCEDURE_STATUS: Codes = codes({
  preparation: 'in-progress',
  'in-progress': 'in-progress',
  'not-done': 'aborted',
  'on-hold': 'in-progress',
  stopped: 'aborted',
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
});
const STATUS_NOTES = codes({
  preparation: 'This procedure is being prepared.',
  'on-hold': 'This procedure is on hold.',
});
const NOT_DONE = 'not-done';

const statusReason: Rule = partly((from, name, into, context) => {
  if (from['status'] === NOT_DONE) addedTo('reasonNotPerformed', concept)(from, name, into, context);
});

const DEVICE_ACTION = 'http://hl7.org/fhir/device-action';
/** SNOMED CT codes that one of the three DSTU2 codes can represent. */
export const DEVICE_ACTIONS = new Map(
  recodings('http://snomed.info/sct', DEVICE_ACTION, {
    '257867005': 'implanted',
    '71861002': 'implanted',
    '129303008': 'explanted',
    '129304002': 'explanted',
    '129432000': 'manipulated',
  }),
);
const recodedAction = recoded(DEVICE_ACTIONS);
const actionCoding: Convert = (value, context) => {
  const converted = recodedAction(value, context);
  return isObject(converted) && converted['system'] === DEVICE_ACTION ? converted : undefined;
};
const focalDevice = shape(
  { action: of(onlyCodings(actionCoding)), manipulated: of(reference('Device')) },
  'manipulated',
);

const performer = shape({
  function: of(concept, 'role'),
  actor: of(reference('Practitioner', 'Organization', 'Patient', 'RelatedPerson')),
  onBehalfOf: dropped,
});

/** A time without a date goes into a note, and the date is marked as absent. */
const markTimeAsText: Rule = (_from, _name, into) => {
  into['_performedDateTime'] = absentBecause('astext');
};
const performedText = ({ performedString, performedAge, performedRange }: Json): string | undefined => {
  const age = quantityWords(performedAge) ?? rangeWords(performedRange);
  return textOf(performedString) ?? (age === undefined ? undefined : `at the age of ${age}`);
};

export const procedure: Conversion = {
  type: 'Procedure',
  rules: resourceRules({
    identifier: of(identifier),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    basedOn: firstOf(link('CarePlan', 'DiagnosticOrder', 'ProcedureRequest', 'ReferralRequest'), 'request'),
    partOf: dropped,
    status: coded(PROCEDURE_STATUS),
    statusReason,
    category: of(concept),
    code: of(concept),
    subject: of(reference('Patient', 'Group')),
    encounter: of(reference('Encounter')),
    performedDateTime: kept,
    performedPeriod: of(period),
    performedString: markTimeAsText,
    performedAge: markTimeAsText,
    performedRange: markTimeAsText,
    recorder: dropped,
    asserter: dropped,
    performer: of(performer),
    location: of(reference('Location')),
    ...oneReason('reason'),
    bodySite: of(concept),
    outcome: of(concept),
    report: of(link('DiagnosticReport')),
    complication: of(concept),
    complicationDetail: dropped,
    followUp: of(concept),
    note: addedTo('notes', annotation),
    focalDevice: of(focalDevice),
    usedReference: of(reference('Device', 'Medication', 'Substance'), 'used'),
    usedCode: dropped,
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], PROCEDURE_STATUS),
  complete,
  required: ['status', 'subject'],
  profiles: [argonaut('procedure', isArgonautProcedure)],
};

function complete(into: Draft, from: Json): void {
  into['code'] ??= { text: 'Unknown' };
  if (from['status'] === NOT_DONE) into['notPerformed'] = true;
  const time = performedText(from);
  addNote(into, 'notes', time === undefined ? undefined : `Performed: ${time}`);
  addNote(into, 'notes', toldStatus(from, 'status', STATUS_NOTES));
}

function isArgonautProcedure(resource: Json): boolean {
  return (
    hasAll(resource, 'status', 'code') &&
    pointsTo(resource['subject']) &&
    ['performedDateTime', '_performedDateTime', 'performedPeriod'].some((name) => resource[name] !== undefined)
  );
}
