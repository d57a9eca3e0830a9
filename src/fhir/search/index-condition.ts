import type { IndexCondition, ReferenceValue } from '../model/condition.ts';
import type { IndexedParameter } from '../model/search-parameter.ts';
import { resolveServedId } from '../model/type-variants.ts';
import type { SearchContext } from './search-context.ts';
import { parseQuantity } from './values/quantity-value.ts';
import {
  invalidSearch,
  isAbsoluteUri,
  parseDate,
  parseReference,
  parseToken,
  unescapeValue,
} from './values/search-value.ts';

/**
 * Parses the values of a search parameter into a condition on one search index.
 * @param values alternatives, with FHIR's escapes such as `\,`
 * @throws Problem 400 if a value is invalid, or if the parameter doesn't support the modifier
 */
export function readIndexCondition(
  parameter: IndexedParameter,
  modifier: string | undefined,
  values: readonly string[],
  context: SearchContext,
): IndexCondition {
  const { name, kind, index } = parameter;
  if (kind === 'reference') {
    requireReferenceType(name, modifier, context);
    return { kind, index, values: values.flatMap((text) => readReferenceAlternatives(text, modifier, context)) };
  }
  if (kind === 'token' && modifier === 'text')
    return { kind: 'string', index, mode: 'words', values: values.map(unescapeValue) };
  if (kind === 'string')
    return { kind, index, mode: readStringMode(name, modifier), values: values.map(unescapeValue) };
  if (modifier !== undefined) throw unsupportedModifier(name, modifier);
  if (kind === 'date') return { kind, index, values: values.map((text) => parseDate(name, text, context.now)) };
  if (kind === 'quantity') return { kind, index, values: values.map((text) => parseQuantity(name, text)) };
  if (kind === 'uri') return { kind, index, values: values.map(unescapeValue) };
  const toStored = parameter.kind === 'token' ? parameter.toStored : undefined;
  const tokens = values.map((text) => parseToken(name, text));
  return { kind: 'token', index, values: tokens.flatMap(toStored ?? ((token) => [token])) };
}

export function requireAtMost(name: string, values: readonly unknown[], max: number): void {
  if (values.length > max)
    throw invalidSearch(`The parameter ${name} accepts at most ${max} alternatives. Split it into several searches.`);
}

/** Returns how a string parameter with this modifier compares texts (FHIR R4 search §3.1.1.4.8). */
function readStringMode(name: string, modifier: string | undefined): 'starts' | 'exact' | 'contains' {
  if (modifier === undefined) return 'starts';
  if (modifier === 'exact' || modifier === 'contains') return modifier;
  throw unsupportedModifier(name, modifier);
}

/**
 * Checks that the modifier of a reference parameter is a resource type, as in `subject:Patient` (FHIR R4 search
 * §3.1.1.5.10).
 * @throws Problem 400 if the FHIR version doesn't serve a type of that name
 */
function requireReferenceType(name: string, modifier: string | undefined, context: SearchContext): void {
  if (modifier === undefined || context.version.types.some((type) => type.name === modifier)) return;
  throw unsupportedModifier(name, modifier);
}

/**
 * Parses the values of a reference parameter. A URL of this server is searched as `Type/id`, the form of stored
 * references. It is also searched as written, because canonicals, and resources from another server, contain complete
 * URLs.
 */
function readReferenceAlternatives(
  text: string,
  type: string | undefined,
  context: SearchContext,
): readonly ReferenceValue[] {
  const value = readReference(text, type, context);
  const written = unescapeValue(text);
  return isAbsoluteUri(written) && value.type !== '' ? [value, { type: '', id: written }] : [value];
}

/**
 * Parses a reference and translates its type and id to the R4 type and the stored id.
 * @param type type that a modifier names, as in `subject:Patient`
 */
export function readReference(
  text: string,
  type: string | undefined,
  { base, version }: SearchContext,
): ReferenceValue {
  const value = parseReference(text, base, type);
  const resolved = resolveServedId(version.types, value.type, value.id);
  return resolved === undefined ? value : { type: resolved.variant.stored, id: resolved.id };
}

export const unsupportedModifier = (name: string, modifier: string) =>
  invalidSearch(
    `This server does not support the modifier :${modifier} on the parameter ${name}. Leave out the modifier.`,
  );
