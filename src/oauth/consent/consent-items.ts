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
   * Value of the form field: a type (`Immunization`), a category of a type (`Condition:problem-list-item`), or a label
   * key.
   */
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly checked: boolean;
  /** Granted together with any other item. The person can't uncheck it. */
  readonly required: boolean;
  /** The previous consent page for this app did not have this item. */
  readonly isNew: boolean;
}

/**
 * Items under one heading: the categories of Condition or Observation or, if there are many items, those of one
 * subject.
 */
export interface ConsentItemGroup {
  readonly heading: string | undefined;
  /** Contains several categories of one type. A resource may belong to more than one of them. */
  readonly hasCategories: boolean;
  readonly items: readonly ConsentItem[];
}

/** Patient identifies whose data it is, so it is always granted when requested. */
export const REQUIRED_TYPE = 'Patient';

/** One item of the consent page, without its text and state. */
export interface ConsentItemDefinition {
  readonly type: DataCategory;
  readonly key: string;
  /**
   * The category of the type. Undefined for the whole type, or for a part that is requested by something other than
   * category.
   */
  readonly category: string | undefined;
  /** The request covers only a part of the type, and that part has no name of its own. */
  readonly isUnnamedPart: boolean;
  /** Keys that are denied when the item is unchecked. */
  readonly denialKeys: readonly string[];
}

/** How much of a type is requested. */
interface RequestedExtent {
  readonly whole: boolean;
  /** Keys of the categories that are requested by name. */
  readonly categories: ReadonlySet<string>;
  /** A part is requested that is not a known category: by another search parameter, or by an unknown value. */
  readonly hasOtherPart: boolean;
}

/** Builds one item for each requested category, in the order of the page. */
export const buildConsentItems = (requested: readonly RequestedCategory[]): readonly ConsentItemDefinition[] =>
  requested.flatMap(([type, about]) => buildTypeItems(type, getRequestedExtent(type, about)));

/** Previous choices, from which the state of the checkboxes follows. */
type PreviousItemChoices = Pick<PreviousConsentChoices, 'declinedKeys' | 'itemKeys'>;

/** Up to this many items are shown without headings by category group. */
const MAX_UNGROUPED_ITEMS = 12;

/**
 * Groups the consent items for the page. The categories of one type stand under the name of the type. If there are many
 * items, they are grouped by subject instead.
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
      .map(([type, own]) => ({ heading: getMessages(language).kinds.types[type].label, definitions: own })),
  ];
}

const groupBySubject = (
  definitions: readonly ConsentItemDefinition[],
  language: Language,
): readonly ConsentItemDefinitionGroup[] =>
  CATEGORY_GROUPS.flatMap(([group, categories]) => {
    const own = categories.flatMap((category) => definitions.filter(({ type }) => type === category));
    return own.length === 0 ? [] : [{ heading: getMessages(language).kinds.themes[group], definitions: own }];
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
  { type, category, isUnnamedPart }: ConsentItemDefinition,
  language: Language,
): Pick<ConsentItem, 'label' | 'detail'> {
  const { kinds } = getMessages(language);
  const whole = kinds.types[type];
  if (isUnnamedPart) return { label: kinds.some(whole.label), detail: kinds.someDetail };
  const parts: Readonly<Record<string, Readonly<Record<string, typeof whole>>>> = kinds.parts;
  return (category === undefined ? undefined : parts[type]?.[category]) ?? whole;
}

function buildTypeItems(type: DataCategory, requested: RequestedExtent): readonly ConsentItemDefinition[] {
  const whole = { type, key: type, category: undefined, isUnnamedPart: false };
  const categories = Object.keys(RESOURCE_CATEGORIES[type] ?? {}).map((category): ConsentItemDefinition => {
    const key = categoryKey(type, category);
    return { type, key, category, isUnnamedPart: false, denialKeys: [key] };
  });
  if (categories.length === 0) return [{ ...whole, isUnnamedPart: !requested.whole, denialKeys: [type] }];
  const own = categories.filter(({ key }) => requested.whole || requested.categories.has(key));
  const others = categoryKeys(type).filter((key) => !own.some((item) => item.key === key));
  // A part requested by other parameters (`?code=…`, `?status=…`) gets an item without a specific name.
  return requested.hasOtherPart && others.length > 0
    ? [...own, { ...whole, isUnnamedPart: true, denialKeys: others }]
    : own;
}

function getRequestedExtent(type: string, scopes: readonly ResourceScope[]): RequestedExtent {
  const parts = scopes.filter(({ query }) => query !== '').map((scope) => parseRequestedCategories(type, scope));
  return {
    whole: scopes.some(({ query }) => query === ''),
    categories: new Set(parts.flatMap((keys) => keys ?? [])),
    hasOtherPart: parts.includes(undefined),
  };
}

/** Keys of the categories that a granular scope covers. Undefined when it is limited by anything else. */
function parseRequestedCategories(type: string, scope: ResourceScope): readonly string[] | undefined {
  const [only, ...others] = parseGranularQuery(scope.query);
  if (only?.name !== 'category' || others.length > 0) return undefined;
  const keys = only.values.map((value) => findCategoryKey(type, value));
  return keys.some((key) => key === undefined || key === 'several') ? undefined : (keys as readonly string[]);
}

/**
 * Short labels of the data that these scopes give access to. A type with all its categories is listed under its own
 * name.
 */
export function listSharedData(scopes: readonly Scope[], types: ServedTypes, language: Language): readonly string[] {
  const { kinds } = getMessages(language);
  const items = buildConsentItems(findRequestedCategories(scopes, types));
  return [...Map.groupBy(items, ({ type }) => type)].flatMap(([type, own]) => {
    const all = categoryKeys(type);
    const isWhole = all.length > 0 && all.every((key) => own.some((item) => item.key === key));
    return isWhole ? [kinds.types[type].label] : own.map((item) => getItemText(item, language).label);
  });
}
