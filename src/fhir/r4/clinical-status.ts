import { isObject } from '../../kernel/index.ts';
import { elementsAt } from '../store/index/elements.ts';

// The predicates in this file find resources that are not what they look like at first, such as a refuted diagnosis.
// Everything that is shown as current, taken, or true must be checked with all of them.

const STATUSES = ['status', 'lifecycleStatus', 'docStatus', 'verificationStatus.coding.code'];

/** Whether a resource was entered in error. FHIR R4: it must never be shown as current. */
export const isEnteredInError = (resource: unknown): boolean =>
  STATUSES.some((path) => elementsAt(resource, path).includes('entered-in-error'));

/** Whether a Condition or AllergyIntolerance was ruled out, whatever its clinical status says. */
export const isRefuted = (resource: unknown): boolean =>
  elementsAt(resource, 'verificationStatus.coding.code').includes('refuted');

/** Whether an order says that something must not be done (FHIR R4 doNotPerform). */
export const isProhibited = (resource: unknown): boolean => elementsAt(resource, 'doNotPerform').includes(true);

/**
 * Whether a MedicationRequest records what someone said about a medication, and isn't a prescription
 * (MedicationRequest.reported[x]).
 */
export const isReported = (request: unknown): boolean =>
  elementsAt(request, 'reportedBoolean').includes(true) || elementsAt(request, 'reportedReference').some(isObject);

const ORDERS = ['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order'];

/**
 * Whether a request is about something that may be taken or done one day: its intent is `proposal`, `plan` or `option`.
 * In US Core, a medication that a patient takes without a prescription is a plan too, but a reported one. For such a
 * plan, the result is false.
 */
export function isPlanned(request: unknown): boolean {
  const [intent] = elementsAt(request, 'intent');
  if (intent === undefined || ORDERS.includes(String(intent))) return false;
  return intent !== 'plan' || !isReported(request);
}

/**
 * Whether an Observation is about someone or something else than the patient in whose record it is, such as a fetus, a
 * donor or a device (Observation.focus).
 */
export function hasOtherFocus(observation: unknown): boolean {
  const [subject] = elementsAt(observation, 'subject.reference');
  return elementsAt(observation, 'focus').some(
    (focus) => subject === undefined || elementsAt(focus, 'reference')[0] !== subject,
  );
}

const ICD10 = /^(?:http:\/\/hl7\.org\/fhir\/sid\/icd-10|urn:oid:2\.16\.840\.1\.113883\.6\.90)/;

/** Whether a Condition is about relatives: its code is ICD-10 Z80 to Z84, or its text or display says so. */
export const isFamilyHistory = (condition: unknown): boolean =>
  elementsAt(condition, 'code.text').some(mentionsFamilyHistory) ||
  elementsAt(condition, 'code.coding').some(
    (coding) =>
      elementsAt(coding, 'display').some(mentionsFamilyHistory) ||
      (ICD10.test(String(elementsAt(coding, 'system')[0])) && /^Z8[0-4]/.test(String(elementsAt(coding, 'code')[0]))),
  );

const mentionsFamilyHistory = (text: unknown): boolean =>
  typeof text === 'string' && /^\s*(?:family history|family hx|fh:|fhx)/i.test(text);
