import type { CatalogueAnswer } from '../../../../src/portal/contract/apps.ts';

export type Resource = CatalogueAnswer['kinds'][string]['resources'][number];

export const scopesOf = (text: string): readonly string[] => text.split(/\s+/).filter((one) => one !== '');

export const hasScope = (text: string, scope: string): boolean => scopesOf(text).includes(scope);

export function withScope(text: string, scope: string, isSelected: boolean): string {
  const others = scopesOf(text).filter((one) => one !== scope);
  return (isSelected ? [...others, scope] : others).join(' ');
}

/** The context of a scope: `patient` of `patient/Observation.rs`. */
export const contextOf = (scope: string): string => scope.slice(0, scope.indexOf('/'));

export const allOf = (context: string): string => `${context}/*.rs`;

/** Switches between the wildcard scope of a context, which makes single types redundant, and a single first scope. */
export function withAll(text: string, context: string, isSelected: boolean, first: string): string {
  const others = scopesOf(text).filter((one) => !one.startsWith(`${context}/`));
  return [...others, isSelected ? allOf(context) : first].join(' ');
}

/** Adds or removes these scopes. */
export function withEach(text: string, scopes: readonly string[], isSelected: boolean): string {
  const others = scopesOf(text).filter((one) => !scopes.includes(one));
  return [...others, ...(isSelected ? scopes : [])].join(' ');
}

const GROUPS = {
  person: ['Patient', 'RelatedPerson', 'Coverage', 'Consent'],
  health: ['Condition', 'AllergyIntolerance', 'FamilyMemberHistory', 'AdverseEvent'],
  medicines: [
    'MedicationRequest',
    'MedicationOrder',
    'MedicationStatement',
    'MedicationDispense',
    'MedicationAdministration',
    'Medication',
    'Immunization',
  ],
  results: ['Observation', 'DiagnosticReport', 'Specimen', 'DiagnosticOrder', 'QuestionnaireResponse', 'Questionnaire'],
  care: [
    'Encounter',
    'Appointment',
    'CarePlan',
    'CareTeam',
    'Goal',
    'Procedure',
    'ProcedureRequest',
    'ServiceRequest',
    'Device',
    'Communication',
    'Task',
  ],
  documents: ['DocumentReference', 'Binary', 'Composition', 'Media', 'Provenance'],
  places: ['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'HealthcareService'],
} as const;
export type Group = keyof typeof GROUPS | 'other';

const groupOf = (type: string): Group =>
  (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).find((group) =>
    (GROUPS[group] as readonly string[]).includes(type),
  ) ?? 'other';

/** Groups types in the order in which people think of them. */
export function grouped(resources: readonly Resource[]): readonly (readonly [Group, readonly Resource[]])[] {
  const order = [...(Object.keys(GROUPS) as Group[]), 'other' as const];
  return order
    .map((group) => [group, resources.filter(({ type }) => groupOf(type) === group)] as const)
    .filter(([, members]) => members.length > 0);
}
