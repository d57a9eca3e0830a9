import { anyOf, type IndexCondition } from '../model/condition.ts';
import type { EmbeddedType } from '../model/embedded-type.ts';
import type { EmbeddedLink, SearchCondition, SearchLink } from '../model/search-link.ts';
import { type IndexedParameter, parameterIndexes, type SearchParameter } from '../model/search-parameter.ts';
import { readIndexCondition } from './index-condition.ts';
import type { SearchContext } from './search-context.ts';
import { splitAlternatives } from './values/search-value.ts';

type ReferenceParameter = Extract<SearchParameter, { readonly kind: 'reference' }>;

/**
 * Reads `name=value` if it concerns embedded resources: those in the searched type itself, or a reference to an embedded
 * resource, which counts as a reference to its parent.
 * @returns undefined if it concerns none
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

/** Reads a condition for each index of the parameter. */
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

/** Matches rows with a visible embedded resource that meets all conditions. */
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

/** Matches rows that refer to an embedded resource of one of these parents. Undefined if the parameter can't. */
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

/** Matches rows that refer to one of these resources by a parameter, directly or through an embedded resource. */
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

/** Adds to a link to a parent type the link that leads there through an embedded resource. */
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
