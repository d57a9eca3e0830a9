import { noteText } from './annotation.ts';
import { concept } from './coding.ts';
import type { Conversion } from './conversion.ts';
import { identifier, momentAs, period } from './datatypes.ts';
import {
  addedTo,
  coded,
  type Draft,
  dropped,
  firstOf,
  type Json,
  keptAs,
  of,
  type Rule,
  readElsewhere,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';
import { requestWords } from './request-words.ts';
import { ofForm, PRIORITY, REQUEST_STATUS } from './service-request.ts';
import { addToText } from './told-status.ts';

/** R4 has a code where DSTU2 has a CodeableConcept. */
const priority: Rule = (from, name, into) => {
  const code = PRIORITY.get(textOf(from[name]) ?? '');
  const system = 'http://hl7.org/fhir/diagnostic-order-priority';
  if (code !== undefined) into[name] = { coding: [{ system, code }] };
};

export const referralRequest: Conversion = {
  ...ofForm('ReferralRequest'),
  rules: resourceRules({
    identifier: of(identifier),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    basedOn: dropped,
    replaces: dropped,
    requisition: addedTo('identifier', identifier),
    status: coded(REQUEST_STATUS.ReferralRequest),
    intent: readElsewhere,
    category: firstOf(concept, 'type'),
    priority,
    doNotPerform: readElsewhere,
    code: addedTo('serviceRequested', concept),
    orderDetail: readElsewhere,
    quantityQuantity: readElsewhere,
    quantityRatio: readElsewhere,
    quantityRange: readElsewhere,
    subject: of(reference('Patient'), 'patient'),
    encounter: of(reference('Encounter')),
    occurrenceDateTime: momentAs('fulfillmentTime'),
    occurrencePeriod: of(period, 'fulfillmentTime'),
    occurrenceTiming: readElsewhere,
    asNeededBoolean: readElsewhere,
    asNeededCodeableConcept: readElsewhere,
    authoredOn: keptAs('date'),
    requester: of(reference('Practitioner', 'Organization', 'Patient')),
    performerType: of(concept, 'specialty'),
    performer: of(reference('Practitioner', 'Organization'), 'recipient'),
    locationCode: dropped,
    locationReference: dropped,
    reasonCode: firstOf(concept, 'reason'),
    reasonReference: addedTo('supportingInformation', reference()),
    insurance: dropped,
    supportingInfo: addedTo('supportingInformation', reference()),
    specimen: dropped,
    bodySite: dropped,
    note: noteText('description'),
    patientInstruction: readElsewhere,
    relevantHistory: dropped,
  }),
  complete,
  required: ['status'],
};

function complete(into: Draft, from: Json): void {
  const timePart = into['fulfillmentTime'] === undefined ? (['time'] as const) : [];
  addToText(into, 'description', requestWords(from, 'amount', 'details', ...timePart, 'asNeeded', 'instruction'));
}
