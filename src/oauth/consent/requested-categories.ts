import { type ResourceScope, resourceScopes, type Scope } from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { scopedTypes } from '../scopes/grantable-scopes.ts';
import { ACCOMPANIED_CATEGORIES, DATA_CATEGORIES, type DataCategory } from '../scopes/resource-categories.ts';

/** A data category and the requested scopes that cover it. */
export type RequestedCategory = readonly [type: DataCategory, about: readonly ResourceScope[]];

/**
 * The requested categories that have a consent item of their own, in the order of the page. A category that accompanies
 * others, such as Medication, has one only if none of those is requested.
 */
export function findRequestedCategories(scopes: readonly Scope[], types: ServedTypes): readonly RequestedCategory[] {
  const found = findAllRequested(scopes, types);
  return found.filter(([type]) => findAccompanied(type, found).length === 0);
}

/**
 * Accompanying categories that must be denied because only a part of each category they accompany is requested. They
 * would reveal the rest of it, which the consent page doesn't mention.
 */
export function findUndisclosedCategories(scopes: readonly Scope[], types: ServedTypes): readonly DataCategory[] {
  const found = findAllRequested(scopes, types);
  return found.flatMap(([type]) => {
    const hosts = findAccompanied(type, found);
    const isSaid = hosts.length === 0 || hosts.some(([, about]) => about.some(({ query }) => query === ''));
    return isSaid ? [] : [type];
  });
}

const findAccompanied = (type: DataCategory, found: readonly RequestedCategory[]): readonly RequestedCategory[] =>
  found.filter(([other]) => ACCOMPANIED_CATEGORIES[type]?.includes(other) === true);

function findAllRequested(scopes: readonly Scope[], types: ServedTypes): readonly RequestedCategory[] {
  const all = resourceScopes(scopes);
  return DATA_CATEGORIES.flatMap((type): readonly RequestedCategory[] => {
    const about = all.filter((scope) => scopedTypes([scope], types).has(type));
    return about.length === 0 ? [] : [[type, about]];
  });
}
