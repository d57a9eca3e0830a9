import { annotation } from './annotation.ts';
import { codeIn, concept } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, isDenied, pointsTo } from './conversion.ts';
import { absentBecause } from './data-absent.ts';
import { identifier, quantity } from './datatypes.ts';
import {
  add,
  addedTo,
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
  likeParts,
  objectsIn,
  of,
  partly,
  type Rule,
  readElsewhere,
  shape,
  textOf,
  unmodified,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { labelled } from './narrative.ts';
import { reasonWords } from './reason.ts';
import { reference } from './reference.ts';
import { addNote } from './told-status.ts';
import { addProtocols } from './vaccination-protocol.ts';

export const IMMUNIZATION_STATUS: Codes = codes({
  completed: 'completed',
  'entered-in-error': 'entered-in-error',
  'not-done': 'completed',
});
const NOT_DONE = 'not-done';

const FUNCTIONS = 'http://terminology.hl7.org/CodeSystem/v2-0443';
const practitionerReference = reference('Practitioner');
/** DSTU2 has one performer and one requester. */
const performers: Rule = partly((from, name, into, context) => {
  for (const one of unmodified(from[name])) {
    const code = codeIn(one['function'], FUNCTIONS);
    const role = code === 'OP' ? 'requester' : code === 'AP' || one['function'] === undefined ? 'performer' : undefined;
    const converted = practitionerReference(one['actor'], context);
    if (role !== undefined && converted !== undefined) into[role] ??= converted;
  }
});

/** For a vaccination that was not given, the status reason is the reason for that. Otherwise it is lost. */
const statusReason: Rule = partly((from, name, into, context) => {
  if (from['status'] === NOT_DONE) addToExplanation(into, 'reasonNotGiven', [concept(from[name], context)]);
});
/**
 * FHIR DSTU2, imm-1: a vaccination that was not given can't have reasons for giving it or reactions. Its reasons go
 * into a note.
 */
const reasonCode: Rule = (from, name, into, context) => {
  const converted = objectsIn(from[name]).map((one) => concept(one, context));
  if (from['status'] !== NOT_DONE) addToExplanation(into, 'reason', converted);
};

function addToExplanation(into: Draft, name: string, converted: readonly unknown[]): void {
  const explanation: Draft = isObject(into['explanation']) ? { ...into['explanation'] } : {};
  add(
    explanation,
    name,
    converted.filter((one) => one !== undefined),
  );
  if (Object.keys(explanation).length > 0) into['explanation'] = explanation;
}

/** A time in words goes into a note, and the date is marked as absent. */
const occurrenceString: Rule = (from, name, into) => {
  const words = textOf(from[name]);
  into['_date'] = absentBecause(words === undefined ? 'unknown' : 'astext');
};

const reactionParts = shape({ date: kept, detail: of(reference('Observation')), reported: kept });
const everyReaction = of(reactionParts);
const reaction: Rule = likeParts(reactionParts, (from, name, into, context) => {
  if (from['status'] !== NOT_DONE) everyReaction(from, name, into, context);
});

export const immunization: Conversion = {
  type: 'Immunization',
  rules: resourceRules({
    identifier: of(identifier),
    status: coded(IMMUNIZATION_STATUS),
    statusReason,
    vaccineCode: of(concept),
    patient: of(reference('Patient')),
    encounter: of(reference('Encounter')),
    occurrenceDateTime: keptAs('date'),
    occurrenceString,
    recorded: dropped,
    primarySource: readElsewhere,
    reportOrigin: readElsewhere,
    location: of(reference('Location')),
    manufacturer: of(reference('Organization')),
    lotNumber: kept,
    expirationDate: kept,
    site: of(concept),
    route: of(concept),
    doseQuantity: of(quantity),
    performer: performers,
    note: addedTo('note', annotation),
    reasonCode,
    reasonReference: dropped,
    isSubpotent: readElsewhere,
    subpotentReason: readElsewhere,
    education: dropped,
    programEligibility: dropped,
    fundingSource: dropped,
    reaction,
    protocolApplied: readElsewhere,
  }),
  hiddenBy: (from) => {
    const isUninterpretable = from['isSubpotent'] !== true && !isDenied(from, 'isSubpotent');
    return isUninterpretable ? 'potency-not-understood' : hiddenByStatus(from['status'], IMMUNIZATION_STATUS);
  },
  complete,
  required: ['status', 'vaccineCode', 'patient'],
  profiles: [argonaut('immunization', isArgonautImmunization)],
};

function complete(into: Draft, from: Json, context: Context): void {
  into['wasNotGiven'] = from['status'] === NOT_DONE;
  into['reported'] = from['primarySource'] === false || from['reportOrigin'] !== undefined;
  const time = textOf(from['occurrenceString']);
  addNote(into, 'note', labelled('Time', time));
  if (from['status'] === NOT_DONE) addNote(into, 'note', labelled('Reason to give it', reasonWords(from)));
  addProtocols(into, from, context);
}

function isArgonautImmunization(resource: Json): boolean {
  return (
    hasAll(resource, 'status', 'vaccineCode', 'wasNotGiven', 'reported') &&
    pointsTo(resource['patient']) &&
    (resource['date'] !== undefined || resource['_date'] !== undefined)
  );
}
