import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';
import { ALLERGY_CATEGORY, ALLERGY_TYPE, CRITICALITY, SEVERITY } from './convert/allergy-intolerance.ts';
import { CLINICAL_STATUS } from './convert/condition.ts';
import { MEDICATION_STATUS } from './convert/medication-order.ts';
import {
  code,
  concept,
  date,
  encounter,
  identifier,
  PEOPLE,
  patient,
  rareDate,
  reference,
  sharedOf,
  string,
  token,
} from './parameters.ts';
import { CARE_TYPES } from './served-care.ts';
import { DIRECTORY_TYPES } from './served-directory.ts';
import { FINDING_TYPES } from './served-findings.ts';
import { OBSERVATION } from './served-observation.ts';
import { PATIENT } from './served-patient.ts';
import { REQUEST_TYPES } from './served-requests.ts';
import { TREATMENT_TYPES } from './served-treatment.ts';
import { allergyStatuses, codesOf, concepts, conditionCategories } from './stored-tokens.ts';

const recordType = (name: string, stored: string, parameters: readonly SearchParameter[]): ServedType => ({
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
const FHIR = 'http://hl7.org/fhir';
const sameSystem = (system: string) => ({ dstu2: system, stored: system });
const severities = { dstu2: `${FHIR}/reaction-event-severity`, stored: `${FHIR}/reaction-event-severity` };

/** Adds the parameters that all types share, with their DSTU2 tokens. */
const withCommonParameters = (served: ServedType): ServedType => ({
  ...served,
  shared: sharedOf(served.home),
  ...(served.also === undefined ? {} : { also: served.also.map(withCommonParameters) }),
});

const TYPES: readonly ServedType[] = [
  PATIENT,
  recordType('AllergyIntolerance', 'AllergyIntolerance', [
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
    identifier,
    code('type', 'type', sameSystem(`${FHIR}/allergy-intolerance-type`), ALLERGY_TYPE, 'allergy or intolerance.'),
    code(
      'category',
      'category',
      sameSystem(`${FHIR}/allergy-intolerance-category`),
      ALLERGY_CATEGORY,
      'food, medication …',
    ),
    code(
      'criticality',
      'criticality',
      sameSystem(`${FHIR}/allergy-intolerance-criticality`),
      CRITICALITY,
      'CRITL, CRITH …',
    ),
    concept('manifestation', 'manifestation', 'A sign or symptom of a reaction.'),
    code('severity', 'severity', severities, SEVERITY, 'Of a reaction: mild, moderate or severe.'),
    concept('route', 'route', 'How somebody was exposed to the substance.'),
    rareDate('onset', 'onset', 'When a reaction began.'),
    rareDate('last-date', 'last-date', 'When there was a reaction for the last time.'),
    reference('recorder', 'recorder', ['Patient', 'Practitioner'], 'Who recorded it.'),
    reference('reporter', 'asserter', PEOPLE, 'Who told of it.', ['reporter']),
  ]),
  recordType('Condition', 'Condition', [
    patient(),
    token('category', 'category', conditionCategories, 'problem, health-concern, diagnosis.', 'problem'),
    token('clinicalstatus', 'clinical-status', clinicalStatus, 'active, relapse, remission or resolved.', 'active'),
    token('code', 'code', concepts, 'The condition.', 'http://snomed.info/sct|44054006'),
    date('onset', 'onset-date', 'When it began, where that is a date.', 'ge2000-01-01'),
    date('date-recorded', 'recorded-date', 'When it was recorded.', 'ge2000-01-01'),
    string('onset-info', ['onset-info'], 'When it began, where that is told in words.'),
    identifier,
    concept('severity', 'severity', 'How severe it is.'),
    concept('stage', 'stage', 'How far it has gone.'),
    concept('evidence', 'evidence', 'A sign or symptom of it.'),
    concept('body-site', 'body-site', 'Where in the body.'),
    reference('asserter', 'asserter', ['Patient', 'Practitioner'], 'Who says so.'),
    encounter,
  ]),
  recordType('MedicationOrder', 'MedicationRequest', [
    patient(),
    token('status', 'status', medicationStatus, 'active, completed, stopped and others.', 'active'),
    date('datewritten', 'authoredon', 'When it was written.'),
    identifier,
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
  recordType('Medication', 'Medication', [
    token('code', 'code', concepts, 'The medication.', 'http://www.nlm.nih.gov/research/umls/rxnorm|311041'),
    token('form', 'form', concepts, 'Its form: tablet, powder and others.'),
    reference('ingredient', 'ingredient', ['Medication'], 'A Medication that it is made of.', [
      'product.ingredient.item',
    ]),
    reference('manufacturer', 'manufacturer', ['Organization'], 'Who makes it.'),
  ]),
  OBSERVATION,
  ...CARE_TYPES,
  ...FINDING_TYPES,
  ...REQUEST_TYPES,
  ...TREATMENT_TYPES,
  ...DIRECTORY_TYPES,
];

/**
 * All types of the DSTU2 API with the search parameters of DSTU2 and Argonaut; the parameters use the R4 indexes. The
 * order of this list is also the order of types in `$everything`.
 */
export const DSTU2_TYPES: readonly ServedType[] = TYPES.map(withCommonParameters);
