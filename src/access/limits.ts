import { covers, parseScopes, resourceScopes, type Scope } from './scope.ts';

/** Characters in a scope list. This is enough to name every resource type twice. */
export const LONGEST_SCOPES = 3000;
export const MOST_GRANULAR = 40;
/** Scopes that one authorization can hold. Every request checks each of them. */
export const MOST_GRANTED = 400;

/** Checks the length of a requested scope list. Returns an error message for the app's developer, or undefined. */
export const tooMuchToAsk = (text: string): string | undefined =>
  text.length > LONGEST_SCOPES ? `Scopes have at most ${LONGEST_SCOPES} characters together.` : undefined;

/**
 * Checks a scope list for registration. Besides its length, the number of granular scopes is limited, because each one
 * may be intersected with each requested scope. Returns an error message for the developer, or undefined.
 */
export function tooMuchToRegister(text: string): string | undefined {
  if (granular(parseScopes(text).scopes).length <= MOST_GRANULAR) return tooMuchToAsk(text);
  return `An app registers at most ${MOST_GRANULAR} granular scopes. Name several values in one: ?category=a,b.`;
}

/**
 * Checks, before computing it, how large the intersection of requested and registered granular scopes could become: two
 * short lists can yield a very long one. Returns an error message for the developer, or undefined.
 */
export function tooMuchToMeet(requested: string, registered: string): string | undefined {
  const registeredGranular = granular(parseScopes(registered).scopes);
  if (registeredGranular.length === 0) return undefined;
  const narrowed = granular(parseScopes(requested).scopes).filter(
    (scope) => !registeredGranular.some((other) => covers(other, scope)),
  );
  return narrowed.length * registeredGranular.length > MOST_GRANTED ? TOO_MANY : undefined;
}

/** Checks the number of scopes to grant. Returns an error message for the developer, or undefined. */
export const tooManyToGrant = (scopes: readonly Scope[]): string | undefined =>
  scopes.length > MOST_GRANTED ? TOO_MANY : undefined;

const TOO_MANY = `These scopes come to more than ${MOST_GRANTED}, as they meet with those that are registered. Ask for fewer granular ones, or for those that are registered.`;

const granular = (scopes: readonly Scope[]) => resourceScopes(scopes).filter(({ query }) => query !== '');
