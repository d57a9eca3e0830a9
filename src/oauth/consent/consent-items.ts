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
import { CATEGORY_GROUPS } from './category-groups.ts';
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
}

/**
 * Consent items under one heading: the categories of Condition or Observation or, if there are many items, all items of
 * one subject.
 */
export interface ConsentItemGroup {
  readonly heading: string | undefined;
  /**
   * Whether the group contains several categories of one resource type. A resource may belong to more than one of them.
   */
  readonly hasCategories: boolean;
  readonly items: readonly ConsentItem[];
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

/**
 * Maximum number of consent items that the consent page lists by resource type. If there are more, the page groups them
 * by subject.
 */
const MAX_UNGROUPED_ITEMS = 12;

/**
 * Groups the consent items for the page. The categories of one resource type are listed under the name of that type. If
 * there are more than `MAX_UNGROUPED_ITEMS`, all items are grouped by subject instead.
 */
export function groupConsentItems(
  definitions: readonly ConsentItemDefinition[],
  previous: PreviousItemChoices,
  language: Language,
): readonly ConsentItemGroup[] {
  const isLong = definitions.length > MAX_UNGROUPED_ITEMS;
  const groups = isLong ? groupBySubject(definitions, language) : groupByType(definitions, language);
  return groups.map(({ heading, definitions: own }) => ({
    heading,
    hasCategories: own.some(({ type, key }) => own.some((other) => other.type === type && other.key !== key)),
    items: own.map((definition) => toConsentItem(definition, previous, language)),
  }));
}

type ConsentItemDefinitionGroup = {
  readonly heading: string | undefined;
  readonly definitions: readonly ConsentItemDefinition[];
};

function groupByType(
  definitions: readonly ConsentItemDefinition[],
  language: Language,
): readonly ConsentItemDefinitionGroup[] {
  const byType = Map.groupBy(definitions, ({ type }) => type);
  const alone = [...byType.values()].filter((own) => own.length === 1).flat();
  return [
    ...(alone.length === 0 ? [] : [{ heading: undefined, definitions: alone }]),
    ...[...byType]
      .filter(([, own]) => own.length > 1)
      .map(([type, own]) => ({ heading: getMessages(language).dataCategories.types[type].label, definitions: own })),
  ];
}

const groupBySubject = (
  definitions: readonly ConsentItemDefinition[],
  language: Language,
): readonly ConsentItemDefinitionGroup[] =>
  CATEGORY_GROUPS.flatMap(([group, categories]) => {
    const own = categories.flatMap((category) => definitions.filter(({ type }) => type === category));
    return own.length === 0 ? [] : [{ heading: getMessages(language).dataCategories.groups[group], definitions: own }];
  });

function toConsentItem(
  definition: ConsentItemDefinition,
  { declinedKeys, itemKeys }: PreviousItemChoices,
  language: Language,
): ConsentItem {
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

function getItemText(
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
