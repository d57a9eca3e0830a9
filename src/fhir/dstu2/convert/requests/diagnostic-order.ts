import { isObject, nonEmptyText, toList } from '../../../../kernel/index.ts';
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
} from '../conversion-rules.ts';
import { convertAnnotation } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier } from '../datatypes/datatypes.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { addToNotes } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';
import { requestText } from './request-text.ts';
import { REQUEST_PRIORITY, REQUEST_STATUS, requestConversionBase } from './service-request.ts';

/** Converts an order's code to DiagnosticOrder.item, with one item for each body site. */
const item: ConversionRule = (from, name, into, context) => {
  const code = convertConcept(from[name], context);
  const sites = toList(from['bodySite']).map((one) => convertConcept(one, context));
  const bodySites = sites.filter((site) => site !== undefined);
  if (code === undefined) return;
  into['item'] = bodySites.length === 0 ? [{ code }] : bodySites.map((bodySite) => ({ code, bodySite }));
};

/** Converts the date of an order to an event with the status `requested`, because DSTU2 has no element for the date. */
const requestedEvent: ConversionRule = (from, name, into, context) => {
  const dateTime = nonEmptyText(from[name]);
  const actor = linkConverter('Practitioner', 'Device')(from['requester'], context);
  const event = { status: 'requested', dateTime, ...(isObject(actor) ? { actor } : {}) };
  if (dateTime !== undefined) into['event'] = [event];
};

export const diagnosticOrderConversion: ResourceConversion = {
  ...requestConversionBase('DiagnosticOrder'),
  rules: resourceRules({
    identifier: map(convertIdentifier),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    basedOn: drop,
    replaces: drop,
    requisition: appendTo('identifier', convertIdentifier),
    status: mapCode(REQUEST_STATUS.DiagnosticOrder),
    intent: handledElsewhere,
    category: drop,
    priority: mapCode(REQUEST_PRIORITY),
    doNotPerform: handledElsewhere,
    code: item,
    orderDetail: handledElsewhere,
    quantityQuantity: handledElsewhere,
    quantityRatio: handledElsewhere,
    quantityRange: handledElsewhere,
    subject: map(referenceConverter('Patient', 'Group', 'Location', 'Device')),
    encounter: map(referenceConverter('Encounter')),
    occurrenceDateTime: handledElsewhere,
    occurrencePeriod: handledElsewhere,
    occurrenceTiming: handledElsewhere,
    asNeededBoolean: handledElsewhere,
    asNeededCodeableConcept: handledElsewhere,
    authoredOn: requestedEvent,
    requester: map(referenceConverter('Practitioner'), 'orderer'),
    performerType: drop,
    performer: drop,
    locationCode: drop,
    locationReference: drop,
    reasonCode: map(convertConcept, 'reason'),
    reasonReference: appendTo('supportingInformation', linkConverter('Observation', 'Condition', 'DocumentReference')),
    insurance: drop,
    supportingInfo: appendTo('supportingInformation', linkConverter('Observation', 'Condition', 'DocumentReference')),
    specimen: map(referenceConverter('Specimen')),
    bodySite: handledElsewhere,
    note: appendTo('note', convertAnnotation),
    patientInstruction: handledElsewhere,
    relevantHistory: drop,
  }),
  complete: (into: DraftElement, from: FhirJson) =>
    addToNotes(into, 'note', requestText(from, 'amount', 'details', 'time', 'asNeeded', 'instruction')),
  required: ['subject'],
};
