import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { CLINICAL_STATUS } from './convert/condition.ts';
import { MEDICATION_STATUS } from './convert/medication-order.ts';
import { OBSERVATION_STATUS } from './convert/observation.ts';
import { date, encounter, PEOPLE, patient, plainToken, reference, token } from './parameters.ts';
import { CARE_TYPES } from './served-care.ts';
import { DIRECTORY_TYPES } from './served-directory.ts';
import { FINDING_TYPES } from './served-findings.ts';
import { REQUEST_TYPES } from './served-requests.ts';
import { TREATMENT_TYPES } from './served-treatment.ts';
import { allergyStatuses, codesOf, concepts, conditionCategories, observationCodes } from './stored-tokens.ts';

const type = (name: string, stored: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored,
  home: 'record',
  parameters,
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
    plainToken('gender', 'Administrative gender.', 'female'),
    date('birthdate', 'birthdate', 'Date of birth.', 'ge1940-01-01'),
    reference('careprovider', 'general-practitioner', ['Organization', 'Practitioner'], 'Who cares for the patient.', [
      'careProvider',
    ]),
    reference('organization', 'organization', ['Organization'], 'Who keeps the record.'),
  ]),
  type('AllergyIntolerance', 'AllergyIntolerance', [
    patient(),
    token(
      'status',
      'clinical-and-verification',
      allergyStatuses,
      'active (confirmed or not), inactive, resolved, …',
      'active',
    ),
    token(
      'substance',
      'code',
      concepts,
      'The substance, or the allergy as a whole.',
      'http://www.nlm.nih.gov/research/umls/rxnorm|7980',
    ),
    date('date', 'date', 'When it was recorded.', 'ge2000-01-01'),
    reference('recorder', 'recorder', ['Patient', 'Practitioner'], 'Who recorded it.'),
  ]),
  type('Condition', 'Condition', [
    patient(),
    token('category', 'category', conditionCategories, 'problem, health-concern, diagnosis.', 'problem'),
    token('clinicalstatus', 'clinical-status', clinicalStatus, 'active, relapse, remission or resolved.', 'active'),
    token('code', 'code', concepts, 'The condition.', 'http://snomed.info/sct|44054006'),
    date('onset', 'onset-date', 'When it began, where that is a date.', 'ge2000-01-01'),
    date('date-recorded', 'recorded-date', 'When it was recorded.', 'ge2000-01-01'),
    reference('asserter', 'asserter', ['Patient', 'Practitioner'], 'Who says so.'),
    encounter,
  ]),
  type('MedicationOrder', 'MedicationRequest', [
    patient(),
    token('status', 'status', medicationStatus, 'active, completed, stopped and others.', 'active'),
    date('datewritten', 'authoredon', 'When it was written.'),
    token(
      'code',
      'code',
      concepts,
      'The medication, where it is given as a code.',
      'http://www.nlm.nih.gov/research/umls/rxnorm|860975',
    ),
    reference('medication', 'medication', ['Medication'], 'The medication, where it is a resource of its own.'),
    reference('prescriber', 'requester', ['Practitioner'], 'Who prescribed it.', ['prescriber']),
    encounter,
  ]),
  type('Medication', 'Medication', [
    token('code', 'code', concepts, 'The medication.', 'http://www.nlm.nih.gov/research/umls/rxnorm|311041'),
    token('form', 'form', concepts, 'Its form: tablet, powder and others.'),
    reference('ingredient', 'ingredient', ['Medication'], 'A Medication that it is made of.', [
      'product.ingredient.item',
    ]),
    reference('manufacturer', 'manufacturer', ['Organization'], 'Who makes it.'),
  ]),
  type('Observation', 'Observation', [
    patient(),
    patient('subject'),
    token('category', 'category', concepts, 'laboratory, vital-signs, social-history and others.', 'laboratory'),
    token('code', 'code', observationCodes, 'What was observed.', 'http://loinc.org|4548-4'),
    date('date', 'date', 'When it was observed.'),
    token('status', 'status', observationStatus, 'final, amended and others.', 'final'),
    reference('performer', 'performer', ['Organization', ...PEOPLE], 'Who observed it.'),
    encounter,
  ]),
  ...CARE_TYPES,
  ...FINDING_TYPES,
  ...REQUEST_TYPES,
  ...TREATMENT_TYPES,
  ...DIRECTORY_TYPES,
];
