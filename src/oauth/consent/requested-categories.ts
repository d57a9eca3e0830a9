import { type ResourceScope, resourceScopes, type Scope } from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { scopedTypes } from '../scopes/grantable-scopes.ts';
import { ACCOMPANIED_CATEGORIES, DATA_CATEGORIES, type DataCategory } from '../scopes/resource-categories.ts';

/** A data category and the requested scopes that cover it. */
export type RequestedCategory = readonly [type: DataCategory, about: readonly ResourceScope[]];

export interface RequestedData {
  /**
   * The categories that have a consent item of their own, in the order of the page. Medication only accompanies other
   * types, such as MedicationRequest. It has an item only if none of those types is requested.
   */
  readonly categories: readonly RequestedCategory[];
  /**
   * Accompanying categories, such as Medication, that must be denied because the app requests only a part of each type
   * that they accompany. They would reveal the other part, which the consent page doesn't mention.
   */
  readonly undisclosedCategories: readonly DataCategory[];
  /** R4 names of all resource types that the scopes request. */
  readonly types: ReadonlySet<string>;
}

export function findRequestedData(scopes: readonly Scope[], types: ServedTypes): RequestedData {
  const covered = resourceScopes(scopes).map((scope) => ({ scope, types: scopedTypes([scope], types) }));
  const found = DATA_CATEGORIES.flatMap((type): readonly RequestedCategory[] => {
    const about = covered.filter((each) => each.types.has(type)).map(({ scope }) => scope);
    return about.length === 0 ? [] : [[type, about]];
  });
  return {
    categories: found.filter(([type]) => findAccompanied(type, found).length === 0),
    undisclosedCategories: found.map(([type]) => type).filter((type) => isUndisclosed(type, found)),
    types: new Set(covered.flatMap((each) => [...each.types])),
  };
}

/**
 * Returns the requested categories that have a consent item of their own, in the order of the consent page, each with
 * the requested scopes that cover it.
 */
export const findRequestedCategories = (scopes: readonly Scope[], types: ServedTypes): readonly RequestedCategory[] =>
  findRequestedData(scopes, types).categories;

function isUndisclosed(type: DataCategory, categories: readonly RequestedCategory[]): boolean {
  const hosts = findAccompanied(type, categories);
  return hosts.length > 0 && !hosts.some(([, about]) => about.some(({ query }) => query === ''));
}

const findAccompanied = (type: DataCategory, categories: readonly RequestedCategory[]): readonly RequestedCategory[] =>
  categories.filter(([other]) => ACCOMPANIED_CATEGORIES[type]?.includes(other) === true);
