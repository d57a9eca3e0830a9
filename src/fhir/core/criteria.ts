import { COMMON_INDEXED, OF_RECORDS } from './common-parameters.ts';
import { anyCondition, type Condition, type IndexCondition, idCondition, type ReferenceValue } from './condition.ts';
import { parseQuantity } from './quantity-value.ts';
import type { IndexedParameter, SearchParameter } from './search-parameter.ts';
import { alternatives, invalid, parseDate, parseReference, parseToken, unescaped } from './search-value.ts';
import type { FhirVersion, ServedType } from './version.ts';

/** Where criteria are read: the parameters of one type in one version. */
export interface SearchContext {
  readonly version: Pick<FhirVersion, 'types'>;
  readonly served: ServedType;
  /** Of this API, absolute: references may be written as addresses. */
  readonly base: string;
  readonly now: Date;
}

/** What one parameter of a search asks for: a condition on rows, or whose record it is about. */
export type Criterion = Condition | { readonly kind: 'patient'; readonly patients: readonly ReferenceValue[] };

/** FHIR R4 search §3.1.1.4.1: what every type can be searched by, beside `_id` and `_lastUpdated`. */
const SHARED: readonly SearchParameter[] = COMMON_INDEXED.map((one) => ({ ...one, index: one.name }));
const RECORD: readonly SearchParameter[] = [...SHARED, ...OF_RECORDS.map((one) => ({ ...one, index: one.name }))];

export const parametersOf = ({ parameters, home }: ServedType): readonly SearchParameter[] => [
  ...parameters,
  ...(home === 'record' ? RECORD : SHARED),
];

/**
 * Reads `name=value`. undefined: the type has no such parameter.
 * @param name without its modifier
 */
export function readCriterion(
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): Criterion | undefined {
  const parameter = parametersOf(context.served).find((candidate) => candidate.name === name);
  const values = alternatives(value);
  if (parameter !== undefined) return ofParameter(parameter, modifier, values, context);
  if (name !== '_id' && name !== '_lastUpdated') return undefined;
  if (modifier !== undefined) throw unsupportedModifier(name, modifier);
  if (name === '_id') return idCondition(values);
  return { kind: 'updated', values: values.map((text) => parseDate(name, text, context.now)) };
}

/** Whose record a search is about, where the type itself has no such parameter. */
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
  if (parameter.kind === 'patient') return patients(parameter.name, modifier, values, context);
  const of = (index: string) => ofIndex({ ...parameter, index }, modifier, values, context);
  if (modifier === 'missing') return missing(parameter, values);
  if (modifier === 'not') {
    if (parameter.kind !== 'token') throw unsupportedModifier(parameter.name, modifier);
    const { also = [], index } = parameter;
    const plain = [index, ...also].map((one) => ofIndex({ ...parameter, index: one }, undefined, values, context));
    return { kind: 'not', of: anyCondition(plain) };
  }
  return anyCondition([parameter.index, ...(parameter.also ?? [])].map(of));
}

/** FHIR R4 search §3.1.1.4.4 */
function missing({ name, kind, index, also = [] }: IndexedParameter, values: readonly string[]): Condition {
  const [value, ...others] = values;
  if (others.length > 0 || (value !== 'true' && value !== 'false'))
    throw invalid(`The parameter ${name}:missing expects true or false.`);
  const present = anyCondition([index, ...also].map((one) => ({ kind: 'present', of: kind, index: one })));
  return value === 'true' ? { kind: 'not', of: present } : present;
}

function ofIndex(
  parameter: IndexedParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): IndexCondition {
  const { name, kind, index } = parameter;
  if (kind === 'reference') {
    requireType(name, modifier, context);
    const references = values.map((text) => parseReference(text, context.base, modifier));
    return { kind, index, values: references.map((one) => asStored(one, context)) };
  }
  if (kind === 'token' && modifier === 'text')
    return { kind: 'string', index, mode: 'words', values: values.map(unescaped) };
  if (kind === 'string') return { kind, index, mode: modeOf(name, modifier), values: values.map(unescaped) };
  if (modifier !== undefined) throw unsupportedModifier(name, modifier);
  if (kind === 'date') return { kind, index, values: values.map((text) => parseDate(name, text, context.now)) };
  if (kind === 'quantity') return { kind, index, values: values.map((text) => parseQuantity(name, text)) };
  if (kind === 'uri') return { kind, index, values: values.map(unescaped) };
  const toStored = parameter.kind === 'token' ? parameter.toStored : undefined;
  const tokens = values.map((text) => parseToken(name, text));
  return { kind: 'token', index, values: tokens.flatMap(toStored ?? ((token) => [token])) };
}

/** FHIR R4 search §3.1.1.4.8 */
function modeOf(name: string, modifier: string | undefined): 'starts' | 'exact' | 'contains' {
  if (modifier === undefined) return 'starts';
  if (modifier === 'exact' || modifier === 'contains') return modifier;
  throw unsupportedModifier(name, modifier);
}

function patients(
  name: string,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): Criterion {
  if (modifier !== undefined && modifier !== 'Patient') throw unsupportedModifier(name, modifier);
  return { kind: 'patient', patients: values.map((text) => parseReference(text, context.base, modifier)) };
}

/** On a reference a modifier names the type referred to: `subject:Patient`. FHIR R4 search §3.1.1.5.10 */
function requireType(name: string, modifier: string | undefined, context: SearchContext): void {
  if (modifier === undefined || context.version.types.some((type) => type.name === modifier)) return;
  throw unsupportedModifier(name, modifier);
}

function asStored(value: ReferenceValue, context: SearchContext): ReferenceValue {
  const stored = context.version.types.find((type) => type.name === value.type)?.stored;
  return stored === undefined ? value : { ...value, type: stored };
}

const unsupportedModifier = (name: string, modifier: string) =>
  invalid(`This server does not support the modifier :${modifier} on the parameter ${name}. Leave the modifier out.`);
