import type { Scope } from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { removeDeniedScopes } from '../scopes/denied-scopes.ts';
import { categoryKeys, RESOURCE_CATEGORIES } from '../scopes/resource-categories.ts';
import { type ConsentItemDefinition, REQUIRED_TYPE } from './consent-items.ts';
import type { ConsentOffer } from './consent-offer.ts';

export interface ConsentSelection {
  /** Keys of the checked items. */
  readonly allowed: readonly string[];
  readonly offline: boolean;
}

export interface ConsentedScopes {
  readonly scopes: readonly Scope[];
  /** Keys that the page let the person decide about. Earlier denials of other keys stay. */
  readonly decidedKeys: readonly string[];
  readonly denied: readonly string[];
}

/**
 * Applies the person's selection to the offered scopes. Returns undefined when no data is left. It never adds access:
 * only keys of offered items count.
 */
export function applyConsentSelection(
  { scopes, items, undisclosedCategories }: Pick<ConsentOffer, 'scopes' | 'items' | 'undisclosedCategories'>,
  selection: ConsentSelection,
  types: ServedTypes,
): ConsentedScopes | undefined {
  const allows = ({ type, key }: ConsentItemDefinition): boolean =>
    type === REQUIRED_TYPE || selection.allowed.includes(key);
  if (items.length > 0 && !items.some(allows)) return undefined;
  const allowed = items.filter(allows).flatMap(({ denialKeys }) => denialKeys);
  const declined = items.filter((item) => !allows(item)).flatMap(({ denialKeys }) => denialKeys);
  // A type whose categories are all denied is denied as a whole. As soon as one of them is allowed, the whole type is
  // no longer denied.
  const inParts = Object.keys(RESOURCE_CATEGORIES);
  const whollyDenied = inParts.filter((type) => categoryKeys(type).every((key) => declined.includes(key)));
  const partlyAllowed = inParts.filter((type) => categoryKeys(type).some((key) => allowed.includes(key)));
  const denied = [...declined, ...whollyDenied, ...undisclosedCategories];
  const consented = removeDeniedScopes(scopes, denied, types).filter(
    (scope) => selection.offline || scope.kind !== 'named' || scope.name !== 'offline_access',
  );
  return { scopes: consented, decidedKeys: [...allowed, ...partlyAllowed, ...denied], denied };
}
