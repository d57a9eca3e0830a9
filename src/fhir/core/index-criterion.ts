import type { IndexCondition, ReferenceValue } from './condition.ts';
import { formNamed } from './forms.ts';
import { parseQuantity } from './quantity-value.ts';
import type { SearchContext } from './search-context.ts';
import type { IndexedParameter } from './search-parameter.ts';
import { invalid, isAddress, parseDate, parseReference, parseToken, unescaped } from './search-value.ts';

/**
 * Reads the condition of one parameter on one index.
 * @param values alternatives, still escaped
 * @throws Problem 400 if a value is invalid or the modifier unsupported
 */
export function indexCriterion(
  parameter: IndexedParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): IndexCondition {
  const { name, kind, index } = parameter;
  if (kind === 'reference') {
    requireType(name, modifier, context);
    return { kind, index, values: values.flatMap((text) => referenceValues(text, modifier, context)) };
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

export function requireFew(name: string, values: readonly unknown[], most: number): void {
  if (values.length > most)
    throw invalid(`The parameter ${name} takes at most ${most} alternatives. Ask in several searches.`);
}

/** FHIR R4 search §3.1.1.4.8 */
function modeOf(name: string, modifier: string | undefined): 'starts' | 'exact' | 'contains' {
  if (modifier === undefined) return 'starts';
  if (modifier === 'exact' || modifier === 'contains') return modifier;
  throw unsupportedModifier(name, modifier);
}

/**
 * FHIR R4 search §3.1.1.5.10: the modifier of a reference names the type that it refers to, as in `subject:Patient`.
 */
function requireType(name: string, modifier: string | undefined, context: SearchContext): void {
  if (modifier === undefined || context.version.types.some((type) => type.name === modifier)) return;
  throw unsupportedModifier(name, modifier);
}

/**
 * A URL of this server becomes `Type/id`, as references are stored. It also matches as written, because canonicals and
 * resources that were loaded from another server are stored that way.
 */
function referenceValues(text: string, type: string | undefined, context: SearchContext): readonly ReferenceValue[] {
  const value = referenceValue(text, type, context);
  const written = unescaped(text);
  return isAddress(written) && value.type !== '' ? [value, { type: '', id: written }] : [value];
}

/** Reads a reference and translates its type and id to the stored ones. @param type type that a modifier names */
export function referenceValue(
  text: string,
  type: string | undefined,
  { base, version }: SearchContext,
): ReferenceValue {
  const value = parseReference(text, base, type);
  const resolved = formNamed(version.types, value.type, value.id);
  return resolved === undefined ? value : { type: resolved.form.stored, id: resolved.id };
}

export const unsupportedModifier = (name: string, modifier: string) =>
  invalid(`This server does not support the modifier :${modifier} on the parameter ${name}. Leave the modifier out.`);
