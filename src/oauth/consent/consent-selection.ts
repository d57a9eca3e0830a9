import type { Scope } from '../../access/index.ts';
import type { ServedTypes } from '../ports.ts';
import { removeDeniedScopes } from '../scopes/denied-scopes.ts';
import { categoryKeys, RESOURCE_CATEGORIES } from '../scopes/resource-categories.ts';
import { type ConsentItemDefinition, REQUIRED_TYPE } from './consent-items.ts';
import type { ConsentOffer } from './consent-offer.ts';

export interface ConsentSelection {
  /** Keys of the consent items that the person checked. */
  readonly allowed: readonly string[];
  readonly offline: boolean;
}

export interface ConsentedScopes {
  readonly scopes: readonly Scope[];
  /**
   * Keys of the types and categories that the page let the person decide about. Other keys stay denied if the person
   * denied them earlier.
   */
  readonly decidedKeys: readonly string[];
  readonly denied: readonly string[];
}

/**
 * Removes what the person didn't check from the offered scopes. Returns undefined if no data is left. The result never
 * contains more than was offered, because only keys of offered items count.
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
  // A resource type is denied as a whole if all its categories are denied. As soon as one category is allowed, the
  // whole type is no longer denied.
  const inParts = Object.keys(RESOURCE_CATEGORIES);
  const whollyDenied = inParts.filter((type) => categoryKeys(type).every((key) => declined.includes(key)));
  const partlyAllowed = inParts.filter((type) => categoryKeys(type).some((key) => allowed.includes(key)));
  const denied = [...declined, ...whollyDenied, ...undisclosedCategories];
  const consented = removeDeniedScopes(scopes, denied, types).filter(
    (scope) => selection.offline || scope.kind !== 'named' || scope.name !== 'offline_access',
  );
  return { scopes: consented, decidedKeys: [...allowed, ...partlyAllowed, ...denied], denied };
}
