import type { Words } from '../../words/index.ts';
import type { KindName } from './categories.ts';

export type Theme = keyof Words['kinds']['themes'];

/** Under which heading a kind of data stands where there are many; in the order of the page. */
const KINDS_OF: Readonly<Record<Theme, readonly KindName[]>> = {
  person: ['Patient', 'RelatedPerson'],
  medicines: [
    'MedicationRequest',
    'MedicationDispense',
    'MedicationStatement',
    'MedicationAdministration',
    'Medication',
    'AllergyIntolerance',
    'Immunization',
  ],
  problems: ['Condition', 'FamilyMemberHistory'],
  results: ['Observation', 'DiagnosticReport', 'Specimen', 'Media'],
  care: [
    'Encounter',
    'Appointment',
    'Procedure',
    'ServiceRequest',
    'Device',
    'CarePlan',
    'Goal',
    'CareTeam',
    'Location',
  ],
  documents: ['DocumentReference', 'QuestionnaireResponse'],
  money: ['Coverage', 'ExplanationOfBenefit'],
};

export const THEMES = Object.entries(KINDS_OF) as readonly (readonly [Theme, readonly KindName[]])[];
