import type { ServedType } from '../core/version.ts';
import { notGiven } from './combined-tokens.ts';
import { IMMUNIZATION_STATUS } from './convert/immunization.ts';
import { STATEMENT_STATUS } from './convert/medication-statement.ts';
import { REQUEST_AS_STATEMENT } from './convert/statement-of-request.ts';
import {
  about,
  code,
  concept,
  date,
  encounter,
  identifier,
  PEOPLE,
  patient,
  rareDate,
  recordType,
  reference,
  string,
  token,
} from './parameters.ts';
import { form, withForms } from './served-forms.ts';

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

/** Prescriptions, served as MedicationStatements because Argonaut clients look for them there. */
const PRESCRIPTIONS = form('MedicationRequest', 'MedicationStatement', [
  patient(),
  code('status', 'status', requests, REQUEST_AS_STATEMENT, 'active, completed, entered-in-error.'),
  concept('code', 'code', 'The medication, where it is given as a code.'),
  reference('medication', 'medication', ['Medication'], 'The medication, where it is a resource of its own.'),
  identifier,
]);

/** Immunizations, medication statements, and procedures, with the search parameters of DSTU2 and Argonaut. */
export const TREATMENT_TYPES: readonly ServedType[] = [
  recordType('Immunization', [
    patient(),
    date('date', 'date', 'When it was given.'),
    code('status', 'status', vaccinations, IMMUNIZATION_STATUS, 'completed, entered-in-error.'),
    token('notgiven', 'status', notGiven, 'true: it was not given.'),
    concept('vaccine-code', 'vaccine-code', 'The vaccine.', 'http://hl7.org/fhir/sid/cvx|140'),
    identifier,
    string('lot-number', ['lot-number'], 'The number of the lot, or how it begins.'),
    concept('reason', 'reason-code', 'Why it was given.'),
    concept('reason-not-given', 'status-reason', 'Why it was not given.'),
    rareDate('reaction-date', 'reaction-date', 'When a reaction began.'),
    reference('reaction', 'reaction', ['Observation'], 'What was observed as a reaction.'),
    reference('location', 'location', ['Location'], 'Where it was given.'),
    reference('manufacturer', 'manufacturer', ['Organization'], 'Who made the vaccine.'),
    reference('performer', 'performer-giving', ['Practitioner'], 'Who gave it.', ['performer']),
    reference('requester', 'performer-ordering', ['Practitioner'], 'Who ordered it.', ['requester']),
  ]),
  withForms(
    recordType('MedicationStatement', [
      patient(),
      code('status', 'status', statements, STATEMENT_STATUS, 'active, completed, intended, entered-in-error.'),
      date('effectivedate', 'effective', 'When it is, or was, taken.'),
      concept('code', 'code', 'The medication, where it is given as a code.'),
      reference('medication', 'medication', ['Medication'], 'The medication, where it is a resource of its own.'),
      reference('source', 'source', PEOPLE, 'Who told of it.'),
      identifier,
    ]),
    PRESCRIPTIONS,
  ),
  recordType('Procedure', [
    ...about,
    date('date', 'date', 'When it was done.'),
    concept('code', 'code', 'What was done.', 'http://snomed.info/sct|73761001'),
    encounter,
    identifier,
    reference('location', 'location', ['Location'], 'Where it was done.'),
    reference('performer', 'performer', ['Organization', ...PEOPLE], 'Who did it.'),
  ]),
];
