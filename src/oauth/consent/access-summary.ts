import { parseScopes, type Scope } from '../../access/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { ServedTypes } from '../ports.ts';
import { categoryKeys, DATA_CATEGORIES, type DataCategory } from '../scopes/resource-categories.ts';
import { groupByCategory } from './category-groups.ts';
import { buildConsentItems, type ConsentItemDefinition, getItemText, REQUIRED_TYPE } from './consent-items.ts';
import { findRequestedCategories, type RequestedCategory } from './requested-categories.ts';

/** Data of one group of the consent page. */
export interface DataGroup {
  readonly heading: string;
  /** Labels of the data, as the consent page names it. */
  readonly labels: readonly string[];
  /** Whether it is all data of the group that this server has. */
  readonly isWhole: boolean;
}

/** The data that is shared and the data that isn't, in the groups and words of the consent page. */
export interface AccessSummary {
  readonly shared: readonly DataGroup[];
  readonly notShared: readonly DataGroup[];
}

/** Summarizes which data of a record an app with these scopes can read, and which it can't. */
export function summarizeAccess(scopes: readonly Scope[], types: ServedTypes, language: Language): AccessSummary {
  const all = buildConsentItems(allCategories(types));
  const shared = buildConsentItems(findRequestedCategories(scopes, types));
  const sharedKeys = new Set(shared.map(({ key }) => key));
  return summarize(
    shared,
    all.filter(({ key }) => !sharedKeys.has(key)),
    language,
  );
}

/**
 * Summarizes the choices of one consent page.
 * @param choices keys of the items on the page, and keys of the types and categories that the person declined
 */
export function summarizeChoices(
  { itemKeys, declinedKeys }: { readonly itemKeys: readonly string[]; readonly declinedKeys: readonly string[] },
  language: Language,
): AccessSummary {
  const declined = new Set(declinedKeys);
  const items = itemKeys.map(toDefinition).filter((item) => item !== undefined);
  const isShared = ({ type, denialKeys }: ConsentItemDefinition): boolean =>
    type === REQUIRED_TYPE || ![type, ...denialKeys].some((key) => declined.has(key));
  return summarize(
    items.filter(isShared),
    items.filter((item) => !isShared(item)),
    language,
  );
}

/** Returns the item with a stored key. Undefined if it is the key of a security label or of an earlier release. */
function toDefinition(key: string, _: number, all: readonly string[]): ConsentItemDefinition | undefined {
  const [name = '', category] = key.split(':');
  const type = DATA_CATEGORIES.find((known) => known === name);
  if (type === undefined) return undefined;
  // An item for a part of a type that has no name of its own stands for the categories that have no item.
  const others = categoryKeys(type).filter((one) => !all.includes(one));
  const isUnnamed = category === undefined && categoryKeys(type).length > 0;
  return { type, key, category, coversUnnamedData: isUnnamed, denialKeys: isUnnamed ? others : [key] };
}

const allCategories = (types: ServedTypes): readonly RequestedCategory[] => findRequestedCategories(EVERYTHING, types);

const EVERYTHING = parseScopes('patient/*.rs').scopes;

function summarize(
  shared: readonly ConsentItemDefinition[],
  notShared: readonly ConsentItemDefinition[],
  language: Language,
): AccessSummary {
  const toGroups = (items: readonly ConsentItemDefinition[], others: readonly ConsentItemDefinition[]) => {
    const otherGroups = new Set(groupByCategory<{ type: DataCategory; key: string }>(others).map(([name]) => name));
    return groupByCategory(items).map(
      ([name, own]): DataGroup => ({
        heading: getMessages(language).dataCategories.groups[name],
        labels: own.map((item) => getItemText(item, language).label),
        isWhole: !otherGroups.has(name) && !own.some(({ coversUnnamedData }) => coversUnnamedData),
      }),
    );
  };
  return { shared: toGroups(shared, notShared), notShared: toGroups(notShared, shared) };
}
