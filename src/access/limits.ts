import { parseScopes, resourceScopes, type Scope } from './scope.ts';

/** Characters of a scope list: more than every type, twice. */
const LONGEST = 3000;
const MOST_GRANULAR = 40;

/** Why a scope list is too much to ask for, in words for the app's developer; undefined when it is not. */
export const tooMuchToAsk = (text: string): string | undefined =>
  text.length > LONGEST ? `Scopes have at most ${LONGEST} characters together.` : undefined;

/** As for asking; and each granular scope that is registered is met with each that is asked for. */
export function tooMuchToRegister(text: string): string | undefined {
  const granular = resourceScopes(parseScopes(text).scopes).filter(({ query }) => query !== '').length;
  if (granular <= MOST_GRANULAR) return tooMuchToAsk(text);
  return `An app registers at most ${MOST_GRANULAR} granular scopes. Name several values in one: ?category=a,b.`;
}

/** Scopes that can be granted together: each is held against each request that uses them. */
export const MOST_GRANTED = 400;

/** Scopes that are few by themselves can meet in very many. */
export const tooManyToGrant = (scopes: readonly Scope[]): string | undefined =>
  scopes.length > MOST_GRANTED
    ? `These scopes come to more than ${MOST_GRANTED}, as they meet with those that are registered. Ask for fewer granular ones.`
    : undefined;
