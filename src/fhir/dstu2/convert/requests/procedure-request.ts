import { isObject } from '../../../../kernel/index.ts';
import type { ResourceConversion } from '../conversion.ts';
import {
  appendTo,
  type ConversionRule,
  copy,
  type DraftElement,
  drop,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  mapFirst,
  rename,
} from '../conversion-rules.ts';
import { convertAnnotation } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { singleReasonRules } from '../datatypes/reason.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { addToNotes } from '../datatypes/status-note.ts';
import { convertTiming } from '../datatypes/timing.ts';
import { resourceRules } from '../resource-rules.ts';
import { requestText } from './request-text.ts';
import { REQUEST_PRIORITY, REQUEST_STATUS, requestConversionBase } from './service-request.ts';

/** Converts the time of a procedure. A Timing that DSTU2 can't express completely goes into a note. */
const scheduledTiming: ConversionRule = (from, name, into, context) => {
  const converted = convertTiming(from[name], context);
  if (converted !== undefined) into['scheduledTiming'] = converted;
};

export const procedureRequestConversion: ResourceConversion = {
  ...requestConversionBase('ProcedureRequest'),
  rules: resourceRules({
    identifier: map(convertIdentifier),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    basedOn: drop,
    replaces: drop,
    requisition: appendTo('identifier', convertIdentifier),
    status: mapCode(REQUEST_STATUS.ProcedureRequest),
    intent: handledElsewhere,
    category: drop,
    priority: mapCode(REQUEST_PRIORITY),
    doNotPerform: handledElsewhere,
    code: map(convertConcept),
    orderDetail: handledElsewhere,
    quantityQuantity: handledElsewhere,
    quantityRatio: handledElsewhere,
    quantityRange: handledElsewhere,
    subject: map(referenceConverter('Patient', 'Group')),
    encounter: map(referenceConverter('Encounter')),
    occurrenceDateTime: rename('scheduledDateTime'),
    occurrencePeriod: map(convertPeriod, 'scheduledPeriod'),
    occurrenceTiming: scheduledTiming,
    asNeededBoolean: copy,
    asNeededCodeableConcept: map(convertConcept),
    authoredOn: rename('orderedOn'),
    requester: map(referenceConverter('Practitioner', 'Patient', 'RelatedPerson', 'Device'), 'orderer'),
    performerType: drop,
    performer: mapFirst(referenceConverter('Practitioner', 'Organization', 'Patient', 'RelatedPerson')),
    locationCode: drop,
    locationReference: drop,
    ...singleReasonRules('reason'),
    insurance: drop,
    supportingInfo: drop,
    specimen: drop,
    bodySite: map(convertConcept),
    note: appendTo('notes', convertAnnotation),
    patientInstruction: handledElsewhere,
    relevantHistory: drop,
  }),
  complete,
  required: ['subject'],
};

function complete(into: DraftElement, from: FhirJson): void {
  into['code'] ??= { text: 'Unknown' };
  const isTimingUnmapped = isObject(from['occurrenceTiming']) && into['scheduledTiming'] === undefined;
  const timePart = isTimingUnmapped ? (['time'] as const) : [];
  addToNotes(into, 'notes', requestText(from, 'amount', 'details', ...timePart, 'instruction'));
}
