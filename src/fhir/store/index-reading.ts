import type { Resource } from '../core/version.ts';
import type { GroupIndex } from './element-groups.ts';
import { headOf } from './elements.ts';
import { type AnyTokenIndex, type IndexedType, indexOf } from './index-table.ts';

/**
 * One indexed parameter and the top-level elements it can be found in. Without `heads`, the parameter is evaluated for
 * every resource.
 */
interface Looked<Of> {
  readonly name: string;
  readonly of: Of;
  readonly heads: readonly string[] | undefined;
}
type Paths = readonly string[];

/**
 * A type's index definition, arranged for indexing. Parameters whose top-level elements are absent from a resource are
 * skipped, because a resource has values for only a few of them.
 */
export interface Reading {
  readonly tokens: readonly Looked<AnyTokenIndex>[];
  readonly references: readonly Looked<Paths>[];
  readonly uris: readonly Looked<Paths>[];
  readonly strings: readonly Looked<Paths>[];
  readonly quantities: readonly Looked<Paths>[];
  readonly repeating: readonly Looked<Paths>[];
  readonly groups: readonly Looked<GroupIndex>[];
  /** Every date parameter has a slot, whether or not the resource has a value. */
  readonly dates: readonly Paths[];
  readonly sort: Paths;
}

const known = new Map<string, Reading>();

/**
 * Returns the cached index plan of a type.
 * @throws Error for a type that isn't stored, which is a programming error
 */
export function readingOf(type: string): Reading {
  const cached = known.get(type);
  if (cached !== undefined) return cached;
  const plan = readingMadeOf(indexOf(type));
  known.set(type, plan);
  return plan;
}

function readingMadeOf(type: IndexedType): Reading {
  const byPaths = (table: Readonly<Record<string, Paths>>): readonly Looked<Paths>[] =>
    Object.entries(table).map(([name, paths]) => ({ name, of: paths, heads: paths.map(headOf) }));
  return {
    tokens: Object.entries(type.tokens).map(([name, index]) => ({ name, of: index, heads: headsOf(index) })),
    references: byPaths(type.references),
    uris: byPaths(type.uris),
    strings: byPaths(type.strings),
    quantities: byPaths(type.quantities),
    repeating: byPaths(Object.fromEntries(type.repeating.map((name) => [name, type.dates[name] ?? []]))),
    groups: Object.entries(type.groups).map(([name, group]) => ({ name, of: group, heads: [headOf(group.group)] })),
    dates: Object.values(type.dates),
    sort: type.sort,
  };
}

/** Code pairs and `deceased` have a value even if none of their elements is present. */
function headsOf(index: AnyTokenIndex): readonly string[] | undefined {
  if ('pair' in index || isDeceased(index)) return undefined;
  if ('typesOf' in index) return [headOf(index.typesOf)];
  if ('identifiers' in index) return index.identifiers.map(headOf);
  return ('referred' in index ? index.referred : index.paths).map(headOf);
}

/** FHIR R4 Patient, search parameter deceased: a date means true as well. */
export const isDeceased = (index: AnyTokenIndex): boolean => 'paths' in index && index.paths[0] === 'deceased';

/** Restricts the plan to the parameters that can have a value in this resource. */
export function presentIn(resource: Resource, plan: Reading): Reading {
  const isPresent = ({ heads }: Looked<unknown>): boolean =>
    heads === undefined || heads.some((head) => resource[head] !== undefined);
  return {
    tokens: plan.tokens.filter(isPresent),
    references: plan.references.filter(isPresent),
    uris: plan.uris.filter(isPresent),
    strings: plan.strings.filter(isPresent),
    quantities: plan.quantities.filter(isPresent),
    repeating: plan.repeating.filter(isPresent),
    groups: plan.groups.filter(isPresent),
    dates: plan.dates,
    sort: plan.sort,
  };
}
