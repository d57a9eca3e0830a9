import { COMMON_INDEXED, OF_RECORDS } from './common-parameters.ts';
import { compositeCriterion } from './composite.ts';
import { anyCondition, type Condition, idCondition, type LastChange, type ReferenceValue } from './condition.ts';
import { projectionOf } from './forms.ts';
import { indexCriterion, referenceValue, unsupportedModifier } from './index-criterion.ts';
import { asksForSets, byIdentifier, byType, inSets, ofAddresses, ofHierarchy } from './modifiers.ts';
import type { SearchContext } from './search-context.ts';
import { type IndexedParameter, indexesOf, type SearchParameter } from './search-parameter.ts';
import { alternatives, invalid, parseDate } from './search-value.ts';
import type { ServedType } from './version.ts';

/** One parsed search parameter: a condition on rows, or the patients it names. */
export type Criterion = Condition | { readonly kind: 'patient'; readonly patients: readonly ReferenceValue[] };

/** FHIR R4 search §3.1.1.4.1: indexed parameters of every type. `_id` and `_lastUpdated` are read separately. */
const SHARED: readonly SearchParameter[] = COMMON_INDEXED.map((one) => ({ ...one, index: one.name }));
const RECORD: readonly SearchParameter[] = [...SHARED, ...OF_RECORDS.map((one) => ({ ...one, index: one.name }))];

export const parametersOf = ({ parameters, home, shared }: ServedType): readonly SearchParameter[] => [
  ...parameters,
  ...(shared ?? (home === 'record' ? RECORD : SHARED)),
];

/**
 * Reads `name=value`.
 * @param name parameter name without its modifier
 * @returns undefined if the type has no such parameter, or if it is one of embedded resources (see `readEmbeddedCriterion`)
 * @throws Problem 400 if the value is invalid or the modifier unsupported
 */
export function readCriterion(
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): Criterion | undefined {
  const parameter = parametersOf(context.served).find((candidate) => candidate.name === name);
  const values = alternatives(value);
  if (parameter !== undefined && 'within' in parameter) return undefined;
  if (parameter !== undefined) return ofParameter(parameter, modifier, values, context);
  if (name !== '_id' && name !== '_lastUpdated') return undefined;
  if (modifier === 'missing') return neverMissing(name, values);
  if (modifier !== undefined) throw unsupportedModifier(name, modifier);
  if (name === '_id') return idCondition(values);
  return { ...lastChange(context), values: values.map((text) => parseDate(name, text, context.now)) };
}

/** Returns the last-change key of a type. A resource with embedded resources changes with them. */
export function lastChange({ version, served }: SearchContext): LastChange {
  const toldBy = served.stored === version.part?.of ? projectionOf(version, served) : undefined;
  return { kind: 'updated', ...(toldBy === undefined ? {} : { toldBy }) };
}

/** Reads the patients that a search names on a type that has no such parameter itself. */
export const readPatients = (
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): Criterion => patients(name, modifier ?? 'Patient', alternatives(value), context);

function ofParameter(
  parameter: SearchParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): Criterion {
  const { kind } = parameter;
  if (modifier === 'identifier' && (kind === 'patient' || kind === 'reference')) return byIdentifier(parameter, values);
  if (kind === 'patient' && modifier === 'missing') return neverMissing(parameter.name, values);
  if (kind === 'patient') return patients(parameter.name, modifier, values, context);
  if (kind === 'composite') {
    if (modifier !== undefined) throw unsupportedModifier(parameter.name, modifier);
    return compositeCriterion(parameter, values, context);
  }
  if (modifier === 'missing') return missing(parameter, values);
  if (kind === 'uri' && (modifier === 'below' || modifier === 'above')) return ofAddresses(parameter, modifier, values);
  if (kind === 'token' && modifier !== undefined && modifier !== 'text')
    return modifiedToken(parameter, modifier, values, context);
  return ofIndexes(parameter, modifier, values, context);
}

/** FHIR R4 search §3.1.1.4.10 */
function modifiedToken(
  parameter: Extract<SearchParameter, { kind: 'token' }>,
  modifier: string,
  values: readonly string[],
  context: SearchContext,
): Condition {
  if (modifier === 'not') return { kind: 'not', of: ofIndexes(parameter, undefined, values, context) };
  if (modifier === 'of-type') return byType(parameter, values);
  if (asksForSets(modifier)) return inSets(parameter, modifier, values, context);
  if (modifier === 'below' || modifier === 'above') return ofHierarchy(parameter, modifier, values, context);
  throw unsupportedModifier(parameter.name, modifier);
}

const ofIndexes = (
  parameter: IndexedParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): Condition =>
  anyCondition(indexesOf(parameter).map((index) => indexCriterion({ ...parameter, index }, modifier, values, context)));

/** FHIR R4 search §3.1.1.4.4 */
function missing({ name, kind, index, also = [] }: IndexedParameter, values: readonly string[]): Condition {
  const present = anyCondition([index, ...also].map((one) => ({ kind: 'present', of: kind, index: one })));
  return isMissing(name, values) ? { kind: 'not', of: present } : present;
}

/** `:missing` for values that every resource has: id, last change and, in a record, the patient. */
function neverMissing(name: string, values: readonly string[]): Condition {
  const nothing = idCondition([]);
  return isMissing(name, values) ? nothing : { kind: 'not', of: nothing };
}

function isMissing(name: string, [value, ...others]: readonly string[]): boolean {
  if (others.length > 0 || (value !== 'true' && value !== 'false'))
    throw invalid(`The parameter ${name}:missing expects true or false.`);
  return value === 'true';
}

function patients(
  name: string,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): Criterion {
  if (modifier !== undefined && modifier !== 'Patient') throw unsupportedModifier(name, modifier);
  return { kind: 'patient', patients: values.map((text) => referenceValue(text, modifier, context)) };
}
