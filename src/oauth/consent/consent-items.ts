import { parseGranularQuery, type ResourceScope, type Scope } from '../../access/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import type { ServedTypes } from '../ports.ts';
import {
  categoryKey,
  categoryKeys,
  type DataCategory,
  findCategoryKey,
  RESOURCE_CATEGORIES,
} from '../scopes/resource-categories.ts';
import { type CategoryGroup, groupByCategory, hasGroupSwitch } from './category-groups.ts';
import type { PreviousConsentChoices } from './grant-store.ts';
import { findRequestedCategories, type RequestedCategory } from './requested-categories.ts';

export interface ConsentItem {
  /**
   * Value of the checkbox in the form: a resource type (`Immunization`), a category of a type
   * (`Condition:problem-list-item`), or the key of a security label.
   */
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly checked: boolean;
  /** Whether the item is always granted together with any other item. The person then can't uncheck it. */
  readonly required: boolean;
  /**
   * Whether the item was missing from the previous consent page for this person, app and record. False if there was no
   * such page.
   */
  readonly isNew: boolean;
  /**
   * Whether the page has several items for parts of the item's resource type. An entry that belongs to more than one of
   * them is shared if any of them is checked.
   */
  readonly mayOverlap: boolean;
}

/** Consent items about one subject, such as medications. The person can allow or deny all of them with one switch. */
export interface ConsentItemGroup {
  readonly name: CategoryGroup;
  readonly heading: string;
  /** Whether the switch of the group is on. If it is off, nothing of the group is shared, whatever its items say. */
  readonly on: boolean;
  readonly items: readonly ConsentItem[];
  /** Headings of other groups of the page that can contain some of the same entries. */
  readonly overlaps: readonly string[];
}

/** The Patient resource identifies the person whom the data is about, so it is always granted if it is requested. */
export const REQUIRED_TYPE = 'Patient';

/** A consent item as the request determines it, without its label and without the person's choice. */
export interface ConsentItemDefinition {
  readonly type: DataCategory;
  readonly key: string;
  /**
   * Category of the resource type that the item covers. Undefined if the item covers the whole type, or a part that the
   * app requests by another search parameter than `category`.
   */
  readonly category: string | undefined;
  /**
   * Whether the item covers a part of the resource type that has no name of its own, such as the resources with a
   * certain `?code=…`.
   */
  readonly coversUnnamedData: boolean;
  /** Keys of the types or categories that are denied when the person unchecks the item. */
  readonly denialKeys: readonly string[];
}

/** How much of a resource type the app requests. */
interface RequestedExtent {
  readonly whole: boolean;
  /** Keys of the categories that the app requests by name. */
  readonly categories: ReadonlySet<string>;
  /**
   * Whether the app requests a part of the type that isn't a known category: by another search parameter, or by an
   * unknown value of `category`.
   */
  readonly hasOtherData: boolean;
}

/** Builds the consent items for the requested data categories, in the order of the page. */
export const buildConsentItems = (requested: readonly RequestedCategory[]): readonly ConsentItemDefinition[] =>
  requested.flatMap(([type, about]) => buildTypeItems(type, getRequestedExtent(type, about)));

/** The person's previous choices, which decide what is checked at first. */
type PreviousItemChoices = Pick<PreviousConsentChoices, 'declinedKeys' | 'itemKeys'>;

/** Groups the consent items for the page, with what is switched on and checked at first. */
export function groupConsentItems(
  definitions: readonly ConsentItemDefinition[],
  previous: PreviousItemChoices,
  language: Language,
): readonly ConsentItemGroup[] {
  const { groups: headings } = getMessages(language).dataCategories;
  const byType = Map.groupBy(definitions, ({ type }) => type);
  const isInParts = ({ type }: ConsentItemDefinition): boolean => (byType.get(type)?.length ?? 0) > 1;
  const groups = groupByCategory(definitions);
  return groups.map(([name, own]) => {
    const items = own.map((definition) => ({
      ...toConsentItem(definition, previous, language),
      mayOverlap: isInParts(definition),
    }));
    const others = groups.filter(
      ([other, theirs]) => other !== name && theirs.some(({ type }) => own.some((one) => one.type === type)),
    );
    return {
      name,
      heading: headings[name],
      ...startGroup(items),
      overlaps: others.map(([other]) => headings[other]),
    };
  });
}

/**
 * Returns how a group starts. It is on if the person allowed any of its items the last time. If none of them was on the
 * last page, it is on unless the person declined all of them on an earlier page. In a group that is off, all items are
 * checked, so that its switch alone turns all of it on.
 */
function startGroup(items: readonly ConsentItem[]): Pick<ConsentItemGroup, 'on' | 'items'> {
  const isNew = items.every((item) => item.isNew);
  const on = items.some((item) => item.checked && (isNew || !item.isNew));
  return { on, items: on || !hasGroupSwitch(items) ? items : items.map((item) => ({ ...item, checked: true })) };
}

function toConsentItem(
  definition: ConsentItemDefinition,
  { declinedKeys, itemKeys }: PreviousItemChoices,
  language: Language,
): Omit<ConsentItem, 'mayOverlap'> {
  const { type, key, denialKeys } = definition;
  const required = type === REQUIRED_TYPE;
  return {
    key,
    ...getItemText(definition, language),
    required,
    checked: required || ![type, ...denialKeys].some((denied) => declinedKeys.includes(denied)),
    isNew: itemKeys.length > 0 && !itemKeys.includes(key),
  };
}

/** Returns the label and detail of a consent item. */
export function getItemText(
  { type, category, coversUnnamedData }: ConsentItemDefinition,
  language: Language,
): Pick<ConsentItem, 'label' | 'detail'> {
  const { dataCategories } = getMessages(language);
  const whole = dataCategories.types[type];
  if (coversUnnamedData)
    return { label: dataCategories.partialLabel(whole.label), detail: dataCategories.partialDetail };
  const parts: Readonly<Record<string, Readonly<Record<string, typeof whole>>>> = dataCategories.parts;
  return (category === undefined ? undefined : parts[type]?.[category]) ?? whole;
}

function buildTypeItems(type: DataCategory, requested: RequestedExtent): readonly ConsentItemDefinition[] {
  const whole = { type, key: type, category: undefined, coversUnnamedData: false };
  const categories = Object.keys(RESOURCE_CATEGORIES[type] ?? {}).map((category): ConsentItemDefinition => {
    const key = categoryKey(type, category);
    return { type, key, category, coversUnnamedData: false, denialKeys: [key] };
  });
  if (categories.length === 0) return [{ ...whole, coversUnnamedData: !requested.whole, denialKeys: [type] }];
  const own = categories.filter(({ key }) => requested.whole || requested.categories.has(key));
  const others = categoryKeys(type).filter((key) => !own.some((item) => item.key === key));
  // A part of the type that the app requests by other parameters (`?code=…`, `?status=…`) gets an item with a general
  // name.
  return requested.hasOtherData && others.length > 0
    ? [...own, { ...whole, coversUnnamedData: true, denialKeys: others }]
    : own;
}

function getRequestedExtent(type: string, scopes: readonly ResourceScope[]): RequestedExtent {
  const parts = scopes.filter(({ query }) => query !== '').map((scope) => parseRequestedCategories(type, scope));
  return {
    whole: scopes.some(({ query }) => query === ''),
    categories: new Set(parts.flatMap((keys) => keys ?? [])),
    hasOtherData: parts.includes(undefined),
  };
}

/**
 * Returns the keys of the categories that a granular scope is limited to. Undefined if the scope has any other
 * condition.
 */
function parseRequestedCategories(type: string, scope: ResourceScope): readonly string[] | undefined {
  const [only, ...others] = parseGranularQuery(scope.query);
  if (only?.name !== 'category' || others.length > 0) return undefined;
  const keys = only.values.map((value) => findCategoryKey(type, value));
  return keys.some((key) => key === undefined || key === 'several') ? undefined : (keys as readonly string[]);
}

/**
 * Returns short labels of the data that the given scopes give access to. If all categories of a type are included, the
 * type is listed under its own name.
 */
export function listSharedData(scopes: readonly Scope[], types: ServedTypes, language: Language): readonly string[] {
  const { dataCategories } = getMessages(language);
  const items = buildConsentItems(findRequestedCategories(scopes, types));
  return [...Map.groupBy(items, ({ type }) => type)].flatMap(([type, own]) => {
    const all = categoryKeys(type);
    const isWhole = all.length > 0 && all.every((key) => own.some((item) => item.key === key));
    return isWhole ? [dataCategories.types[type].label] : own.map((item) => getItemText(item, language).label);
  });
}
