import { type ResourceScope, resourceScopes, type Scope } from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { typesOf } from '../scopes.ts';
import { ALL_KINDS, GOES_WITH, type KindName } from './categories.ts';

/** A kind of data, and the scopes that are about it. */
export type AskedKind = readonly [type: KindName, about: readonly ResourceScope[]];

/** The kinds that have lines, in the order of the page. What goes with other kinds has one where none of these is asked for. */
export function askedKinds(scopes: readonly Scope[], types: ServedTypes): readonly AskedKind[] {
  const found = allAsked(scopes, types);
  return found.filter(([type]) => hostsOf(type, found).length === 0);
}

/**
 * What goes with kinds of which only certain entries are asked for: it would tell of the others too, and the lines do not say
 * so.
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
