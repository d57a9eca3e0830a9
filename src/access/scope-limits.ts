import { covers, parseScopes, resourceScopes, type Scope } from './scope.ts';

/** Characters in a scope list. This is enough to name every resource type twice. */
export const MAX_SCOPE_LENGTH = 3000;
export const MAX_GRANULAR_SCOPES = 40;
/** Scopes that one authorization can hold. Every request checks each of them. */
export const MAX_GRANTED_SCOPES = 400;

/** Checks the length of a requested scope list. Returns an error message for the app's developer, or undefined. */
export const checkRequestedScopeLength = (text: string): string | undefined =>
  text.length > MAX_SCOPE_LENGTH ? `Scopes have at most ${MAX_SCOPE_LENGTH} characters together.` : undefined;

/**
 * Checks a scope list for registration. Besides its length, the number of granular scopes is limited, because each one
 * may be intersected with each requested scope. Returns an error message for the developer, or undefined.
 */
export function checkRegisteredScopes(text: string): string | undefined {
  if (granularScopes(parseScopes(text).scopes).length <= MAX_GRANULAR_SCOPES) return checkRequestedScopeLength(text);
  return `An app registers at most ${MAX_GRANULAR_SCOPES} granular scopes. Name several values in one: ?category=a,b.`;
}

/**
 * Checks, before computing it, how large the intersection of requested and registered granular scopes could become: two
 * short lists can yield a very long one. Returns an error message for the developer, or undefined.
 */
export function checkScopeIntersectionSize(requested: string, registered: string): string | undefined {
  const registeredGranular = granularScopes(parseScopes(registered).scopes);
  if (registeredGranular.length === 0) return undefined;
  const narrowed = granularScopes(parseScopes(requested).scopes).filter(
    (scope) => !registeredGranular.some((other) => covers(other, scope)),
  );
  return narrowed.length * registeredGranular.length > MAX_GRANTED_SCOPES ? TOO_MANY_SCOPES : undefined;
}

/** Checks the number of scopes to grant. Returns an error message for the developer, or undefined. */
export const checkGrantedScopeCount = (scopes: readonly Scope[]): string | undefined =>
  scopes.length > MAX_GRANTED_SCOPES ? TOO_MANY_SCOPES : undefined;

const TOO_MANY_SCOPES = `These scopes come to more than ${MAX_GRANTED_SCOPES}, as they meet with those that are registered. Ask for fewer granular ones, or for those that are registered.`;

const granularScopes = (scopes: readonly Scope[]) => resourceScopes(scopes).filter(({ query }) => query !== '');
