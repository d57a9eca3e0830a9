import { hasNamed, parametersOf, type ResourceScope, type Scope } from '../../access/index.ts';
import { type Language, wordsIn } from '../../words/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { ConsentGroup, ConsentLine, ConsentPage, Identity, ServedTypes, ShareableRecord } from '../ports.ts';
import { typesOf } from '../scopes.ts';
import { askedKinds, unsaidKinds } from './asked-kinds.ts';
import { CATEGORIES, categoryKey, categoryKeys, categoryOf, type KindName, SUPPORTING } from './categories.ts';
import { withoutDenied } from './narrow.ts';
import type { LastChoice } from './store.ts';
import { THEMES } from './themes.ts';

/** Patient identifies whose data it is, so it is always granted when requested. */
const LOCKED = 'Patient';

/** One item of the consent page. */
interface Line {
  readonly type: KindName;
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
interface Asked {
  readonly whole: boolean;
  /** Keys of the categories that are requested by name. */
  readonly categories: ReadonlySet<string>;
  /** A part is requested that is not a known category: by another search parameter, or by an unknown value. */
  readonly part: boolean;
}

/** Builds one item for each requested category, in the order of the page. */
function consentLines(scopes: readonly Scope[], types: ServedTypes): readonly Line[] {
  return askedKinds(scopes, types).flatMap(([type, about]) => linesOf(type, askedOf(type, about)));
}

/** Previous choices, from which the state of the checkboxes follows. */
type Before = Pick<LastChoice, 'unticked' | 'asked'>;

/** Up to this many items are shown without headings by category group. */
const FEW = 12;

/**
 * Groups the consent items for the page. The categories of one type stand under the name of the type. If there are many
 * items, they are grouped by subject instead.
 */
export function consentGroups(
  scopes: readonly Scope[],
  before: Before,
  types: ServedTypes,
  language: Language,
): readonly ConsentGroup[] {
  const lines = consentLines(scopes, types);
  const groups = lines.length > FEW ? inThemes(lines, language) : inTypes(lines, language);
  return groups.map(({ heading, lines: groupItems }) => ({
    heading,
    inParts: groupItems.some(({ type, key }) => groupItems.some((other) => other.type === type && other.key !== key)),
    lines: groupItems.map((line) => shownLine(line, before, language)),
  }));
}

type Group = { readonly heading: string | undefined; readonly lines: readonly Line[] };

function inTypes(lines: readonly Line[], language: Language): readonly Group[] {
  const byType = Map.groupBy(lines, ({ type }) => type);
  const alone = [...byType.values()].filter((own) => own.length === 1).flat();
  return [
    ...(alone.length === 0 ? [] : [{ heading: undefined, lines: alone }]),
    ...[...byType]
      .filter(([, own]) => own.length > 1)
      .map(([type, own]) => ({ heading: wordsIn(language).kinds.types[type].label, lines: own })),
  ];
}

const inThemes = (lines: readonly Line[], language: Language): readonly Group[] =>
  THEMES.flatMap(([theme, kinds]) => {
    const own = kinds.flatMap((kind) => lines.filter(({ type }) => type === kind));
    return own.length === 0 ? [] : [{ heading: wordsIn(language).kinds.themes[theme], lines: own }];
  });

function shownLine(line: Line, { unticked, asked }: Before, language: Language): ConsentLine {
  const locked = line.type === LOCKED;
  return {
    key: line.key,
    ...namedLine(line, language),
    locked,
    ticked: locked || ![line.type, ...line.keys].some((key) => unticked.includes(key)),
    isNew: asked.length > 0 && !asked.includes(line.key),
  };
}

function namedLine({ type, part, some }: Line, language: Language): Pick<ConsentLine, 'label' | 'detail'> {
  const { kinds } = wordsIn(language);
  const kind = kinds.types[type];
  if (some) return { label: kinds.some(kind.label), detail: kinds.someDetail };
  const parts: Readonly<Record<string, Readonly<Record<string, typeof kind>>>> = kinds.parts;
  return (part === undefined ? undefined : parts[type]?.[part]) ?? kind;
}

function linesOf(type: KindName, requested: Asked): readonly Line[] {
  const named = { type, key: type, part: undefined, some: false };
  const parts = Object.keys(CATEGORIES[type] ?? {}).map((part) => {
    const key = categoryKey(type, part);
    return { ...named, key, part, keys: [key] };
  });
  if (parts.length === 0) return [{ ...named, some: !requested.whole, keys: [type] }];
  const own = parts.filter(({ key }) => requested.whole || requested.categories.has(key));
  const others = categoryKeys(type).filter((key) => !own.some((line) => line.key === key));
  // A part requested by other parameters (`?code=…`, `?status=…`) gets an item without a specific name.
  return requested.part && others.length > 0 ? [...own, { ...named, some: true, keys: others }] : own;
}

function askedOf(type: string, scopes: readonly ResourceScope[]): Asked {
  const parts = scopes.filter(({ query }) => query !== '').map((scope) => categoriesIn(type, scope));
  return {
    whole: scopes.some(({ query }) => query === ''),
    categories: new Set(parts.flatMap((keys) => keys ?? [])),
    part: parts.includes(undefined),
  };
}

/** Keys of the categories that a granular scope covers. Undefined when it is limited by anything else. */
function categoriesIn(type: string, scope: ResourceScope): readonly string[] | undefined {
  const [only, ...others] = parametersOf(scope.query);
  if (only?.name !== 'category' || others.length > 0) return undefined;
  const keys = only.values.map((value) => categoryOf(type, value));
  return keys.some((key) => key === undefined || key === 'several') ? undefined : (keys as readonly string[]);
}

/**
 * Short labels of the data that these scopes give access to. A type with all its categories is listed under its own
 * name.
 */
export function sharedKinds(scopes: readonly Scope[], types: ServedTypes, language: Language): readonly string[] {
  const { kinds } = wordsIn(language);
  return [...Map.groupBy(consentLines(scopes, types), ({ type }) => type)].flatMap(([type, lines]) => {
    const all = categoryKeys(type);
    const isWhole = all.length > 0 && all.every((key) => lines.some((line) => line.key === key));
    return isWhole ? [kinds.types[type].label] : lines.map((line) => namedLine(line, language).label);
  });
}

/** Whether the scopes include types without a consent item. */
export function asksSupporting(scopes: readonly Scope[], types: ServedTypes): boolean {
  const requested = typesOf(scopes, types);
  return SUPPORTING.some((type) => requested.has(type));
}

/**
 * Returns the details about the signed-in person that the app learns regardless of the checked items. `fhirUser` allows
 * reading the resource that describes the person (SMART App Launch 2.2 §3.0.2.3), and `profile` reveals the name
 * (OpenID Connect Core §5.4).
 */
export function identityTold(scopes: readonly Scope[], { relation }: ShareableRecord, types: ServedTypes): Identity {
  if (!hasNamed(scopes, 'openid')) return undefined;
  const disclosed = hasNamed(scopes, 'fhirUser') ? 'details' : hasNamed(scopes, 'profile') ? 'name' : undefined;
  // The page already lists the patient's own details, in an item that is always checked.
  return relation === 'self' && typesOf(scopes, types).has(LOCKED) ? undefined : disclosed;
}

/**
 * The checkbox for offline access, or undefined when it isn't offered. It starts as the person left it last time. The
 * first time it is checked if the app requested `offline_access`, and unchecked if the app sent no scope at all.
 */
export function offlineBox(
  scopes: readonly Scope[],
  guide: boolean,
  last: boolean | undefined = undefined,
): ConsentPage['offline'] {
  if (!hasNamed(scopes, 'offline_access')) return undefined;
  return { ticked: last ?? !guide, days: LIFETIMES.offlineRefresh / 86_400 };
}

export interface Decision {
  /** Keys of the checked items. */
  readonly allowed: readonly string[];
  readonly offline: boolean;
}

export interface Consented {
  readonly scopes: readonly Scope[];
  /** Keys that the page let the person decide about. Earlier denials of other keys stay. */
  readonly shown: readonly string[];
  readonly denied: readonly string[];
}

/**
 * Applies the person's selection to the grantable scopes. Returns undefined when no data is left. It never adds access:
 * only keys of displayed items count.
 */
export function applyDecision(scopes: readonly Scope[], decision: Decision, types: ServedTypes): Consented | undefined {
  const lines = consentLines(scopes, types);
  const allows = ({ type, key }: Line): boolean => type === LOCKED || decision.allowed.includes(key);
  if (lines.length > 0 && !lines.some(allows)) return undefined;
  const allowed = lines.filter(allows).flatMap(({ keys }) => keys);
  const declined = lines.filter((line) => !allows(line)).flatMap(({ keys }) => keys);
  // A type whose categories are all denied is denied as a whole. As soon as one of them is allowed, the whole type is
  // no longer denied.
  const inParts = Object.keys(CATEGORIES);
  const whollyDenied = inParts.filter((type) => categoryKeys(type).every((key) => declined.includes(key)));
  const partlyAllowed = inParts.filter((type) => categoryKeys(type).some((key) => allowed.includes(key)));
  const denied = [...declined, ...whollyDenied, ...unsaidKinds(scopes, types)];
  const consented = withoutDenied(scopes, denied, types).filter(
    (scope) => decision.offline || scope.kind !== 'named' || scope.name !== 'offline_access',
  );
  return { scopes: consented, shown: [...allowed, ...partlyAllowed, ...denied], denied };
}
