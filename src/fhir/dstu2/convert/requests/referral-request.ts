import { nonEmptyText } from '../../../../kernel/index.ts';
import type { ResourceConversion } from '../conversion.ts';
import {
  appendTo,
  type ConversionRule,
  type DraftElement,
  drop,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  mapFirst,
  rename,
} from '../conversion-rules.ts';
import { annotationsAsString } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod, pointInTimeAsPeriod } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { addToString } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';
import { requestText } from './request-text.ts';
import { REQUEST_PRIORITY, REQUEST_STATUS, requestConversionBase } from './service-request.ts';

/**
 * Converts the priority of a referral: a code in the R4 ServiceRequest, a CodeableConcept in the DSTU2 ReferralRequest.
 */
const priority: ConversionRule = (from, name, into) => {
  const code = REQUEST_PRIORITY.get(nonEmptyText(from[name]) ?? '');
  const system = 'http://hl7.org/fhir/diagnostic-order-priority';
  if (code !== undefined) into[name] = { coding: [{ system, code }] };
};

export const referralRequestConversion: ResourceConversion = {
  ...requestConversionBase('ReferralRequest'),
  rules: resourceRules({
    identifier: map(convertIdentifier),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    basedOn: drop,
    replaces: drop,
    requisition: appendTo('identifier', convertIdentifier),
    status: mapCode(REQUEST_STATUS.ReferralRequest),
    intent: handledElsewhere,
    category: mapFirst(convertConcept, 'type'),
    priority,
    doNotPerform: handledElsewhere,
    code: appendTo('serviceRequested', convertConcept),
    orderDetail: handledElsewhere,
    quantityQuantity: handledElsewhere,
    quantityRatio: handledElsewhere,
    quantityRange: handledElsewhere,
    subject: map(referenceConverter('Patient'), 'patient'),
    encounter: map(referenceConverter('Encounter')),
    occurrenceDateTime: pointInTimeAsPeriod('fulfillmentTime'),
    occurrencePeriod: map(convertPeriod, 'fulfillmentTime'),
    occurrenceTiming: handledElsewhere,
    asNeededBoolean: handledElsewhere,
    asNeededCodeableConcept: handledElsewhere,
    authoredOn: rename('date'),
    requester: map(referenceConverter('Practitioner', 'Organization', 'Patient')),
    performerType: map(convertConcept, 'specialty'),
    performer: map(referenceConverter('Practitioner', 'Organization'), 'recipient'),
    locationCode: drop,
    locationReference: drop,
    reasonCode: mapFirst(convertConcept, 'reason'),
    reasonReference: appendTo('supportingInformation', referenceConverter()),
    insurance: drop,
    supportingInfo: appendTo('supportingInformation', referenceConverter()),
    specimen: drop,
    bodySite: drop,
    note: annotationsAsString('description'),
    patientInstruction: handledElsewhere,
    relevantHistory: drop,
  }),
  complete,
  required: ['status'],
};

function complete(into: DraftElement, from: FhirJson): void {
  const timePart = into['fulfillmentTime'] === undefined ? (['time'] as const) : [];
  addToString(into, 'description', requestText(from, 'amount', 'details', ...timePart, 'asNeeded', 'instruction'));
}
