import { type ResourceScope, resourceScopes, type Scope } from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { typesOf } from '../scopes.ts';
import { ALL_KINDS, GOES_WITH, type KindName } from './categories.ts';

/** A data category and the requested scopes that cover it. */
export type AskedKind = readonly [type: KindName, about: readonly ResourceScope[]];

/**
 * The requested categories that have a consent item of their own, in the order of the page. A category that accompanies
 * others, such as Medication, has one only if none of those is requested.
 */
export function askedKinds(scopes: readonly Scope[], types: ServedTypes): readonly AskedKind[] {
  const found = allAsked(scopes, types);
  return found.filter(([type]) => hostsOf(type, found).length === 0);
}

/**
 * Accompanying categories that must be denied because only a part of each category they accompany is requested. They
 * would reveal the rest of it, which the consent page doesn't mention.
 */
export function unsaidKinds(scopes: readonly Scope[], types: ServedTypes): readonly KindName[] {
  const found = allAsked(scopes, types);
  return found.flatMap(([type]) => {
    const hosts = hostsOf(type, found);
    const isSaid = hosts.length === 0 || hosts.some(([, about]) => about.some(({ query }) => query === ''));
    return isSaid ? [] : [type];
  });
}

const hostsOf = (type: KindName, found: readonly AskedKind[]): readonly AskedKind[] =>
  found.filter(([other]) => GOES_WITH[type]?.includes(other) === true);

function allAsked(scopes: readonly Scope[], types: ServedTypes): readonly AskedKind[] {
  const all = resourceScopes(scopes);
  return ALL_KINDS.flatMap((type): readonly AskedKind[] => {
    const about = all.filter((scope) => typesOf([scope], types).has(type));
    return about.length === 0 ? [] : [[type, about]];
  });
}
