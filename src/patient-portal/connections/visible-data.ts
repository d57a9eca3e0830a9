import { parseGranularQuery, type ResourceScope, type Scope } from '../../access/index.ts';
import type { Messages } from '../../i18n/index.ts';
import {
  type DataCategory,
  findCategoryKey,
  findRequestedCategories,
  type ServedTypes,
  SUPPORTING_TYPES,
  scopedTypes,
} from '../../oauth/index.ts';

/** A category of data that an app can read, as the consent page names it. */
export interface VisibleCategory {
  readonly label: string;
  /**
   * Labels of the parts of the category that the app can read, such as laboratory results. Empty if the app can read
   * the whole category, or only data for which the consent page has no label (`hasUnnamed`).
   */
  readonly parts: readonly string[];
  /**
   * Whether the app can read a part of the category for which the consent page has no label, such as observations with
   * a certain code.
   */
  readonly hasUnnamed: boolean;
}

export interface VisibleData {
  readonly categories: readonly VisibleCategory[];
  /** Whether the app can read supporting data, such as practitioners and locations. */
  readonly supporting: boolean;
}

/** Describes the data that an app with these scopes can read, in the order and words of the consent page. */
export function describeVisibleData(
  scopes: readonly Scope[],
  types: ServedTypes,
  { dataCategories }: Messages,
): VisibleData {
  const found = findRequestedCategories(scopes, types).map(([type, categoryScopes]) =>
    toVisibleCategory(type, categoryScopes, dataCategories),
  );
  const all = scopedTypes(scopes, types);
  return { categories: found, supporting: SUPPORTING_TYPES.some((type) => all.has(type)) };
}

function toVisibleCategory(
  type: DataCategory,
  scopes: readonly ResourceScope[],
  kinds: Messages['dataCategories'],
): VisibleCategory {
  const { label } = kinds.types[type];
  if (scopes.some(({ query }) => query === '')) return { label, parts: [], hasUnnamed: false };
  const named = (kinds.parts as CategoryPartLabels)[type] ?? {};
  const keys = scopes.map((scope) => categoryKeys(type, scope));
  const known = new Set(keys.flatMap((categoryScopes) => categoryScopes ?? []));
  const parts = Object.entries(named).filter(([name]) => known.has(`${type}:${name}`));
  return {
    label,
    parts: parts.map(([, part]) => part.label),
    hasUnnamed: keys.includes(undefined) || parts.length === 0,
  };
}

type CategoryPartLabels = Readonly<Record<string, Readonly<Record<string, { readonly label: string }>> | undefined>>;

/**
 * Returns the keys of the categories that a granular scope is limited to. undefined if the scope has a condition for
 * which there is no label.
 */
function categoryKeys(type: string, { query }: ResourceScope): readonly string[] | undefined {
  const [only, ...others] = parseGranularQuery(query);
  if (only?.name !== 'category' || others.length > 0) return undefined;
  const keys = only.values.map((value) => findCategoryKey(type, value));
  return keys.some((key) => key === undefined || key === 'several') ? undefined : (keys as readonly string[]);
}

/** Returns the labels of data categories by R4 resource type, for entries of the access log. */
export function categoryLabels({ dataCategories }: Messages): ReadonlyMap<string, string> {
  const types = Object.entries(dataCategories.types).map(([type, { label }]) => [type, label] as const);
  return new Map([...types, ...Object.entries(dataCategories.supporting)]);
}
