import type { Resource } from '../../model/fhir-version.ts';
import type { ElementGroupIndex } from './element-groups.ts';
import { rootElement } from './elements.ts';
import { type AnyTokenIndex, getIndexedType, type IndexedType } from './index-definitions.ts';

/**
 * One indexed parameter and the top-level elements it can be found in. Without `heads`, the parameter is evaluated for
 * every resource.
 */
interface IndexedElements<Of> {
  readonly name: string;
  readonly definition: Of;
  readonly rootElements: readonly string[] | undefined;
}
type ElementPaths = readonly string[];

/**
 * A type's index definition, arranged for indexing. Parameters whose top-level elements are absent from a resource are
 * skipped, because a resource has values for only a few of them.
 */
export interface IndexPlan {
  readonly tokens: readonly IndexedElements<AnyTokenIndex>[];
  readonly references: readonly IndexedElements<ElementPaths>[];
  readonly uris: readonly IndexedElements<ElementPaths>[];
  readonly strings: readonly IndexedElements<ElementPaths>[];
  readonly quantities: readonly IndexedElements<ElementPaths>[];
  readonly repeating: readonly IndexedElements<ElementPaths>[];
  readonly groups: readonly IndexedElements<ElementGroupIndex>[];
  /** Every date parameter has a slot, whether or not the resource has a value. */
  readonly dates: readonly ElementPaths[];
  readonly sort: ElementPaths;
}

const cachedPlans = new Map<string, IndexPlan>();

/**
 * Returns the cached index plan of a type.
 * @throws Error for a type that isn't stored, which is a programming error
 */
export function getIndexPlan(type: string): IndexPlan {
  const cached = cachedPlans.get(type);
  if (cached !== undefined) return cached;
  const plan = buildIndexPlan(getIndexedType(type));
  cachedPlans.set(type, plan);
  return plan;
}

function buildIndexPlan(type: IndexedType): IndexPlan {
  const byPaths = (table: Readonly<Record<string, ElementPaths>>): readonly IndexedElements<ElementPaths>[] =>
    Object.entries(table).map(([name, paths]) => ({ name, definition: paths, rootElements: paths.map(rootElement) }));
  return {
    tokens: Object.entries(type.tokens).map(([name, index]) => ({
      name,
      definition: index,
      rootElements: rootElements(index),
    })),
    references: byPaths(type.references),
    uris: byPaths(type.uris),
    strings: byPaths(type.strings),
    quantities: byPaths(type.quantities),
    repeating: byPaths(Object.fromEntries(type.repeating.map((name) => [name, type.dates[name] ?? []]))),
    groups: Object.entries(type.groups).map(([name, group]) => ({
      name,
      definition: group,
      rootElements: [rootElement(group.group)],
    })),
    dates: Object.values(type.dates),
    sort: type.sort,
  };
}

/** Code pairs and `deceased` have a value even if none of their elements is present. */
function rootElements(index: AnyTokenIndex): readonly string[] | undefined {
  if ('pair' in index || isDeceasedIndex(index)) return undefined;
  if ('typesOf' in index) return [rootElement(index.typesOf)];
  if ('identifiers' in index) return index.identifiers.map(rootElement);
  return ('referred' in index ? index.referred : index.paths).map(rootElement);
}

/** FHIR R4 Patient, search parameter deceased: a date means true as well. */
export const isDeceasedIndex = (index: AnyTokenIndex): boolean => 'paths' in index && index.paths[0] === 'deceased';

/** Restricts the plan to the parameters that can have a value in this resource. */
export function restrictToPresent(resource: Resource, plan: IndexPlan): IndexPlan {
  const isPresent = ({ rootElements }: IndexedElements<unknown>): boolean =>
    rootElements === undefined || rootElements.some((head) => resource[head] !== undefined);
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
