import { anyOf, type RowCondition } from '../model/condition.ts';
import type { IndexedParameter, SearchParameter, TokenValue } from '../model/search-parameter.ts';
import { findRelatedCodes } from '../model/terminology/code-systems.ts';
import { requireAtMost, unsupportedModifier } from './index-condition.ts';
import type { SearchContext } from './search-context.ts';
import { invalidSearch, parseToken, parseTypedIdentifier, unescapeValue } from './values/search-value.ts';
import { uriAncestors, withoutTrailingSlash } from './values/uri-hierarchy.ts';

type TokenParameter = Extract<SearchParameter, { kind: 'token' }>;

/**
 * Parses `subject:identifier=system|value`, which searches the Identifier inside the reference (FHIR R4 search
 * §3.1.1.4.12).
 */
export function identifierCondition(
  { name, identifiers }: Extract<SearchParameter, { kind: 'reference' | 'patient' }>,
  values: readonly string[],
): RowCondition {
  if (identifiers === undefined) throw unsupportedModifier(name, 'identifier');
  return { kind: 'token', index: identifiers, values: values.map((text) => parseToken(name, text)) };
}

/**
 * Parses `identifier:of-type=system|code|value`, which searches identifiers by type and value (FHIR R4 search
 * §3.1.1.4.10).
 */
export function ofTypeCondition({ name, ofType }: TokenParameter, values: readonly string[]): RowCondition {
  if (ofType === undefined) throw unsupportedModifier(name, 'of-type');
  return { kind: 'token', index: ofType, values: values.map((text) => parseTypedIdentifier(name, text)) };
}

/** True for the modifiers `:in` and `:not-in` (FHIR R4 search §3.1.1.4.10). */
export const isValueSetModifier = (modifier: string | undefined): modifier is 'in' | 'not-in' =>
  modifier === 'in' || modifier === 'not-in';

/**
 * Parses `code:in=http://…/ValueSet/x` or `code:not-in=…`. The caller has looked up the codes of the value sets before
 * and put them into the context.
 */
export function valueSetCondition(
  { name, index, otherIndexes = [] }: TokenParameter,
  modifier: 'in' | 'not-in',
  values: readonly string[],
  { valueSets }: SearchContext,
): RowCondition {
  const codes = values.map(unescapeValue).flatMap((value) => {
    const found = valueSets?.get(value);
    if (found === undefined) throw unsupportedModifier(name, modifier);
    return found;
  });
  const of = tokenCondition([index, ...otherIndexes], codes);
  return modifier === 'in' ? of : { kind: 'not', of };
}

/**
 * Maximum number of codes in a search with `:below` or `:above`. Each of them stands for all codes below or above it.
 */
const MAX_HIERARCHY_CODES = 100;

/**
 * Parses `code:below=system|code`, which matches the code and its descendants, or `code:above=…`, which matches the
 * code and its ancestors.
 * @throws Problem 400 if the server doesn't know the hierarchy of the code system
 */
export function codeHierarchyCondition(
  { name, index, otherIndexes = [] }: TokenParameter,
  modifier: 'below' | 'above',
  values: readonly string[],
  { version }: SearchContext,
): RowCondition {
  requireAtMost(name, values, MAX_HIERARCHY_CODES);
  const codes = values.flatMap((text): readonly TokenValue[] => {
    const { system, code } = parseToken(name, text);
    if (version.terminology === undefined) throw unsupportedModifier(name, modifier);
    if (system === undefined || system === '' || code === undefined)
      throw invalidSearch(`The parameter ${name}:${modifier} expects system|code.`);
    const related = findRelatedCodes(version.terminology, system, code, modifier);
    if (related === undefined)
      throw invalidSearch(
        `This server does not know the code hierarchy of ${system.slice(0, 200)}, or does not have that code. List the codes instead.`,
      );
    return related.map((one) => ({ system, code: one }));
  });
  const distinct = new Map(codes.map((one) => [`${one.system}|${one.code}`, one]));
  return tokenCondition([index, ...otherIndexes], [...distinct.values()]);
}

const tokenCondition = (indexes: readonly string[], values: readonly TokenValue[]): RowCondition =>
  anyOf(indexes.map((index) => ({ kind: 'token', index, values })));

/**
 * Parses `_profile:below=http://a.org/x`, which matches the URI and the URIs below it, or `_profile:above=…`, which
 * matches the URI and its ancestors.
 */
export function uriHierarchyCondition(
  { index, otherIndexes = [] }: IndexedParameter,
  modifier: 'below' | 'above',
  values: readonly string[],
): RowCondition {
  const uris = values.map((text) => withoutTrailingSlash(unescapeValue(text)));
  const conditions = [index, ...otherIndexes].map(
    (one): RowCondition =>
      modifier === 'below'
        ? { kind: 'below', index: one, values: uris }
        : { kind: 'uri', index: one, values: uris.flatMap(uriAncestors) },
  );
  return anyOf(conditions);
}
