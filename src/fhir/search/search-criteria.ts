import { anyOf, idIn, type LastChange, type ReferenceValue, type RowCondition } from '../model/condition.ts';
import type { ServedType } from '../model/fhir-version.ts';
import { type IndexedParameter, parameterIndexes, type SearchParameter } from '../model/search-parameter.ts';
import { projectionName } from '../model/type-variants.ts';
import { COMMON_INDEXED_PARAMETERS, RECORD_PARAMETERS } from './common-parameters.ts';
import { readCompositeCondition } from './composite-condition.ts';
import { readIndexCondition, readReference, unsupportedModifier } from './index-condition.ts';
import {
  codeHierarchyCondition,
  identifierCondition,
  isValueSetModifier,
  ofTypeCondition,
  uriHierarchyCondition,
  valueSetCondition,
} from './modifiers.ts';
import type { SearchContext } from './search-context.ts';
import { invalidSearch, parseDate, splitAlternatives } from './values/search-value.ts';

/** One parsed search parameter: a condition on resources, or the patients that it names. */
export type SearchCriterion = RowCondition | { readonly kind: 'patient'; readonly patients: readonly ReferenceValue[] };

/**
 * Search parameters that every type has and whose values are in the search index (FHIR R4 search §3.1.1.4.1). `_id` and
 * `_lastUpdated` are parsed separately.
 */
const COMMON_PARAMETERS_WITH_INDEX: readonly SearchParameter[] = COMMON_INDEXED_PARAMETERS.map((one) => ({
  ...one,
  index: one.name,
}));
const RECORD_PARAMETERS_WITH_INDEX: readonly SearchParameter[] = [
  ...COMMON_PARAMETERS_WITH_INDEX,
  ...RECORD_PARAMETERS.map((one) => ({ ...one, index: one.name })),
];

export const getSearchParameters = ({
  parameters,
  compartment,
  commonParameters,
}: ServedType): readonly SearchParameter[] => [
  ...parameters,
  ...(commonParameters ?? (compartment === 'record' ? RECORD_PARAMETERS_WITH_INDEX : COMMON_PARAMETERS_WITH_INDEX)),
];

/**
 * Parses one search parameter.
 * @param name parameter name without its modifier
 * @returns undefined if the type has no such parameter, or if the parameter searches embedded resources (see
 * `readEmbeddedCriterion`)
 * @throws Problem 400 if the value is invalid, or if the parameter doesn't support the modifier
 */
export function readSearchCriterion(
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): SearchCriterion | undefined {
  const parameter = getSearchParameters(context.served).find((candidate) => candidate.name === name);
  const values = splitAlternatives(value);
  if (parameter !== undefined && 'within' in parameter) return undefined;
  if (parameter !== undefined) return readParameter(parameter, modifier, values, context);
  if (name !== '_id' && name !== '_lastUpdated') return undefined;
  if (modifier === 'missing') return readNeverMissing(name, values);
  if (modifier !== undefined) throw unsupportedModifier(name, modifier);
  if (name === '_id') return idIn(values);
  return { ...lastChangeKey(context), values: values.map((text) => parseDate(name, text, context.now)) };
}

/**
 * Returns the sort key for the time of the last change. A DSTU2 Practitioner shows its PractitionerRoles, so it also
 * changes when one of them changes.
 */
export function lastChangeKey({ version, served }: SearchContext): LastChange {
  const toldBy = served.stored === version.embedded?.parentType ? projectionName(version, served) : undefined;
  return { kind: 'updated', ...(toldBy === undefined ? {} : { projection: toldBy }) };
}

/**
 * Parses `patient` on a type without such a search parameter. The search is still limited to the patients that the
 * parameter names.
 */
export const readPatientCriterion = (
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): SearchCriterion => patientCriterion(name, modifier ?? 'Patient', splitAlternatives(value), context);

function readParameter(
  parameter: SearchParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): SearchCriterion {
  const { kind } = parameter;
  if (modifier === 'identifier' && (kind === 'patient' || kind === 'reference'))
    return identifierCondition(parameter, values);
  if (kind === 'patient' && modifier === 'missing') return readNeverMissing(parameter.name, values);
  if (kind === 'patient') return patientCriterion(parameter.name, modifier, values, context);
  if (kind === 'composite') {
    if (modifier !== undefined) throw unsupportedModifier(parameter.name, modifier);
    return readCompositeCondition(parameter, values, context);
  }
  if (modifier === 'missing') return readMissingCondition(parameter, values);
  if (kind === 'uri' && (modifier === 'below' || modifier === 'above'))
    return uriHierarchyCondition(parameter, modifier, values);
  if (kind === 'token' && modifier !== undefined && modifier !== 'text')
    return readModifiedToken(parameter, modifier, values, context);
  return readAllIndexes(parameter, modifier, values, context);
}

/** Parses a token parameter that has a modifier (FHIR R4 search §3.1.1.4.10). */
function readModifiedToken(
  parameter: Extract<SearchParameter, { kind: 'token' }>,
  modifier: string,
  values: readonly string[],
  context: SearchContext,
): RowCondition {
  if (modifier === 'not') return { kind: 'not', of: readAllIndexes(parameter, undefined, values, context) };
  if (modifier === 'of-type') return ofTypeCondition(parameter, values);
  if (isValueSetModifier(modifier)) return valueSetCondition(parameter, modifier, values, context);
  if (modifier === 'below' || modifier === 'above') return codeHierarchyCondition(parameter, modifier, values, context);
  throw unsupportedModifier(parameter.name, modifier);
}

const readAllIndexes = (
  parameter: IndexedParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): RowCondition =>
  anyOf(
    parameterIndexes(parameter).map((index) => readIndexCondition({ ...parameter, index }, modifier, values, context)),
  );

/** Parses `name:missing=true` or `name:missing=false` (FHIR R4 search §3.1.1.4.4). */
function readMissingCondition(
  { name, kind, index, otherIndexes = [] }: IndexedParameter,
  values: readonly string[],
): RowCondition {
  const present = anyOf([index, ...otherIndexes].map((one) => ({ kind: 'present', of: kind, index: one })));
  return readMissingValue(name, values) ? { kind: 'not', of: present } : present;
}

/**
 * Parses the modifier `:missing` for parameters that every resource has a value for: id, time of the last change and,
 * in patient records, the patient.
 */
function readNeverMissing(name: string, values: readonly string[]): RowCondition {
  const nothing = idIn([]);
  return readMissingValue(name, values) ? nothing : { kind: 'not', of: nothing };
}

function readMissingValue(name: string, [value, ...others]: readonly string[]): boolean {
  if (others.length > 0 || (value !== 'true' && value !== 'false'))
    throw invalidSearch(`The parameter ${name}:missing expects true or false.`);
  return value === 'true';
}

function patientCriterion(
  name: string,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): SearchCriterion {
  if (modifier !== undefined && modifier !== 'Patient') throw unsupportedModifier(name, modifier);
  return { kind: 'patient', patients: values.map((text) => readReference(text, modifier, context)) };
}
