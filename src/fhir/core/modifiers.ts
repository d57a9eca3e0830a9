import { anyCondition, type Condition } from './condition.ts';
import { requireFew, unsupportedModifier } from './index-criterion.ts';
import type { SearchContext } from './search-context.ts';
import type { IndexedParameter, SearchParameter, TokenValue } from './search-parameter.ts';
import { invalid, parseToken, parseTypedIdentifier, unescaped } from './search-value.ts';
import { relatedCodes } from './terminology.ts';
import { ancestorsOf, withoutSlash } from './uri-hierarchy.ts';

type TokenParameter = Extract<SearchParameter, { kind: 'token' }>;

/** `subject:identifier=system|value`: of the Identifier in the reference. FHIR R4 search §3.1.1.4.12 */
export function byIdentifier(
  { name, identifiers }: Extract<SearchParameter, { kind: 'reference' | 'patient' }>,
  values: readonly string[],
): Condition {
  if (identifiers === undefined) throw unsupportedModifier(name, 'identifier');
  return { kind: 'token', index: identifiers, values: values.map((text) => parseToken(name, text)) };
}

/** `identifier:of-type=system|code|value`. FHIR R4 search §3.1.1.4.10 */
export function byType({ name, ofType }: TokenParameter, values: readonly string[]): Condition {
  if (ofType === undefined) throw unsupportedModifier(name, 'of-type');
  return { kind: 'token', index: ofType, values: values.map((text) => parseTypedIdentifier(name, text)) };
}

/** Whether a modifier asks for the codes of value sets. FHIR R4 search §3.1.1.4.10 */
export const asksForSets = (modifier: string | undefined): modifier is 'in' | 'not-in' =>
  modifier === 'in' || modifier === 'not-in';

/** `code:in=http://…/ValueSet/x`: a code of one of the sets. */
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

/** Each stands for all of its kinds. */
const MOST_KINDS = 100;

/** `code:below=system|code`: that code and those that are kinds of it, where their hierarchy is known; `:above` the others. */
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

/** `_profile:below=http://a.org/x`: that address or one that goes on with a slash; `:above` those that it goes on from. */
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
