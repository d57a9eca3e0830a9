import { parseScopes, resourceScopes } from './scope.ts';

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
