import fhirpath from 'fhirpath';
import r4Model from 'fhirpath/fhir-context/r4';
import type { Resource } from '../../../../src/fhir/index.ts';
import expressions from '../../../support/generated/search-expressions.json' with { type: 'json' };

/** FHIRPath expressions of the SearchParameters of R4 and US Core. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<string, string>>>> = expressions;
const EXTENSIONS = 'http://hl7.org/fhir/us/core/StructureDefinition';

/**
 * Expressions that differ from the published ones, because the server matches more: a code with its system, and a death
 * by its date as well as by `true`.
 */
const ADJUSTED: Readonly<Record<string, string>> = {
  'Patient.race': `Patient.extension.where(url = '${EXTENSIONS}/us-core-race').extension.value.ofType(Coding)`,
  'Patient.ethnicity': `Patient.extension.where(url = '${EXTENSIONS}/us-core-ethnicity').extension.value.ofType(Coding)`,
  'Patient.gender-identity': `Patient.extension.where(url = '${EXTENSIONS}/us-core-genderIdentity').value.ofType(CodeableConcept)`,
  'Patient.deceased': 'Patient.deceased.exists() and Patient.deceased != false',
  // A time that is written as text isn't a date.
  'Immunization.date': 'Immunization.occurrence.ofType(dateTime)',
  'Procedure.date': 'Procedure.performed.ofType(dateTime) | Procedure.performed.ofType(Period)',
  'CarePlan.activity-date':
    'CarePlan.activity.detail.scheduled.ofType(Timing) | CarePlan.activity.detail.scheduled.ofType(Period)',
  // A document also has the security labels of its contained resources.
  'DocumentReference._security':
    'DocumentReference.meta.security | DocumentReference.contained.meta.security | DocumentReference.securityLabel',
};
/** Parameters that all resources have (FHIR R4 search §3.1.1.4.1). */
const COMMON: Readonly<Record<string, string>> = {
  _id: 'id',
  _lastUpdated: 'meta.lastUpdated',
  _tag: 'meta.tag',
  _profile: 'meta.profile',
  _security: 'meta.security',
};

export function expressionOf(type: string, name: string): string | undefined {
  const common = COMMON[name];
  return ADJUSTED[`${type}.${name}`] ?? (common === undefined ? PUBLISHED[type]?.[name] : `${type}.${common}`);
}

const compiled = new Map<string, (resource: unknown) => unknown[]>();

/** Returns the values of a resource that a search parameter covers, as FHIRPath finds them. */
export function findNodes(resource: Resource, name: string): readonly unknown[] {
  const expression = expressionOf(resource.resourceType, name);
  if (expression === undefined) throw new Error(`no expression for ${resource.resourceType} ${name}`);
  return evaluateNodes(resource, expression);
}

export function evaluateNodes(resource: Resource, expression: string): readonly unknown[] {
  const found = compiled.get(expression) ?? (fhirpath.compile(expression, r4Model) as (resource: unknown) => unknown[]);
  compiled.set(expression, found);
  return plainNodes(found(resource));
}

/** Converts the objects in which the fhirpath package wraps some dates to their original text. */
export const plainNodes = (nodes: readonly unknown[]): readonly unknown[] =>
  nodes.map((node) => (isObject(node) && 'asStr' in node ? String(node) : node));

export const isObject = (node: unknown): node is Readonly<Record<string, unknown>> =>
  typeof node === 'object' && node !== null && !Array.isArray(node);
export const asText = (node: unknown): string | undefined => (typeof node === 'string' ? node : undefined);
export const asList = (node: unknown): readonly unknown[] =>
  Array.isArray(node) ? node : node === undefined ? [] : [node];
