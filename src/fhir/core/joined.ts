import { anyCondition, type IndexCondition } from './condition.ts';
import { indexCriterion } from './index-criterion.ts';
import type { Asked, Joined, Link } from './link.ts';
import type { PartOf } from './part-of.ts';
import type { SearchContext } from './search-context.ts';
import { type IndexedParameter, indexesOf, type SearchParameter } from './search-parameter.ts';
import { alternatives } from './search-value.ts';

type Referring = Extract<SearchParameter, { readonly kind: 'reference' }>;

/**
 * Reads `name=value` if it concerns embedded resources: those in the searched type itself, or a reference to an embedded
 * resource, which counts as a reference to its parent.
 * @returns undefined if it concerns none
 */
export function readJoined(
  name: string,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): Asked | undefined {
  const parameter = context.served.parameters.find((one) => one.name === name);
  if (parameter === undefined || parameter.kind === 'patient' || parameter.kind === 'composite') return undefined;
  if (parameter.within === true) return ofParts(parameter, modifier, value, context);
  if (parameter.kind !== 'reference' || modifier === 'identifier' || modifier === 'missing') return undefined;
  const direct = criteria(parameter, modifier, value, context);
  const [first] = direct;
  const values = first?.kind === 'reference' ? first.values : [];
  const embedded = referringToPart(parameter, values, context.version);
  return embedded === undefined ? undefined : { kind: 'either', of: [...direct, embedded] };
}

/** Reads a condition for each index of the parameter. */
const criteria = (
  parameter: IndexedParameter,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): readonly IndexCondition[] =>
  indexesOf(parameter).map((index) => indexCriterion({ ...parameter, index }, modifier, alternatives(value), context));

function ofParts(
  parameter: IndexedParameter,
  modifier: string | undefined,
  value: string,
  context: SearchContext,
): Asked | undefined {
  const { part } = context.version;
  return part && ownParts(part, [anyCondition(criteria(parameter, modifier, value, context))]);
}

/** Matches rows with a visible embedded resource that meets all conditions. */
const ownParts = ({ type, by, shown }: PartOf, conditions: readonly Asked[]): Joined => ({
  kind: 'joined',
  direction: 'from',
  index: by,
  type,
  asked: [...conditions, ...shown],
});

type Values = Extract<Asked, { readonly kind: 'reference' }>['values'];

/** Matches rows that refer to an embedded resource of one of these parents. Undefined if the parameter can't. */
function referringToPart(
  { index, targets }: Referring,
  values: Values,
  { part }: Pick<SearchContext['version'], 'part'>,
): Joined | undefined {
  if (part === undefined || !targets.includes(part.of)) return undefined;
  const parents = values.filter(({ type }) => type === undefined || type === part.of);
  if (parents.length === 0) return undefined;
  const condition: Asked = { kind: 'reference', index: part.by, values: parents };
  return { kind: 'joined', direction: 'to', index, type: part.type, asked: [condition] };
}

/** Matches rows that refer to one of these resources by a parameter, directly or through an embedded resource. */
export function askedOfReference(
  parameter: Referring,
  values: Values,
  version: Pick<SearchContext['version'], 'part'>,
): Asked {
  const own = anyCondition(indexesOf(parameter).map((index) => ({ kind: 'reference', index, values })));
  if (parameter.within === true && version.part !== undefined) return ownParts(version.part, [own]);
  const embedded = referringToPart(parameter, values, version);
  return embedded === undefined ? own : { kind: 'either', of: [own, embedded] };
}

/** Adds to a link to a parent type the link that leads there through an embedded resource. */
export function byWayOfPart(link: Link, { part }: Pick<SearchContext['version'], 'part'>): readonly (Link | Joined)[] {
  const { by, other, direction } = link;
  if (part === undefined || direction !== 'to' || other.stored !== part.of || by.kind !== 'reference') return [link];
  const onward: Link = { ...link, by: { kind: 'reference', index: part.by } };
  return [link, { kind: 'joined', direction: 'to', index: by.index, type: part.type, asked: [onward], other }];
}
