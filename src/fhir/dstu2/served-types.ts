import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { CLINICAL_STATUS } from './convert/condition.ts';
import { MEDICATION_STATUS } from './convert/medication-order.ts';
import { OBSERVATION_STATUS } from './convert/observation.ts';
import {
  allergyStatuses,
  codesOf,
  concepts,
  conditionCategories,
  observationCodes,
  type ToStored,
} from './stored-tokens.ts';

const patient = (name = 'patient'): SearchParameter => ({
  kind: 'patient',
  name,
  documentation:
    'A patient: id, Patient/id or the address. Where the access token is for one patient, another one is refused.',
});
const token = (name: string, index: string, toStored: ToStored, documentation: string): SearchParameter => ({
  kind: 'token',
  name,
  index,
  toStored,
  documentation,
});
const plainToken = (name: string, documentation: string): SearchParameter => ({
  kind: 'token',
  name,
  index: name,
  documentation,
});
const date = (name: string, index: string, documentation: string): SearchParameter => ({
  kind: 'date',
  name,
  index,
  documentation,
});

const type = (name: string, stored: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored,
  home: 'record',
  parameters,
  provenance: false,
});

const clinicalStatus = codesOf(
  {
    dstu2: 'http://hl7.org/fhir/condition-clinical',
    stored: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
  },
  CLINICAL_STATUS,
);
const medicationStatus = codesOf(
  {
    dstu2: 'http://hl7.org/fhir/medication-order-status',
    stored: 'http://hl7.org/fhir/CodeSystem/medicationrequest-status',
  },
  MEDICATION_STATUS,
);
const observationStatus = codesOf(
  { dstu2: 'http://hl7.org/fhir/observation-status', stored: 'http://hl7.org/fhir/observation-status' },
  OBSERVATION_STATUS,
);

/** What this server has in DSTU2, with the parameters of DSTU2 and Argonaut; their indexes are R4's. */
export const DSTU2_TYPES: readonly ServedType[] = [
  type('Patient', 'Patient', [
    plainToken('identifier', 'An identifier of the patient, such as a medical record number.'),
    plainToken('gender', 'Administrative gender.'),
    date('birthdate', 'birthdate', 'Date of birth.'),
  ]),
  type('AllergyIntolerance', 'AllergyIntolerance', [
    patient(),
    token('status', 'clinical-and-verification', allergyStatuses, 'active (confirmed or not), inactive, resolved, …'),
    token('substance', 'code', concepts, 'The substance, or the allergy as a whole.'),
    date('date', 'date', 'When it was recorded.'),
  ]),
  type('Condition', 'Condition', [
    patient(),
    token('category', 'category', conditionCategories, 'problem, health-concern, diagnosis.'),
    token('clinicalstatus', 'clinical-status', clinicalStatus, 'active, relapse, remission or resolved.'),
    token('code', 'code', concepts, 'The condition.'),
    date('onset', 'onset-date', 'When it began, where that is a date.'),
    date('date-recorded', 'recorded-date', 'When it was recorded.'),
  ]),
  type('MedicationOrder', 'MedicationRequest', [
    patient(),
    token('status', 'status', medicationStatus, 'active, completed, stopped and others.'),
    date('datewritten', 'authoredon', 'When it was written.'),
    token('code', 'code', concepts, 'The medication, where it is given as a code.'),
  ]),
  type('Observation', 'Observation', [
    patient(),
    patient('subject'),
    token('category', 'category', concepts, 'laboratory, vital-signs, social-history and others.'),
    token('code', 'code', observationCodes, 'What was observed.'),
    date('date', 'date', 'When it was observed.'),
    token('status', 'status', observationStatus, 'final, amended and others.'),
  ]),
];
