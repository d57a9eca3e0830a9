import type { Messages } from '../../i18n/index.ts';
import type { DataCategory } from '../scopes/resource-categories.ts';

export type CategoryGroup = keyof Messages['dataCategories']['groups'];

/**
 * The data categories under each heading of the consent page. The page uses these headings when it has many items.
 * Headings and categories are in the order of the page.
 */
const CATEGORIES_BY_GROUP: Readonly<Record<CategoryGroup, readonly DataCategory[]>> = {
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

export const CATEGORY_GROUPS = Object.entries(CATEGORIES_BY_GROUP) as readonly (readonly [
  CategoryGroup,
  readonly DataCategory[],
])[];
