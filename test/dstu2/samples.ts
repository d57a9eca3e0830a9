import type { Resource } from '../../src/fhir/core/version.ts';

/** Small R4 resources that are visible in DSTU2, for tests to vary. */
export const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
export const concept = (system: string, code: string) => ({ coding: [{ system, code }] });
const subject = { reference: 'Patient/p' };

const make =
  (base: Resource) =>
  (changes: Readonly<Record<string, unknown>> = {}): Resource => ({ ...base, ...changes });

export const patient = make({ resourceType: 'Patient', id: 'p' });
export const observation = make({
  resourceType: 'Observation',
  id: 'o',
  status: 'final',
  code: concept('http://loinc.org', '8867-4'),
  subject,
});
export const condition = make({
  resourceType: 'Condition',
  id: 'c',
  clinicalStatus: concept(`${TERMINOLOGY}/condition-clinical`, 'active'),
  verificationStatus: concept(`${TERMINOLOGY}/condition-ver-status`, 'confirmed'),
  code: { text: 'Cough' },
  subject,
});
export const allergy = make({
  resourceType: 'AllergyIntolerance',
  id: 'a',
  clinicalStatus: concept(`${TERMINOLOGY}/allergyintolerance-clinical`, 'active'),
  verificationStatus: concept(`${TERMINOLOGY}/allergyintolerance-verification`, 'confirmed'),
  code: { text: 'Peanut' },
  patient: subject,
});
export const request = make({
  resourceType: 'MedicationRequest',
  id: 'm',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { text: 'Aspirin' },
  subject,
});
