import type { SearchParameter } from '../core/search-parameter.ts';
import type { ServedType } from '../core/version.ts';

const patient = (name = 'patient'): SearchParameter => ({
  kind: 'patient',
  name,
  documentation:
    'A patient: id, Patient/id or the address. Where the access token is for one patient, another one is refused.',
});
const token = (name: string, documentation: string): SearchParameter => ({
  kind: 'token',
  name,
  index: name,
  documentation,
});
const date = (name: string, documentation: string): SearchParameter => ({
  kind: 'date',
  name,
  index: name,
  documentation,
});

const inRecord = (name: string, parameters: readonly SearchParameter[]): ServedType => ({
  name,
  stored: name,
  home: 'record',
  parameters,
  provenance: name !== 'Provenance',
});
const inDirectory = (name: string): ServedType => ({
  name,
  stored: name,
  home: 'practice',
  parameters: [token('identifier', 'An identifier, such as a National Provider Identifier.')],
  provenance: false,
});

const status = token('status', 'Code of the status.');

/** What this server has in R4, with the search parameters that US Core asks for and clients of patient access use. */
export const R4_TYPES: readonly ServedType[] = [
  inRecord('Patient', [
    token('identifier', 'An identifier of the patient, such as a medical record number.'),
    token('gender', 'Administrative gender.'),
    date('birthdate', 'Date of birth.'),
  ]),
  inRecord('AllergyIntolerance', [
    patient(),
    token('clinical-status', 'active, inactive or resolved.'),
    token('code', 'The substance, or the allergy as a whole.'),
    date('date', 'When it was recorded.'),
  ]),
  inRecord('Condition', [
    patient(),
    patient('subject'),
    token('category', 'problem-list-item, encounter-diagnosis, health-concern and others.'),
    token('clinical-status', 'active, resolved and others.'),
    token('code', 'The condition.'),
    date('onset-date', 'When it began.'),
    date('recorded-date', 'When it was recorded.'),
  ]),
  inRecord('DocumentReference', [
    patient(),
    patient('subject'),
    token('category', 'Kind of document, broadly: clinical-note.'),
    token('type', 'Kind of document.'),
    date('date', 'When the reference was made.'),
    date('period', 'When what it is about took place.'),
    status,
  ]),
  inRecord('Encounter', [
    patient(),
    patient('subject'),
    date('date', 'Any time within the encounter.'),
    status,
    token('class', 'AMB, EMER, IMP and others.'),
    token('type', 'Kind of encounter.'),
  ]),
  inRecord('Immunization', [
    patient(),
    date('date', 'When it was given.'),
    status,
    token('vaccine-code', 'The vaccine.'),
  ]),
  inRecord('MedicationRequest', [
    patient(),
    patient('subject'),
    status,
    token('intent', 'order, plan and others.'),
    date('authoredon', 'When it was written.'),
    token('code', 'The medication, where it is given as a code.'),
  ]),
  inRecord('Observation', [
    patient(),
    patient('subject'),
    token('category', 'laboratory, vital-signs, social-history and others.'),
    token('code', 'What was observed.'),
    date('date', 'When it was observed.'),
    status,
  ]),
  inRecord('RelatedPerson', [
    patient(),
    token('identifier', 'An identifier of the person.'),
    token('relationship', 'What the person is to the patient: MTH, GUARD and others.'),
    token('active', 'Whether the record of the person is in use: true or false.'),
  ]),
  inRecord('Provenance', [
    patient(),
    { kind: 'reference', name: 'target', index: 'target', documentation: 'What it tells the origin of.' },
  ]),
  inDirectory('Practitioner'),
  inDirectory('Organization'),
  inDirectory('Location'),
];
