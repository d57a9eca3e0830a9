import { covers, parseScopes, resourceScopes, type Scope } from './scope.ts';

/** Maximum number of characters of a scope list: enough to name every resource type twice. */
export const MAX_SCOPE_LENGTH = 3000;
export const MAX_GRANULAR_SCOPES = 40;
/**
 * Maximum number of scopes that one authorization can have. The limit exists because every request of the app checks
 * all of these scopes.
 */
export const MAX_GRANTED_SCOPES = 400;

/**
 * Checks the length of a requested scope list. Returns an error message for the app's developer, or undefined if the
 * list is short enough.
 */
export const checkRequestedScopeLength = (text: string): string | undefined =>
  text.length > MAX_SCOPE_LENGTH ? `The scopes together can have at most ${MAX_SCOPE_LENGTH} characters.` : undefined;

/**
 * Checks a scope list that an app registers. Besides its length, the number of granular scopes is limited, because each
 * registered scope may be intersected with each requested scope. Returns an error message for the developer, or
 * undefined if the list is accepted.
 */
export function checkRegisteredScopes(text: string): string | undefined {
  if (granularScopes(parseScopes(text).scopes).length <= MAX_GRANULAR_SCOPES) return checkRequestedScopeLength(text);
  return `An app can register at most ${MAX_GRANULAR_SCOPES} granular scopes. Combine several values in one scope: ?category=a,b.`;
}

/**
 * Checks how large the intersection of requested and registered granular scopes could become, before it is computed:
 * two short lists can give a very long one. Returns an error message for the developer, or undefined if the result is
 * small enough.
 */
export function checkScopeIntersectionSize(requested: string, registered: string): string | undefined {
  const registeredGranular = granularScopes(parseScopes(registered).scopes);
  if (registeredGranular.length === 0) return undefined;
  const narrowed = granularScopes(parseScopes(requested).scopes).filter(
    (scope) => !registeredGranular.some((other) => covers(other, scope)),
  );
  return narrowed.length * registeredGranular.length > MAX_GRANTED_SCOPES ? TOO_MANY_SCOPES : undefined;
}

/**
 * Checks the number of scopes that would be granted. Returns an error message for the developer, or undefined if there
 * aren't too many.
 */
export const checkGrantedScopeCount = (scopes: readonly Scope[]): string | undefined =>
  scopes.length > MAX_GRANTED_SCOPES ? TOO_MANY_SCOPES : undefined;

const TOO_MANY_SCOPES = `Combined with the registered scopes, these scopes result in more than ${MAX_GRANTED_SCOPES} scopes. Request fewer granular scopes, or the registered ones.`;

const granularScopes = (scopes: readonly Scope[]) => resourceScopes(scopes).filter(({ query }) => query !== '');
