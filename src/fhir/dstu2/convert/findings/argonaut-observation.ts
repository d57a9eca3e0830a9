import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import { hasAll } from '../conversion.ts';
import type { FhirJson } from '../conversion-rules.ts';
import { codingsIn, hasCoding, LOINC, UCUM } from '../datatypes/coding.ts';

const CATEGORY = 'http://hl7.org/fhir/observation-category';
export const SMOKING_STATUS = '72166-2';

/** LOINC codes of Argonaut's value set of vital signs. */
const VITAL_SIGNS = new Set([
  '8716-3',
  '9279-1',
  '8867-4',
  '59408-5',
  '8310-5',
  '8302-2',
  '8306-3',
  '8287-5',
  '29463-7',
  '39156-5',
  '55284-4',
  '8480-6',
  '8462-4',
]);

export const meetsLaboratoryProfile = (resource: FhirJson): boolean =>
  isAboutPatient(resource) &&
  hasCoding(resource['category'], CATEGORY, 'laboratory') &&
  hasDayPrecision(resource) &&
  hasContent(resource) &&
  hasUcumUnit(resource['valueQuantity']);

export const meetsSmokingStatusProfile = (resource: FhirJson): boolean =>
  isAboutPatient(resource) &&
  hasCoding(resource['code'], LOINC, SMOKING_STATUS) &&
  hasAll(resource, 'issued', 'valueCodeableConcept');

export const meetsVitalSignsProfile = (resource: FhirJson): boolean =>
  isAboutPatient(resource) &&
  hasCoding(resource['category'], CATEGORY, 'vital-signs') &&
  isVitalSign(resource) &&
  (resource['effectiveDateTime'] !== undefined || resource['effectivePeriod'] !== undefined) &&
  hasDayPrecision(resource) &&
  hasContent(resource) &&
  hasOnlyUcumQuantity(resource) &&
  objectsIn(resource['related']).every((one) => one['type'] === 'has-member') &&
  objectsIn(resource['component']).every((one) => hasValue(one) && hasOnlyUcumQuantity(one));

function isAboutPatient(resource: FhirJson): boolean {
  const { subject } = resource;
  const target = isObject(subject) ? nonEmptyText(subject['reference']) : undefined;
  return hasAll(resource, 'status', 'code') && target !== undefined && /(^|\/)Patient\/|^urn:/.test(target);
}

const isVitalSign = (resource: FhirJson): boolean =>
  codingsIn(resource['code']).some((one) => one['system'] === LOINC && VITAL_SIGNS.has(String(one['code'])));

/** Argonaut Observation, arg-1: the time must be precise to the day. */
const hasDayPrecision = ({ effectiveDateTime: time }: FhirJson): boolean =>
  time === undefined || String(time).length >= 10;

const hasValue = (element: FhirJson): boolean =>
  element['dataAbsentReason'] !== undefined || Object.keys(element).some((name) => /^value[A-Z]/.test(name));

/** Argonaut Observation, arg-2: a value, components, or related observations must be present. */
const hasContent = (resource: FhirJson): boolean =>
  hasValue(resource) || resource['component'] !== undefined || resource['related'] !== undefined;

/** Argonaut Observation, arg-3: a coded quantity must use UCUM. */
const hasUcumUnit = (quantity: unknown): boolean =>
  !isObject(quantity) || quantity['code'] === undefined || quantity['system'] === UCUM;

/**
 * Whether the value, if there is one, is a UCUM Quantity. Argonaut's vital signs profile defines `valueQuantity` in
 * place of `value[x]`, so any other type violates it.
 */
function hasOnlyUcumQuantity(element: FhirJson): boolean {
  const values = Object.keys(element).filter((name) => /^value[A-Z]/.test(name));
  const { valueQuantity: quantity } = element;
  if (!isObject(quantity)) return values.length === 0;
  return values.length === 1 && hasAll(quantity, 'value', 'unit', 'code') && quantity['system'] === UCUM;
}
