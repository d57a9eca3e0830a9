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
  conceptParameter('code', 'code', 'The medication, if given as a code.'),
  referenceParameter('medication', 'medication', ['Medication'], 'The medication, if given as a Medication resource.'),
  identifierParameter,
]);

/**
 * DSTU2 types for immunizations, medication statements, and procedures, with the search parameters of DSTU2 and
 * Argonaut.
 */
export const TREATMENT_TYPES: readonly ServedType[] = [
  compartmentType('Immunization', [
    patientParameter(),
    dateParameter('date', 'date', 'Time of the vaccination.'),
    codeParameter('status', 'status', vaccinations, IMMUNIZATION_STATUS, 'completed, entered-in-error.'),
    tokenParameter('notgiven', 'status', notGivenTokens, 'true if the vaccine was not given.'),
    conceptParameter('vaccine-code', 'vaccine-code', 'Vaccine code.', 'http://hl7.org/fhir/sid/cvx|140'),
    identifierParameter,
    stringParameter('lot-number', ['lot-number'], 'Lot number or its beginning.'),
    conceptParameter('reason', 'reason-code', 'Reason for the vaccination.'),
    conceptParameter('reason-not-given', 'status-reason', 'Reason why the vaccine was not given.'),
    dateParameterWithoutExample('reaction-date', 'reaction-date', 'Start of a reaction.'),
    referenceParameter('reaction', 'reaction', ['Observation'], 'An Observation of a reaction.'),
    referenceParameter('location', 'location', ['Location'], 'Location of the vaccination.'),
    referenceParameter('manufacturer', 'manufacturer', ['Organization'], 'Manufacturer of the vaccine.'),
    referenceParameter('performer', 'performer-giving', ['Practitioner'], 'Person who gave the vaccine.', [
      'performer',
    ]),
    referenceParameter('requester', 'performer-ordering', ['Practitioner'], 'Person who ordered the vaccine.', [
      'requester',
    ]),
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
      dateParameter('effectivedate', 'effective', 'Time or period when the medication is or was taken.'),
      conceptParameter('code', 'code', 'The medication, if given as a code.'),
      referenceParameter(
        'medication',
        'medication',
        ['Medication'],
        'The medication, if given as a Medication resource.',
      ),
      referenceParameter('source', 'source', PERSON_TYPES, 'Person who reported the medication.'),
      identifierParameter,
    ]),
    PRESCRIPTIONS,
  ),
  compartmentType('Procedure', [
    ...patientAndSubjectParameters,
    dateParameter('date', 'date', 'Time of the procedure.'),
    conceptParameter('code', 'code', 'Code of the procedure.', 'http://snomed.info/sct|73761001'),
    encounterParameter,
    identifierParameter,
    referenceParameter('location', 'location', ['Location'], 'Location of the procedure.'),
    referenceParameter(
      'performer',
      'performer',
      ['Organization', ...PERSON_TYPES],
      'Person or organization that performed the procedure.',
    ),
  ]),
];
