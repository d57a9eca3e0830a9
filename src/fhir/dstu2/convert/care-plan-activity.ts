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

/** Where DSTU2 has the status of an activity only optionally: `unknown` is left out. */
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
const kind: Rule = (from, name, into) => {
  const code = ACTIVITY_KIND.get(textOf(from[name]) ?? '');
  if (code !== undefined) into['category'] = { coding: [{ system: CATEGORY, code }] };
};

/** A Timing that can't be said is told. */
const scheduledTiming: Rule = (from, name, into, context) => {
  const value = from[name];
  const made = timing(value, context);
  const words = isObject(value) && value['event'] === undefined ? unsaidTiming(value) : undefined;
  if (made !== undefined) into[name] = made;
  else if (words !== undefined) into['scheduledString'] = words;
};

const wholeDetail = shape({
  kind,
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

const detail: Convert = likeParts(wholeDetail, (value, context) => {
  const made = wholeDetail(value, context);
  return isObject(value) && isObject(made) ? { ...made, prohibited: value['doNotPerform'] === true } : undefined;
});

const REQUESTS = `Appointment CommunicationRequest DeviceUseRequest DiagnosticOrder MedicationOrder NutritionOrder Order
  ProcedureRequest ProcessRequest ReferralRequest SupplyRequest VisionPrescription`.split(/\s+/);
const whole = shape({
  outcomeCodeableConcept: dropped,
  outcomeReference: of(reference(), 'actionResulting'),
  progress: of(annotation),
  reference: of(reference(...REQUESTS)),
  detail: of(detail),
});

/** One that was entered in error, or whose status or prohibition nobody can read, must not look like any other. */
function isUnclear({ detail: one }: Json): boolean {
  if (!isObject(one)) return false;
  const isStatusUnclear = one['status'] !== 'unknown' && isUnclearCode(one['status'], ACTIVITY_STATUS);
  return isStatusUnclear || (one['doNotPerform'] !== true && !isDenied(one, 'doNotPerform'));
}

export const activity: Convert = likeParts(whole, (value, context) =>
  isObject(value) && !isUnclear(value) ? whole(value, context) : undefined,
);
