import { covers, parseScopes, resourceScopes, type Scope } from './scope.ts';

/** Characters of a scope list: more than every type, twice. */
export const LONGEST_SCOPES = 3000;
export const MOST_GRANULAR = 40;
/** Scopes that can be granted together: each is held against each request that uses them. */
export const MOST_GRANTED = 400;

/** Why a scope list is too much to ask for, in words for the app's developer; undefined when it is not. */
export const tooMuchToAsk = (text: string): string | undefined =>
  text.length > LONGEST_SCOPES ? `Scopes have at most ${LONGEST_SCOPES} characters together.` : undefined;

/** As for asking; and each granular scope that is registered may be met with each that is asked for. */
export function tooMuchToRegister(text: string): string | undefined {
  if (granular(parseScopes(text).scopes).length <= MOST_GRANULAR) return tooMuchToAsk(text);
  return `An app registers at most ${MOST_GRANULAR} granular scopes. Name several values in one: ?category=a,b.`;
}

/** Scopes that are few by themselves can meet in very many: that is found out before they do. */
export function tooMuchToMeet(asked: string, registered: string): string | undefined {
  const held = granular(parseScopes(registered).scopes);
  if (held.length === 0) return undefined;
  const narrowed = granular(parseScopes(asked).scopes).filter((scope) => !held.some((other) => covers(other, scope)));
  return narrowed.length * held.length > MOST_GRANTED ? TOO_MANY : undefined;
}

export const tooManyToGrant = (scopes: readonly Scope[]): string | undefined =>
  scopes.length > MOST_GRANTED ? TOO_MANY : undefined;

const TOO_MANY = `These scopes come to more than ${MOST_GRANTED}, as they meet with those that are registered. Ask for fewer granular ones, or for those that are registered.`;

const granular = (scopes: readonly Scope[]) => resourceScopes(scopes).filter(({ query }) => query !== '');
