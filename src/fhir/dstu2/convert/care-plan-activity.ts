import { annotation } from './annotation.ts';
import { concept } from './coding.ts';
import { isDenied, isUnclearCode } from './conversion.ts';
import { period, quantity } from './datatypes.ts';
import {
  type Codes,
  type Convert,
  coded,
  codes,
  dropped,
  isObject,
  type Json,
  kept,
  likeParts,
  of,
  type Rule,
  readElsewhere,
  shape,
  textOf,
} from './element.ts';
import { link, reference } from './reference.ts';
import { timing, unsaidTiming } from './timing.ts';

/** The status of an activity is optional in DSTU2, so `unknown` is left out. */
export const ACTIVITY_STATUS: Codes = codes({
  'not-started': 'not-started',
  scheduled: 'scheduled',
  'in-progress': 'in-progress',
  'on-hold': 'on-hold',
  completed: 'completed',
  cancelled: 'cancelled',
  stopped: 'cancelled',
});
export const ACTIVITY_KIND: Codes = codes({
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
const kindAsCategory: Rule = (from, name, into) => {
  const code = ACTIVITY_KIND.get(textOf(from[name]) ?? '');
  if (code !== undefined) into['category'] = { coding: [{ system: CATEGORY, code }] };
};

/** A Timing that DSTU2 can't express becomes text. */
const scheduledTiming: Rule = (from, name, into, context) => {
  const value = from[name];
  const converted = timing(value, context);
  const text = isObject(value) && value['event'] === undefined ? unsaidTiming(value) : undefined;
  if (converted !== undefined) into[name] = converted;
  else if (text !== undefined) into['scheduledString'] = text;
};

const convertDetail = shape({
  kind: kindAsCategory,
  instantiatesCanonical: dropped,
  instantiatesUri: dropped,
  code: of(concept),
  reasonCode: of(concept),
  reasonReference: of(link('Condition')),
  goal: of(reference('Goal')),
  status: coded(ACTIVITY_STATUS),
  statusReason: of(concept),
  doNotPerform: readElsewhere,
  scheduledTiming,
  scheduledPeriod: of(period),
  scheduledString: kept,
  location: of(reference('Location')),
  performer: of(reference('Practitioner', 'Organization', 'RelatedPerson', 'Patient')),
  productCodeableConcept: of(concept),
  productReference: of(reference('Medication', 'Substance')),
  dailyAmount: of(quantity),
  quantity: of(quantity),
  description: kept,
});

const detail: Convert = likeParts(convertDetail, (value, context) => {
  const converted = convertDetail(value, context);
  return isObject(value) && isObject(converted)
    ? { ...converted, prohibited: value['doNotPerform'] === true }
    : undefined;
});

const REQUESTS = `Appointment CommunicationRequest DeviceUseRequest DiagnosticOrder MedicationOrder NutritionOrder Order
  ProcedureRequest ProcessRequest ReferralRequest SupplyRequest VisionPrescription`.split(/\s+/);
const convertActivity = shape({
  outcomeCodeableConcept: dropped,
  outcomeReference: of(reference(), 'actionResulting'),
  progress: of(annotation),
  reference: of(reference(...REQUESTS)),
  detail: of(detail),
});

/**
 * Hides an activity that was entered in error, or whose status or prohibition can't be interpreted, since it would look
 * like any other activity.
 */
function isUninterpretable({ detail: one }: Json): boolean {
  if (!isObject(one)) return false;
  const isStatusUnmapped = one['status'] !== 'unknown' && isUnclearCode(one['status'], ACTIVITY_STATUS);
  return isStatusUnmapped || (one['doNotPerform'] !== true && !isDenied(one, 'doNotPerform'));
}

export const activity: Convert = likeParts(convertActivity, (value, context) =>
  isObject(value) && !isUninterpretable(value) ? convertActivity(value, context) : undefined,
);
