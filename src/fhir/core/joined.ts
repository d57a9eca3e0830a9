import { anyCondition, type IndexCondition } from './condition.ts';
import { indexCriterion } from './index-criterion.ts';
import type { Asked, Joined, Link } from './link.ts';
import type { PartOf } from './part-of.ts';
import type { SearchContext } from './search-context.ts';
import { type IndexedParameter, indexesOf, type SearchParameter } from './search-parameter.ts';
import { alternatives } from './search-value.ts';

type Referring = Extract<SearchParameter, { readonly kind: 'reference' }>;

/**
 * Reads `name=value` where it is about what is a part of something else in the version: of the parts that the type itself
 * has, or of what is referred to by a part of it. undefined: it is neither.
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
  const asked = criteria(parameter, modifier, value, context);
  const [first] = asked;
  const values = first?.kind === 'reference' ? first.values : [];
  const part = referringToPart(parameter, values, context.version);
  return part === undefined ? undefined : { kind: 'either', of: [...asked, part] };
}

/** By each index of the parameter. */
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

/** That the row has a part of which all this is true, and which is shown. */
const ownParts = ({ type, by, shown }: PartOf, asked: readonly Asked[]): Joined => ({
  kind: 'joined',
  direction: 'from',
  index: by,
  type,
  asked: [...asked, ...shown],
});

type Values = Extract<Asked, { readonly kind: 'reference' }>['values'];

/** That the row refers by a parameter to a part of one of these, where there may be some. */
function referringToPart(
  { index, targets }: Referring,
  values: Values,
  { part }: Pick<SearchContext['version'], 'part'>,
): Joined | undefined {
  if (part === undefined || !targets.includes(part.of)) return undefined;
  const wholes = values.filter(({ type }) => type === undefined || type === part.of);
  if (wholes.length === 0) return undefined;
  const asked: Asked = { kind: 'reference', index: part.by, values: wholes };
  return { kind: 'joined', direction: 'to', index, type: part.type, asked: [asked] };
}

/** That a row refers to one of these by a parameter, as the version shows it. */
export function askedOfReference(
  parameter: Referring,
  values: Values,
  version: Pick<SearchContext['version'], 'part'>,
): Asked {
  const own = anyCondition(indexesOf(parameter).map((index) => ({ kind: 'reference', index, values })));
  if (parameter.within === true && version.part !== undefined) return ownParts(version.part, [own]);
  const part = referringToPart(parameter, values, version);
  return part === undefined ? own : { kind: 'either', of: [own, part] };
}

/** A link to what has parts leads there by way of one, too. */
export function byWayOfPart(link: Link, { part }: Pick<SearchContext['version'], 'part'>): readonly (Link | Joined)[] {
  const { by, other, direction } = link;
  if (part === undefined || direction !== 'to' || other.stored !== part.of || by.kind !== 'reference') return [link];
  const onward: Link = { ...link, by: { kind: 'reference', index: part.by } };
  return [link, { kind: 'joined', direction: 'to', index: by.index, type: part.type, asked: [onward], other }];
}
