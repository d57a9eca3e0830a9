import { hasNamedScope, parseGranularQuery, type ResourceScope, type Scope } from '../../access/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type {
  ConsentItem,
  ConsentItemGroup,
  ConsentPage,
  IdentityDisclosure,
  SelectableRecord,
  ServedTypes,
} from '../ports.ts';
import { removeDeniedScopes } from '../scopes/denied-scopes.ts';
import { scopedTypes } from '../scopes/grantable-scopes.ts';
import {
  categoryKey,
  categoryKeys,
  type DataCategory,
  findCategoryKey,
  RESOURCE_CATEGORIES,
  SUPPORTING_TYPES,
} from '../scopes/resource-categories.ts';
import { CATEGORY_GROUPS } from './category-groups.ts';
import type { PreviousConsentChoices } from './grant-store.ts';
import { findRequestedCategories, findUndisclosedCategories } from './requested-categories.ts';

/** Patient identifies whose data it is, so it is always granted when requested. */
const REQUIRED_TYPE = 'Patient';

/** One item of the consent page. */
interface ConsentItemDefinition {
  readonly type: DataCategory;
  readonly key: string;
  /**
   * The category of the type. Undefined for the whole type, or for a part that is requested by something other than
   * category.
   */
  readonly part: string | undefined;
  /** The request covers only a part of the type, and that part has no name of its own. */
  readonly some: boolean;
  /** Keys that are denied when the item is unchecked. */
  readonly keys: readonly string[];
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
function buildConsentItems(scopes: readonly Scope[], types: ServedTypes): readonly ConsentItemDefinition[] {
  return findRequestedCategories(scopes, types).flatMap(([type, about]) =>
    buildTypeItems(type, getRequestedExtent(type, about)),
  );
}

/** Previous choices, from which the state of the checkboxes follows. */
type PreviousItemChoices = Pick<PreviousConsentChoices, 'declinedKeys' | 'itemKeys'>;

/** Up to this many items are shown without headings by category group. */
const MAX_UNGROUPED_ITEMS = 12;

/**
 * Groups the consent items for the page. The categories of one type stand under the name of the type. If there are many
 * items, they are grouped by subject instead.
 */
export function buildConsentGroups(
  scopes: readonly Scope[],
  before: PreviousItemChoices,
  types: ServedTypes,
  language: Language,
): readonly ConsentItemGroup[] {
  const lines = buildConsentItems(scopes, types);
  const groups = lines.length > MAX_UNGROUPED_ITEMS ? groupBySubject(lines, language) : groupByType(lines, language);
  return groups.map(({ heading, lines: groupItems }) => ({
    heading,
    hasCategories: groupItems.some(({ type, key }) =>
      groupItems.some((other) => other.type === type && other.key !== key),
    ),
    items: groupItems.map((line) => toConsentItem(line, before, language)),
  }));
}

type ConsentItemDefinitionGroup = {
  readonly heading: string | undefined;
  readonly lines: readonly ConsentItemDefinition[];
};

function groupByType(
  lines: readonly ConsentItemDefinition[],
  language: Language,
): readonly ConsentItemDefinitionGroup[] {
  const byType = Map.groupBy(lines, ({ type }) => type);
  const alone = [...byType.values()].filter((own) => own.length === 1).flat();
  return [
    ...(alone.length === 0 ? [] : [{ heading: undefined, lines: alone }]),
    ...[...byType]
      .filter(([, own]) => own.length > 1)
      .map(([type, own]) => ({ heading: getMessages(language).kinds.types[type].label, lines: own })),
  ];
}

const groupBySubject = (
  lines: readonly ConsentItemDefinition[],
  language: Language,
): readonly ConsentItemDefinitionGroup[] =>
  CATEGORY_GROUPS.flatMap(([theme, kinds]) => {
    const own = kinds.flatMap((kind) => lines.filter(({ type }) => type === kind));
    return own.length === 0 ? [] : [{ heading: getMessages(language).kinds.themes[theme], lines: own }];
  });

function toConsentItem(
  line: ConsentItemDefinition,
  { declinedKeys, itemKeys }: PreviousItemChoices,
  language: Language,
): ConsentItem {
  const locked = line.type === REQUIRED_TYPE;
  return {
    key: line.key,
    ...getItemText(line, language),
    required: locked,
    checked: locked || ![line.type, ...line.keys].some((key) => declinedKeys.includes(key)),
    isNew: itemKeys.length > 0 && !itemKeys.includes(line.key),
  };
}

function getItemText(
  { type, part, some }: ConsentItemDefinition,
  language: Language,
): Pick<ConsentItem, 'label' | 'detail'> {
  const { kinds } = getMessages(language);
  const kind = kinds.types[type];
  if (some) return { label: kinds.some(kind.label), detail: kinds.someDetail };
  const parts: Readonly<Record<string, Readonly<Record<string, typeof kind>>>> = kinds.parts;
  return (part === undefined ? undefined : parts[type]?.[part]) ?? kind;
}

function buildTypeItems(type: DataCategory, requested: RequestedExtent): readonly ConsentItemDefinition[] {
  const named = { type, key: type, part: undefined, some: false };
  const parts = Object.keys(RESOURCE_CATEGORIES[type] ?? {}).map((part) => {
    const key = categoryKey(type, part);
    return { ...named, key, part, keys: [key] };
  });
  if (parts.length === 0) return [{ ...named, some: !requested.whole, keys: [type] }];
  const own = parts.filter(({ key }) => requested.whole || requested.categories.has(key));
  const others = categoryKeys(type).filter((key) => !own.some((line) => line.key === key));
  // A part requested by other parameters (`?code=…`, `?status=…`) gets an item without a specific name.
  return requested.hasOtherPart && others.length > 0 ? [...own, { ...named, some: true, keys: others }] : own;
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
  return [...Map.groupBy(buildConsentItems(scopes, types), ({ type }) => type)].flatMap(([type, lines]) => {
    const all = categoryKeys(type);
    const isWhole = all.length > 0 && all.every((key) => lines.some((line) => line.key === key));
    return isWhole ? [kinds.types[type].label] : lines.map((line) => getItemText(line, language).label);
  });
}

/** Whether the scopes include types without a consent item. */
export function requestsSupportingTypes(scopes: readonly Scope[], types: ServedTypes): boolean {
  const requested = scopedTypes(scopes, types);
  return SUPPORTING_TYPES.some((type) => requested.has(type));
}

/**
 * Returns the details about the signed-in person that the app learns regardless of the checked items. `fhirUser` allows
 * reading the resource that describes the person (SMART App Launch 2.2 §3.0.2.3), and `profile` reveals the name
 * (OpenID Connect Core §5.4).
 */
export function getIdentityDisclosure(
  scopes: readonly Scope[],
  { relation }: SelectableRecord,
  types: ServedTypes,
): IdentityDisclosure {
  if (!hasNamedScope(scopes, 'openid')) return undefined;
  const disclosed = hasNamedScope(scopes, 'fhirUser')
    ? 'details'
    : hasNamedScope(scopes, 'profile')
      ? 'name'
      : undefined;
  // The page already lists the patient's own details, in an item that is always checked.
  return relation === 'self' && scopedTypes(scopes, types).has(REQUIRED_TYPE) ? undefined : disclosed;
}

/**
 * The checkbox for offline access, or undefined when it isn't offered. It starts as the person left it last time. The
 * first time it is checked if the app requested `offline_access`, and unchecked if the app sent no scope at all.
 */
export function getOfflineOption(
  scopes: readonly Scope[],
  guide: boolean,
  last: boolean | undefined = undefined,
): ConsentPage['offline'] {
  if (!hasNamedScope(scopes, 'offline_access')) return undefined;
  return { ticked: last ?? !guide, days: LIFETIMES.offlineRefresh / 86_400 };
}

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
 * Applies the person's selection to the grantable scopes. Returns undefined when no data is left. It never adds access:
 * only keys of displayed items count.
 */
export function applyConsentSelection(
  scopes: readonly Scope[],
  decision: ConsentSelection,
  types: ServedTypes,
): ConsentedScopes | undefined {
  const lines = buildConsentItems(scopes, types);
  const allows = ({ type, key }: ConsentItemDefinition): boolean =>
    type === REQUIRED_TYPE || decision.allowed.includes(key);
  if (lines.length > 0 && !lines.some(allows)) return undefined;
  const allowed = lines.filter(allows).flatMap(({ keys }) => keys);
  const declined = lines.filter((line) => !allows(line)).flatMap(({ keys }) => keys);
  // A type whose categories are all denied is denied as a whole. As soon as one of them is allowed, the whole type is
  // no longer denied.
  const inParts = Object.keys(RESOURCE_CATEGORIES);
  const whollyDenied = inParts.filter((type) => categoryKeys(type).every((key) => declined.includes(key)));
  const partlyAllowed = inParts.filter((type) => categoryKeys(type).some((key) => allowed.includes(key)));
  const denied = [...declined, ...whollyDenied, ...findUndisclosedCategories(scopes, types)];
  const consented = removeDeniedScopes(scopes, denied, types).filter(
    (scope) => decision.offline || scope.kind !== 'named' || scope.name !== 'offline_access',
  );
  return { scopes: consented, decidedKeys: [...allowed, ...partlyAllowed, ...denied], denied };
}
