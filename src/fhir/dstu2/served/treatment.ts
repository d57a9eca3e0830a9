import type { ServedType } from '../../model/fhir-version.ts';
import { IMMUNIZATION_STATUS } from '../convert/clinical/immunization.ts';
import { MEDICATION_STATEMENT_STATUS } from '../convert/medications/medication-statement.ts';
import { REQUEST_TO_STATEMENT_STATUS } from '../convert/medications/statement-from-request.ts';
import { notGivenTokens } from './combined-tokens.ts';
import {
  codeParameter,
  compartmentType,
  conceptParameter,
  dateParameter,
  dateParameterWithoutExample,
  encounterParameter,
  identifierParameter,
  PERSON_TYPES,
  patientAndSubjectParameters,
  patientParameter,
  referenceParameter,
  stringParameter,
  tokenParameter,
} from './parameter-builders.ts';
import { variantType, withVariants } from './variants.ts';

const vaccinations = {
  dstu2: 'http://hl7.org/fhir/medication-admin-status',
  stored: 'http://hl7.org/fhir/event-status',
};
const requests = {
  dstu2: 'http://hl7.org/fhir/medication-statement-status',
  stored: 'http://hl7.org/fhir/CodeSystem/medicationrequest-status',
};
const statements = {
  dstu2: 'http://hl7.org/fhir/medication-statement-status',
  stored: 'http://hl7.org/fhir/CodeSystem/medication-statement-status',
};

/**
 * Declares that MedicationStatements also come from R4 MedicationRequests, because Argonaut clients look for
 * prescriptions among the MedicationStatements.
 */
const PRESCRIPTIONS = variantType('MedicationRequest', 'MedicationStatement', [
  patientParameter(),
  codeParameter('status', 'status', requests, REQUEST_TO_STATEMENT_STATUS, 'active, completed, entered-in-error.'),
  conceptParameter('code', 'code', 'The medication, where it is given as a code.'),
  referenceParameter('medication', 'medication', ['Medication'], 'The medication, where it is a resource of its own.'),
  identifierParameter,
]);

/**
 * DSTU2 types for immunizations, medication statements, and procedures, with the search parameters of DSTU2 and
 * Argonaut.
 */
export const TREATMENT_TYPES: readonly ServedType[] = [
  compartmentType('Immunization', [
    patientParameter(),
    dateParameter('date', 'date', 'When it was given.'),
    codeParameter('status', 'status', vaccinations, IMMUNIZATION_STATUS, 'completed, entered-in-error.'),
    tokenParameter('notgiven', 'status', notGivenTokens, 'true: it was not given.'),
    conceptParameter('vaccine-code', 'vaccine-code', 'The vaccine.', 'http://hl7.org/fhir/sid/cvx|140'),
    identifierParameter,
    stringParameter('lot-number', ['lot-number'], 'The number of the lot, or how it begins.'),
    conceptParameter('reason', 'reason-code', 'Why it was given.'),
    conceptParameter('reason-not-given', 'status-reason', 'Why it was not given.'),
    dateParameterWithoutExample('reaction-date', 'reaction-date', 'When a reaction began.'),
    referenceParameter('reaction', 'reaction', ['Observation'], 'What was observed as a reaction.'),
    referenceParameter('location', 'location', ['Location'], 'Where it was given.'),
    referenceParameter('manufacturer', 'manufacturer', ['Organization'], 'Who made the vaccine.'),
    referenceParameter('performer', 'performer-giving', ['Practitioner'], 'Who gave it.', ['performer']),
    referenceParameter('requester', 'performer-ordering', ['Practitioner'], 'Who ordered it.', ['requester']),
  ]),
  withVariants(
    compartmentType('MedicationStatement', [
      patientParameter(),
      codeParameter(
        'status',
        'status',
        statements,
        MEDICATION_STATEMENT_STATUS,
        'active, completed, intended, entered-in-error.',
      ),
      dateParameter('effectivedate', 'effective', 'When it is, or was, taken.'),
      conceptParameter('code', 'code', 'The medication, where it is given as a code.'),
      referenceParameter(
        'medication',
        'medication',
        ['Medication'],
        'The medication, where it is a resource of its own.',
      ),
      referenceParameter('source', 'source', PERSON_TYPES, 'Who told of it.'),
      identifierParameter,
    ]),
    PRESCRIPTIONS,
  ),
  compartmentType('Procedure', [
    ...patientAndSubjectParameters,
    dateParameter('date', 'date', 'When it was done.'),
    conceptParameter('code', 'code', 'What was done.', 'http://snomed.info/sct|73761001'),
    encounterParameter,
    identifierParameter,
    referenceParameter('location', 'location', ['Location'], 'Where it was done.'),
    referenceParameter('performer', 'performer', ['Organization', ...PERSON_TYPES], 'Who did it.'),
  ]),
];
