import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import { isAbsentOrFalse, isUnmappedCode } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  type ValueConverter,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertAnnotation } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertPeriod, convertQuantity } from '../datatypes/datatypes.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { convertTiming, unmappedTimingText } from '../datatypes/timing.ts';

/**
 * DSTU2 codes of the R4 activity status. DSTU2 has no code `unknown`, and the status is optional there, so an unknown
 * status is left out.
 */
export const CARE_PLAN_ACTIVITY_STATUS: CodeMap = codeMap({
  'not-started': 'not-started',
  scheduled: 'scheduled',
  'in-progress': 'in-progress',
  'on-hold': 'on-hold',
  completed: 'completed',
  cancelled: 'cancelled',
  stopped: 'cancelled',
});
export const CARE_PLAN_ACTIVITY_KIND: CodeMap = codeMap({
  Appointment: 'encounter',
  CommunicationRequest: 'other',
  DeviceRequest: 'supply',
  MedicationRequest: 'drug',
  NutritionOrder: 'diet',
  Task: 'other',
  ServiceRequest: 'procedure',
  VisionPrescription: 'other',
});
const CATEGORY = 'http://hl7.org/fhir/care-plan-activity-category';
const kindAsCategory: ConversionRule = (from, name, into) => {
  const code = CARE_PLAN_ACTIVITY_KIND.get(nonEmptyText(from[name]) ?? '');
  if (code !== undefined) into['category'] = { coding: [{ system: CATEGORY, code }] };
};

/** Converts the timing of an activity. A Timing that DSTU2 can't express becomes text. */
const scheduledTiming: ConversionRule = (from, name, into, context) => {
  const value = from[name];
  const converted = convertTiming(value, context);
  const text = isObject(value) && value['event'] === undefined ? unmappedTimingText(value) : undefined;
  if (converted !== undefined) into[name] = converted;
  else if (text !== undefined) into['scheduledString'] = text;
};

const convertDetail = elementConverter({
  kind: kindAsCategory,
  instantiatesCanonical: drop,
  instantiatesUri: drop,
  code: map(convertConcept),
  reasonCode: map(convertConcept),
  reasonReference: map(linkConverter('Condition')),
  goal: map(referenceConverter('Goal')),
  status: mapCode(CARE_PLAN_ACTIVITY_STATUS),
  statusReason: map(convertConcept),
  doNotPerform: handledElsewhere,
  scheduledTiming,
  scheduledPeriod: map(convertPeriod),
  scheduledString: copy,
  location: map(referenceConverter('Location')),
  performer: map(referenceConverter('Practitioner', 'Organization', 'RelatedPerson', 'Patient')),
  productCodeableConcept: map(convertConcept),
  productReference: map(referenceConverter('Medication', 'Substance')),
  dailyAmount: map(convertQuantity),
  quantity: map(convertQuantity),
  description: copy,
});

const detail: ValueConverter = withPartsOf(convertDetail, (value, context) => {
  const converted = convertDetail(value, context);
  return isObject(value) && isObject(converted)
    ? { ...converted, prohibited: value['doNotPerform'] === true }
    : undefined;
});

const REQUESTS = `Appointment CommunicationRequest DeviceUseRequest DiagnosticOrder MedicationOrder NutritionOrder Order
  ProcedureRequest ProcessRequest ReferralRequest SupplyRequest VisionPrescription`.split(/\s+/);
const convertActivity = elementConverter({
  outcomeCodeableConcept: drop,
  outcomeReference: map(referenceConverter(), 'actionResulting'),
  progress: map(convertAnnotation),
  reference: map(referenceConverter(...REQUESTS)),
  detail: map(detail),
});

/**
 * Whether an activity must be hidden, because DSTU2 would show it like a valid one: it was entered in error, or its
 * status or its `doNotPerform` can't be interpreted.
 */
function isUninterpretable({ detail: one }: FhirJson): boolean {
  if (!isObject(one)) return false;
  const isStatusUnmapped = one['status'] !== 'unknown' && isUnmappedCode(one['status'], CARE_PLAN_ACTIVITY_STATUS);
  return isStatusUnmapped || (one['doNotPerform'] !== true && !isAbsentOrFalse(one, 'doNotPerform'));
}

export const convertCarePlanActivity: ValueConverter = withPartsOf(convertActivity, (value, context) =>
  isObject(value) && !isUninterpretable(value) ? convertActivity(value, context) : undefined,
);
