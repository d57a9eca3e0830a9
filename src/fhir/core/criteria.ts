import { type Condition, idCondition, type ReferenceValue } from './condition.ts';
import type { SearchParameter } from './search-parameter.ts';
import { alternatives, invalid, parseDate, parseReference, parseToken } from './search-value.ts';
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
  const parameter = context.served.parameters.find((candidate) => candidate.name === name);
  if (parameter === undefined && name !== '_id' && name !== '_lastUpdated') return undefined;
  const kind = parameter?.kind;
  if (modifier !== undefined && kind !== 'reference' && kind !== 'patient') throw unsupportedModifier(name, modifier);
  const values = alternatives(value);
  if (parameter !== undefined) return ofParameter(parameter, modifier, values, context);
  if (name === '_id') return idCondition(values);
  return { kind: 'updated', values: values.map((text) => parseDate(name, text, context.now)) };
}

/** Whose record a search is about, where the type itself has no such parameter. */
export const readPatients = (
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): Criterion =>
  ofParameter({ kind: 'patient', name, documentation: '' }, modifier ?? 'Patient', alternatives(value), context);

function ofParameter(
  parameter: SearchParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): Criterion {
  const { name } = parameter;
  if (parameter.kind === 'date') {
    return { kind: 'date', index: parameter.index, values: values.map((text) => parseDate(name, text, context.now)) };
  }
  if (parameter.kind === 'token') {
    const tokens = values.map((text) => parseToken(name, text));
    return {
      kind: 'token',
      index: parameter.index,
      values: tokens.flatMap(parameter.toStored ?? ((token) => [token])),
    };
  }
  requireType(parameter, modifier, context);
  const references = values.map((text) => parseReference(text, context.base, modifier));
  if (parameter.kind === 'patient') return { kind: 'patient', patients: references };
  return { kind: 'reference', index: parameter.index, values: references.map((one) => asStored(one, context)) };
}

/** On a reference a modifier names the type referred to: `subject:Patient`. FHIR R4 search §3.1.1.5.10 */
function requireType(parameter: SearchParameter, modifier: string | undefined, context: SearchContext): void {
  if (modifier === undefined) return;
  const fits =
    parameter.kind === 'patient'
      ? modifier === 'Patient'
      : context.version.types.some((type) => type.name === modifier);
  if (!fits) throw unsupportedModifier(parameter.name, modifier);
}

function asStored(value: ReferenceValue, context: SearchContext): ReferenceValue {
  const stored = context.version.types.find((type) => type.name === value.type)?.stored;
  return stored === undefined ? value : { ...value, type: stored };
}

const unsupportedModifier = (name: string, modifier: string) =>
  invalid(`This server does not support the modifier :${modifier} on the parameter ${name}. Leave the modifier out.`);
