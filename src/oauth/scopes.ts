import {
  intersect,
  type NamedScopeName,
  parseScopes,
  resourceScopes,
  type Scope,
  withoutTypes,
} from '../access/index.ts';
import type { ServedTypes } from './ports.ts';

/** What this server can do, beyond resource scopes. */
export const NAMED_SCOPES: readonly NamedScopeName[] = [
  'openid',
  'fhirUser',
  'launch/patient',
  'offline_access',
  'online_access',
];

/**
 * What may be granted of what was asked: what the app registered and this server can serve. The rest is left out, never
 * a refusal. Without a `scope` it is all that the app registered.
 */
export function grantable(asked: string | undefined, registered: string, types: ServedTypes): readonly Scope[] {
  const held = parseScopes(registered).scopes;
  const wanted = asked === undefined ? held : intersect(parseScopes(asked).scopes, held);
  return wanted.filter((scope) => canServe(scope, types));
}

/** Reading is all there is: a scope is kept if it allows reading or searching a type that is served. */
function canServe(scope: Scope, types: ServedTypes): boolean {
  if (scope.kind === 'named') return NAMED_SCOPES.includes(scope.name);
  if (scope.context !== 'patient' || !/[rs]/.test(scope.permissions)) return false;
  return scope.type === '*' || types.names.includes(canonicalType(scope.type, types));
}

export const canonicalType = (type: string, types: ServedTypes): string => types.aliases[type] ?? type;

/** The R4 names of the types that the scopes are about. */
export function typesOf(scopes: readonly Scope[], types: ServedTypes): ReadonlySet<string> {
  return new Set(
    resourceScopes(scopes).flatMap((scope) => (scope.type === '*' ? types.names : [canonicalType(scope.type, types)])),
  );
}

/** The scopes without the denied types, under whatever name of theirs. */
export function withoutDenied(
  scopes: readonly Scope[],
  denied: readonly string[],
  types: ServedTypes,
): readonly Scope[] {
  const aliases = Object.entries(types.aliases).filter(([, name]) => denied.includes(name));
  return withoutTypes(scopes, [...denied, ...aliases.map(([alias]) => alias)], types.names);
}
