import type { CatalogResponse } from '../../../../src/portal-api/contract/apps.ts';

export type ScopeResource = CatalogResponse['kinds'][string]['resources'][number];

export const splitScopes = (text: string): readonly string[] => text.split(/\s+/).filter((one) => one !== '');

export const hasScope = (text: string, scope: string): boolean => splitScopes(text).includes(scope);

export function setScope(text: string, scope: string, isSelected: boolean): string {
  const others = splitScopes(text).filter((one) => one !== scope);
  return (isSelected ? [...others, scope] : others).join(' ');
}

/** Returns the context of a scope, such as `patient` for `patient/Observation.rs`. */
export const scopeContext = (scope: string): string => scope.slice(0, scope.indexOf('/'));

export const wildcardScope = (context: string): string => `${context}/*.rs`;

/**
 * Selects the wildcard scope of a context (all types), or clears it. The wildcard scope replaces all other scopes of
 * the context.
 * @param first scope that replaces the wildcard scope when it is cleared
 */
export function setWildcard(text: string, context: string, isSelected: boolean, first: string): string {
  const others = splitScopes(text).filter((one) => !one.startsWith(`${context}/`));
  return [...others, isSelected ? wildcardScope(context) : first].join(' ');
}

/** Adds scopes to a list of scopes, or removes them. */
export function setScopes(text: string, scopes: readonly string[], isSelected: boolean): string {
  const others = splitScopes(text).filter((one) => !scopes.includes(one));
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
export type ScopeGroup = keyof typeof GROUPS | 'other';

const scopeGroup = (type: string): ScopeGroup =>
  (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).find((group) =>
    (GROUPS[group] as readonly string[]).includes(type),
  ) ?? 'other';

/**
 * Groups resource types for the form. The groups come in a fixed order, from the person and their health to documents
 * and places.
 */
export function groupResources(
  resources: readonly ScopeResource[],
): readonly (readonly [ScopeGroup, readonly ScopeResource[]])[] {
  const order = [...(Object.keys(GROUPS) as ScopeGroup[]), 'other' as const];
  return order
    .map((group) => [group, resources.filter(({ type }) => scopeGroup(type) === group)] as const)
    .filter(([, members]) => members.length > 0);
}
