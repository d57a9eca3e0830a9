import { anyOf, type IndexCondition } from '../model/condition.ts';
import type { EmbeddedType } from '../model/embedded-type.ts';
import type { EmbeddedLink, SearchCondition, SearchLink } from '../model/search-link.ts';
import { type IndexedParameter, parameterIndexes, type SearchParameter } from '../model/search-parameter.ts';
import { readIndexCondition } from './index-condition.ts';
import type { SearchContext } from './search-context.ts';
import { splitAlternatives } from './values/search-value.ts';

type ReferenceParameter = Extract<SearchParameter, { readonly kind: 'reference' }>;

/**
 * Parses a search parameter that concerns embedded resources, such as the PractitionerRoles that a DSTU2 Practitioner
 * shows. There are two kinds of such parameters. The values of some come from embedded resources. Others are reference
 * parameters that can point to a Practitioner; for them, a reference to an embedded PractitionerRole counts as a
 * reference to its Practitioner.
 * @returns undefined if the parameter doesn't concern embedded resources
 */
export function readEmbeddedCriterion(
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): SearchCondition | undefined {
  const parameter = context.served.parameters.find((one) => one.name === name);
  if (parameter === undefined || parameter.kind === 'patient' || parameter.kind === 'composite') return undefined;
  if (parameter.within === true) return readEmbeddedParameter(parameter, modifier, value, context);
  if (parameter.kind !== 'reference' || modifier === 'identifier' || modifier === 'missing') return undefined;
  const direct = readIndexConditions(parameter, modifier, value, context);
  const [first] = direct;
  const values = first?.kind === 'reference' ? first.values : [];
  const embedded = viaEmbeddedReference(parameter, values, context.version);
  return embedded === undefined ? undefined : { kind: 'either', of: [...direct, embedded] };
}

/** Parses the values of a parameter into one condition for each search index of the parameter. */
const readIndexConditions = (
  parameter: IndexedParameter,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): readonly IndexCondition[] =>
  parameterIndexes(parameter).map((index) =>
    readIndexCondition({ ...parameter, index }, modifier, splitAlternatives(value), context),
  );

function readEmbeddedParameter(
  parameter: IndexedParameter,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): SearchCondition | undefined {
  const { embedded } = context.version;
  return embedded && embeddedInRow(embedded, [anyOf(readIndexConditions(parameter, modifier, value, context))]);
}

/**
 * Matches resources with embedded resources, such as a Practitioner with its PractitionerRoles. One of the
 * PractitionerRoles must meet all conditions, and the Practitioner must show it.
 */
const embeddedInRow = (
  { type, parentParameter, visibleWhen }: EmbeddedType,
  conditions: readonly SearchCondition[],
): EmbeddedLink => ({
  kind: 'joined',
  direction: 'from',
  index: parentParameter,
  type,
  conditions: [...conditions, ...visibleWhen],
});

type ReferenceValues = Extract<SearchCondition, { readonly kind: 'reference' }>['values'];

/**
 * Matches resources that refer to an embedded resource whose parent is one of the given resources. For example, they
 * refer to a PractitionerRole of one of the given Practitioners. Returns undefined if the reference parameter can't
 * point to a Practitioner.
 */
function viaEmbeddedReference(
  { index, targets }: ReferenceParameter,
  values: ReferenceValues,
  { embedded }: Pick<SearchContext['version'], 'embedded'>,
): EmbeddedLink | undefined {
  if (embedded === undefined || !targets.includes(embedded.parentType)) return undefined;
  const parents = values.filter(({ type }) => type === undefined || type === embedded.parentType);
  if (parents.length === 0) return undefined;
  const condition: SearchCondition = { kind: 'reference', index: embedded.parentParameter, values: parents };
  return { kind: 'joined', direction: 'to', index, type: embedded.type, conditions: [condition] };
}

/**
 * Matches resources that refer to one of the given resources. A reference to an embedded PractitionerRole counts as a
 * reference to its Practitioner.
 */
export function referenceCondition(
  parameter: ReferenceParameter,
  values: ReferenceValues,
  version: Pick<SearchContext['version'], 'embedded'>,
): SearchCondition {
  const own = anyOf(parameterIndexes(parameter).map((index) => ({ kind: 'reference', index, values })));
  if (parameter.within === true && version.embedded !== undefined) return embeddedInRow(version.embedded, [own]);
  const embedded = viaEmbeddedReference(parameter, values, version);
  return embedded === undefined ? own : { kind: 'either', of: [own, embedded] };
}

/**
 * Extends a chain to a type with embedded resources, such as Practitioner with its PractitionerRoles. The chain then
 * also follows references to a PractitionerRole, and continues at its Practitioner.
 */
export function withEmbeddedLink(
  link: SearchLink,
  { embedded }: Pick<SearchContext['version'], 'embedded'>,
): readonly (SearchLink | EmbeddedLink)[] {
  const { by, other, direction } = link;
  if (embedded === undefined || direction !== 'to' || other.stored !== embedded.parentType || by.kind !== 'reference')
    return [link];
  const onward: SearchLink = { ...link, by: { kind: 'reference', index: embedded.parentParameter } };
  return [link, { kind: 'joined', direction: 'to', index: by.index, type: embedded.type, conditions: [onward], other }];
}
