import { annotation } from './annotation.ts';
import { concept } from './coding.ts';
import type { Conversion } from './conversion.ts';
import { identifier, period } from './datatypes.ts';
import {
  addedTo,
  coded,
  type Draft,
  dropped,
  firstOf,
  isObject,
  type Json,
  kept,
  keptAs,
  of,
  type Rule,
  readElsewhere,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { oneReason } from './reason.ts';
import { reference } from './reference.ts';
import { requestWords } from './request-words.ts';
import { ofForm, PRIORITY, REQUEST_STATUS } from './service-request.ts';
import { timing } from './timing.ts';
import { addNote } from './told-status.ts';

/** A Timing that DSTU2 can't express completely goes into a note. */
const scheduledTiming: Rule = (from, name, into, context) => {
  const converted = timing(from[name], context);
  if (converted !== undefined) into['scheduledTiming'] = converted;
};

export const procedureRequest: Conversion = {
  ...ofForm('ProcedureRequest'),
  rules: resourceRules({
    identifier: of(identifier),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    basedOn: dropped,
    replaces: dropped,
    requisition: addedTo('identifier', identifier),
    status: coded(REQUEST_STATUS.ProcedureRequest),
    intent: readElsewhere,
    category: dropped,
    priority: coded(PRIORITY),
    doNotPerform: readElsewhere,
    code: of(concept),
    orderDetail: readElsewhere,
    quantityQuantity: readElsewhere,
    quantityRatio: readElsewhere,
    quantityRange: readElsewhere,
    subject: of(reference('Patient', 'Group')),
    encounter: of(reference('Encounter')),
    occurrenceDateTime: keptAs('scheduledDateTime'),
    occurrencePeriod: of(period, 'scheduledPeriod'),
    occurrenceTiming: scheduledTiming,
    asNeededBoolean: kept,
    asNeededCodeableConcept: of(concept),
    authoredOn: keptAs('orderedOn'),
    requester: of(reference('Practitioner', 'Patient', 'RelatedPerson', 'Device'), 'orderer'),
    performerType: dropped,
    performer: firstOf(reference('Practitioner', 'Organization', 'Patient', 'RelatedPerson')),
    locationCode: dropped,
    locationReference: dropped,
    ...oneReason('reason'),
    insurance: dropped,
    supportingInfo: dropped,
    specimen: dropped,
    bodySite: of(concept),
    note: addedTo('notes', annotation),
    patientInstruction: readElsewhere,
    relevantHistory: dropped,
  }),
  complete,
  required: ['subject'],
};

function complete(into: Draft, from: Json): void {
  into['code'] ??= { text: 'Unknown' };
  const isTimingUnmapped = isObject(from['occurrenceTiming']) && into['scheduledTiming'] === undefined;
  const timePart = isTimingUnmapped ? (['time'] as const) : [];
  addNote(into, 'notes', requestWords(from, 'amount', 'details', ...timePart, 'instruction'));
}
