import { annotation } from './annotation.ts';
import { concept } from './coding.ts';
import type { Conversion } from './conversion.ts';
import { identifier } from './datatypes.ts';
import {
  addedTo,
  coded,
  type Draft,
  dropped,
  isObject,
  type Json,
  listOf,
  of,
  type Rule,
  readElsewhere,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { link, reference } from './reference.ts';
import { requestWords } from './request-words.ts';
import { ofForm, PRIORITY, REQUEST_STATUS } from './service-request.ts';
import { addNote } from './told-status.ts';

/** One item for each body site. */
const item: Rule = (from, name, into, context) => {
  const code = concept(from[name], context);
  const sites = listOf(from['bodySite']).map((one) => concept(one, context));
  const bodySites = sites.filter((site) => site !== undefined);
  if (code === undefined) return;
  into['item'] = bodySites.length === 0 ? [{ code }] : bodySites.map((bodySite) => ({ code, bodySite }));
};

/** DSTU2 has no date of an order. The date becomes an event with the status `requested`. */
const requestedEvent: Rule = (from, name, into, context) => {
  const dateTime = textOf(from[name]);
  const actor = link('Practitioner', 'Device')(from['requester'], context);
  const event = { status: 'requested', dateTime, ...(isObject(actor) ? { actor } : {}) };
  if (dateTime !== undefined) into['event'] = [event];
};

export const diagnosticOrder: Conversion = {
  ...ofForm('DiagnosticOrder'),
  rules: resourceRules({
    identifier: of(identifier),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    basedOn: dropped,
    replaces: dropped,
    requisition: addedTo('identifier', identifier),
    status: coded(REQUEST_STATUS.DiagnosticOrder),
    intent: readElsewhere,
    category: dropped,
    priority: coded(PRIORITY),
    doNotPerform: readElsewhere,
    code: item,
    orderDetail: readElsewhere,
    quantityQuantity: readElsewhere,
    quantityRatio: readElsewhere,
    quantityRange: readElsewhere,
    subject: of(reference('Patient', 'Group', 'Location', 'Device')),
    encounter: of(reference('Encounter')),
    occurrenceDateTime: readElsewhere,
    occurrencePeriod: readElsewhere,
    occurrenceTiming: readElsewhere,
    asNeededBoolean: readElsewhere,
    asNeededCodeableConcept: readElsewhere,
    authoredOn: requestedEvent,
    requester: of(reference('Practitioner'), 'orderer'),
    performerType: dropped,
    performer: dropped,
    locationCode: dropped,
    locationReference: dropped,
    reasonCode: of(concept, 'reason'),
    reasonReference: addedTo('supportingInformation', link('Observation', 'Condition', 'DocumentReference')),
    insurance: dropped,
    supportingInfo: addedTo('supportingInformation', link('Observation', 'Condition', 'DocumentReference')),
    specimen: of(reference('Specimen')),
    bodySite: readElsewhere,
    note: addedTo('note', annotation),
    patientInstruction: readElsewhere,
    relevantHistory: dropped,
  }),
  complete: (into: Draft, from: Json) =>
    addNote(into, 'note', requestWords(from, 'amount', 'details', 'time', 'asNeeded', 'instruction')),
  required: ['subject'],
};
