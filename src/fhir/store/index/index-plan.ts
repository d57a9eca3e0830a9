import type { Resource } from '../../model/fhir-version.ts';
import type { ElementGroupIndex } from './element-groups.ts';
import { rootElement } from './elements.ts';
import { type AnyTokenIndex, getIndexedType, type IndexedType } from './index-definitions.ts';

/**
 * One search index with the top-level elements from which its values come. If `rootElements` is undefined, every
 * resource is examined for values.
 */
interface IndexedElements<Of> {
  readonly name: string;
  readonly definition: Of;
  readonly rootElements: readonly string[] | undefined;
}
type ElementPaths = readonly string[];

/**
 * The search indexes of a type, prepared for indexing resources. A resource has values for only a few of them, so
 * indexes whose top-level elements are absent from a resource are skipped.
 */
export interface IndexPlan {
  readonly tokens: readonly IndexedElements<AnyTokenIndex>[];
  readonly references: readonly IndexedElements<ElementPaths>[];
  readonly uris: readonly IndexedElements<ElementPaths>[];
  readonly strings: readonly IndexedElements<ElementPaths>[];
  readonly quantities: readonly IndexedElements<ElementPaths>[];
  readonly repeating: readonly IndexedElements<ElementPaths>[];
  readonly groups: readonly IndexedElements<ElementGroupIndex>[];
  /**
   * Element paths of all date parameters, in the order of the column `dates`. None is skipped, because each parameter
   * has its fixed place in the column.
   */
  readonly dates: readonly ElementPaths[];
  readonly sort: ElementPaths;
}

const cachedPlans = new Map<string, IndexPlan>();

/**
 * Returns the index plan of an R4 type. Plans are cached.
 * @throws Error if the server doesn't store the type, which is a programming error
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

/**
 * Returns the top-level elements from which the values of an index come. Undefined for the index `deceased` and for
 * pairs of codes, which have a value even if the elements are absent.
 */
function rootElements(index: AnyTokenIndex): readonly string[] | undefined {
  if ('pair' in index || isDeceasedIndex(index)) return undefined;
  if ('typesOf' in index) return [rootElement(index.typesOf)];
  if ('identifiers' in index) return index.identifiers.map(rootElement);
  return ('referred' in index ? index.referred : index.paths).map(rootElement);
}

/** True for the index of the Patient parameter `deceased`. A date of death counts as `true` there (FHIR R4 Patient). */
export const isDeceasedIndex = (index: AnyTokenIndex): boolean => 'paths' in index && index.paths[0] === 'deceased';

/** Returns the plan without the indexes for which the resource can't have values. */
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
