import { parseScopes, resourceScopes } from './scope.ts';

/** Characters of a scope list: more than every type, twice. */
const LONGEST = 3000;
/** Granular scopes of a list: each that is asked for is met with each that is registered. */
const MOST_GRANULAR = 40;

/** Why a scope list is too much to work on; undefined when it is not. The text tells its developer. */
export function tooMuchScope(text: string): string | undefined {
  if (text.length > LONGEST) return `Scopes have at most ${LONGEST} characters together.`;
  const granular = resourceScopes(parseScopes(text).scopes).filter(({ query }) => query !== '').length;
  if (granular <= MOST_GRANULAR) return undefined;
  return `At most ${MOST_GRANULAR} granular scopes are taken, with a part after the question mark. Name several values in one: ?category=a,b.`;
}
