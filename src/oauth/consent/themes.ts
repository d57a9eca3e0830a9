import type { Words } from '../../words/index.ts';
import type { KindName } from './categories.ts';

export type Theme = keyof Words['kinds']['themes'];

/** Headings of the consent page when there are many items, in the order of the page, with the categories under each. */
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
