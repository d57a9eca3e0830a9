import type { ServedType } from '../../model/fhir-version.ts';
import type { SearchParameter } from '../../model/search-parameter.ts';
import {
  ALLERGY_CATEGORY,
  ALLERGY_CRITICALITY,
  ALLERGY_TYPE,
  REACTION_SEVERITY,
} from '../convert/clinical/allergy-intolerance.ts';
import { CONDITION_CLINICAL_STATUS } from '../convert/clinical/condition.ts';
import { MEDICATION_ORDER_STATUS } from '../convert/medications/medication-order.ts';
import { CARE_TYPES } from './care.ts';
import { DIRECTORY_TYPES } from './directory.ts';
import { FINDING_TYPES } from './findings.ts';
import { OBSERVATION } from './observation.ts';
import {
  codeParameter,
  commonParametersFor,
  conceptParameter,
  dateParameter,
  dateParameterWithoutExample,
  encounterParameter,
  identifierParameter,
  PERSON_TYPES,
  patientParameter,
  referenceParameter,
  stringParameter,
  tokenParameter,
} from './parameter-builders.ts';
import { PATIENT } from './patient.ts';
import { REQUEST_TYPES } from './requests.ts';
import {
  allergyStatusTokens,
  codeTokens,
  conceptTokens,
  conditionCategoryTokens,
  sameSystem,
} from './token-translation.ts';
import { TREATMENT_TYPES } from './treatment.ts';

const recordType = (name: string, stored: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored,
  compartment: 'record',
  parameters,
});

const clinicalStatus = codeTokens(
  {
    dstu2: 'http://hl7.org/fhir/condition-clinical',
    stored: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
  },
  CONDITION_CLINICAL_STATUS,
);
const medicationStatus = codeTokens(
  {
    dstu2: 'http://hl7.org/fhir/medication-order-status',
    stored: 'http://hl7.org/fhir/CodeSystem/medicationrequest-status',
  },
  MEDICATION_ORDER_STATUS,
);
const FHIR = 'http://hl7.org/fhir';
const severities = { dstu2: `${FHIR}/reaction-event-severity`, stored: `${FHIR}/reaction-event-severity` };

/** Adds the search parameters that all types share, such as `_tag`. */
const withCommonParameters = (served: ServedType): ServedType => ({
  ...served,
  commonParameters: commonParametersFor(served.compartment),
  ...(served.variants === undefined ? {} : { variants: served.variants.map(withCommonParameters) }),
});

const TYPES: readonly ServedType[] = [
  PATIENT,
  recordType('AllergyIntolerance', 'AllergyIntolerance', [
    patientParameter(),
    tokenParameter(
      'status',
      'clinical-and-verification',
      allergyStatusTokens,
      'active (confirmed or not), inactive, resolved, …',
      'active',
    ),
    tokenParameter(
      'substance',
      'code',
      conceptTokens,
      'The substance or the allergy.',
      'http://www.nlm.nih.gov/research/umls/rxnorm|7980',
    ),
    dateParameter('date', 'date', 'Time when the allergy was recorded.', 'ge2000-01-01'),
    identifierParameter,
    codeParameter(
      'type',
      'type',
      sameSystem(`${FHIR}/allergy-intolerance-type`),
      ALLERGY_TYPE,
      'allergy or intolerance.',
    ),
    codeParameter(
      'category',
      'category',
      sameSystem(`${FHIR}/allergy-intolerance-category`),
      ALLERGY_CATEGORY,
      'food, medication and others.',
    ),
    codeParameter(
      'criticality',
      'criticality',
      sameSystem(`${FHIR}/allergy-intolerance-criticality`),
      ALLERGY_CRITICALITY,
      'CRITL, CRITH and others.',
    ),
    conceptParameter('manifestation', 'manifestation', 'A sign or symptom of a reaction.'),
    codeParameter(
      'severity',
      'severity',
      severities,
      REACTION_SEVERITY,
      'Severity of a reaction: mild, moderate or severe.',
    ),
    conceptParameter('route', 'route', 'Route of exposure to the substance.'),
    dateParameterWithoutExample('onset', 'onset', 'Start of a reaction.'),
    dateParameterWithoutExample('last-date', 'last-date', 'Date of the last reaction.'),
    referenceParameter('recorder', 'recorder', ['Patient', 'Practitioner'], 'Person who recorded the allergy.'),
    referenceParameter('reporter', 'asserter', PERSON_TYPES, 'Person who reported the allergy.', ['reporter']),
  ]),
  recordType('Condition', 'Condition', [
    patientParameter(),
    tokenParameter('category', 'category', conditionCategoryTokens, 'problem, health-concern, diagnosis.', 'problem'),
    tokenParameter(
      'clinicalstatus',
      'clinical-status',
      clinicalStatus,
      'active, relapse, remission or resolved.',
      'active',
    ),
    tokenParameter('code', 'code', conceptTokens, 'Code of the condition.', 'http://snomed.info/sct|44054006'),
    dateParameter('onset', 'onset-date', 'Onset as a date.', 'ge2000-01-01'),
    dateParameter('date-recorded', 'recorded-date', 'Time when the condition was recorded.', 'ge2000-01-01'),
    stringParameter('onset-info', ['onset-info'], 'Onset as text.'),
    identifierParameter,
    conceptParameter('severity', 'severity', 'Severity of the condition.'),
    conceptParameter('stage', 'stage', 'Stage of the condition.'),
    conceptParameter('evidence', 'evidence', 'A sign or symptom of the condition.'),
    conceptParameter('body-site', 'body-site', 'Body site of the condition.'),
    referenceParameter('asserter', 'asserter', ['Patient', 'Practitioner'], 'Person who asserted the condition.'),
    encounterParameter,
  ]),
  recordType('MedicationOrder', 'MedicationRequest', [
    patientParameter(),
    tokenParameter('status', 'status', medicationStatus, 'active, completed, stopped and others.', 'active'),
    dateParameter('datewritten', 'authoredon', 'Time when the prescription was written.'),
    identifierParameter,
    tokenParameter(
      'code',
      'code',
      conceptTokens,
      'The medication, if given as a code.',
      'http://www.nlm.nih.gov/research/umls/rxnorm|860975',
    ),
    referenceParameter(
      'medication',
      'medication',
      ['Medication'],
      'The medication, if given as a Medication resource.',
    ),
    referenceParameter('prescriber', 'requester', ['Practitioner'], 'Prescriber.', ['prescriber']),
    encounterParameter,
  ]),
  recordType('Medication', 'Medication', [
    tokenParameter(
      'code',
      'code',
      conceptTokens,
      'Code of the medication.',
      'http://www.nlm.nih.gov/research/umls/rxnorm|311041',
    ),
    tokenParameter('form', 'form', conceptTokens, 'Form of the medication, such as tablet or powder.'),
    referenceParameter('ingredient', 'ingredient', ['Medication'], 'A Medication that is an ingredient.', [
      'product.ingredient.item',
    ]),
    referenceParameter('manufacturer', 'manufacturer', ['Organization'], 'Manufacturer of the medication.'),
  ]),
  OBSERVATION,
  ...CARE_TYPES,
  ...FINDING_TYPES,
  ...REQUEST_TYPES,
  ...TREATMENT_TYPES,
  ...DIRECTORY_TYPES,
];

/**
 * All types of the DSTU2 API with the search parameters of DSTU2 and Argonaut, which search the R4 indexes.
 * `$everything` returns the types in the order of this list.
 */
export const DSTU2_TYPES: readonly ServedType[] = TYPES.map(withCommonParameters);
