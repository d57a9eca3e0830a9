import { parseScopes, type Scope } from '../../access/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { ServedTypes } from '../ports.ts';
import { categoryKeys, DATA_CATEGORIES } from '../scopes/resource-categories.ts';
import { groupByCategory } from './category-groups.ts';
import { buildConsentItems, type ConsentItemDefinition, getItemText, REQUIRED_TYPE } from './consent-items.ts';
import { findRequestedCategories, type RequestedCategory } from './requested-categories.ts';

/** Data of one group of the consent page. */
export interface DataGroup {
  readonly heading: string;
  /** Labels of the data, as the consent page names it. They say so if only a part of the data is meant. */
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
  const { groups, partialLabel } = getMessages(language).dataCategories;
  const toGroups = (items: readonly ConsentItemDefinition[], others: readonly ConsentItemDefinition[]) => {
    const otherParts = others.flatMap(listParts);
    const otherKeys = new Set(otherParts.map(({ key }) => key));
    const otherGroups = new Set(groupByCategory(otherParts).map(([name]) => name));
    return groupByCategory(items).map(
      ([name, own]): DataGroup => ({
        heading: groups[name],
        labels: own.map((item) => {
          const { label } = getItemText(item, language);
          return otherKeys.has(item.key) ? partialLabel(label) : label;
        }),
        isWhole: !otherGroups.has(name) && !own.some(({ coversUnnamedData }) => coversUnnamedData),
      }),
    );
  };
  return { shared: toGroups(shared, notShared), notShared: toGroups(notShared, shared) };
}

/**
 * Returns the item and the categories that it may contain entries of. An item without a name of its own, such as the
 * resources with a certain `?code=…`, can have entries of any category of its type that has no item.
 */
const listParts = ({
  type,
  key,
  coversUnnamedData,
  denialKeys,
}: ConsentItemDefinition): readonly Pick<ConsentItemDefinition, 'type' | 'key'>[] =>
  (coversUnnamedData ? [key, ...denialKeys] : [key]).map((part) => ({ type, key: part }));
