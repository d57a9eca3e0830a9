import { anyCondition, type Condition } from './condition.ts';
import { requireFew, unsupportedModifier } from './index-criterion.ts';
import type { SearchContext } from './search-context.ts';
import type { IndexedParameter, SearchParameter, TokenValue } from './search-parameter.ts';
import { invalid, parseToken, parseTypedIdentifier, unescaped } from './search-value.ts';
import { relatedCodes } from './terminology.ts';
import { ancestorsOf, withoutSlash } from './uri-hierarchy.ts';

type TokenParameter = Extract<SearchParameter, { kind: 'token' }>;

/**
 * Reads `subject:identifier=system|value`, which searches the Identifier in the reference. FHIR R4 search §3.1.1.4.12
 */
export function byIdentifier(
  { name, identifiers }: Extract<SearchParameter, { kind: 'reference' | 'patient' }>,
  values: readonly string[],
): Condition {
  if (identifiers === undefined) throw unsupportedModifier(name, 'identifier');
  return { kind: 'token', index: identifiers, values: values.map((text) => parseToken(name, text)) };
}

/** Reads `identifier:of-type=system|code|value`. FHIR R4 search §3.1.1.4.10 */
export function byType({ name, ofType }: TokenParameter, values: readonly string[]): Condition {
  if (ofType === undefined) throw unsupportedModifier(name, 'of-type');
  return { kind: 'token', index: ofType, values: values.map((text) => parseTypedIdentifier(name, text)) };
}

/** FHIR R4 search §3.1.1.4.10 */
export const asksForSets = (modifier: string | undefined): modifier is 'in' | 'not-in' =>
  modifier === 'in' || modifier === 'not-in';

/** Reads `code:in=http://…/ValueSet/x` and `:not-in`. The context must have the codes of these value sets. */
export function inSets(
  { name, index, also = [] }: TokenParameter,
  modifier: 'in' | 'not-in',
  values: readonly string[],
  { valueSets }: SearchContext,
): Condition {
  const codes = values.map(unescaped).flatMap((value) => {
    const found = valueSets?.get(value);
    if (found === undefined) throw unsupportedModifier(name, modifier);
    return found;
  });
  const of = ofTokens([index, ...also], codes);
  return modifier === 'in' ? of : { kind: 'not', of };
}

/** Maximum codes with `:below` or `:above`. Each one stands for all codes below or above it. */
const MOST_KINDS = 100;

/**
 * Reads `code:below=system|code`, which matches the code and its descendants, and `:above`, which matches its ancestors.
 * @throws Problem 400 if the hierarchy of the code system isn't known
 */
export function ofHierarchy(
  { name, index, also = [] }: TokenParameter,
  modifier: 'below' | 'above',
  values: readonly string[],
  { version }: SearchContext,
): Condition {
  requireFew(name, values, MOST_KINDS);
  const codes = values.flatMap((text): readonly TokenValue[] => {
    const { system, code } = parseToken(name, text);
    if (version.terminology === undefined) throw unsupportedModifier(name, modifier);
    if (system === undefined || system === '' || code === undefined)
      throw invalid(`The parameter ${name}:${modifier} expects system|code.`);
    const related = relatedCodes(version.terminology, system, code, modifier);
    if (related === undefined)
      throw invalid(
        `This server does not know which codes of ${system.slice(0, 200)} are kinds of others, or has no such code there. Name the codes one by one.`,
      );
    return related.map((one) => ({ system, code: one }));
  });
  const distinct = new Map(codes.map((one) => [`${one.system}|${one.code}`, one]));
  return ofTokens([index, ...also], [...distinct.values()]);
}

const ofTokens = (indexes: readonly string[], values: readonly TokenValue[]): Condition =>
  anyCondition(indexes.map((index) => ({ kind: 'token', index, values })));

/**
 * Reads `_profile:below=http://a.org/x`, which matches the URI and those below it, and `:above`, which matches its
 * ancestors.
 */
export function ofAddresses(
  { index, also = [] }: IndexedParameter,
  modifier: 'below' | 'above',
  values: readonly string[],
): Condition {
  const uris = values.map((text) => withoutSlash(unescaped(text)));
  const conditions = [index, ...also].map(
    (one): Condition =>
      modifier === 'below'
        ? { kind: 'below', index: one, values: uris }
        : { kind: 'uri', index: one, values: uris.flatMap(ancestorsOf) },
  );
  return anyCondition(conditions);
}
