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

/** Patient says whose data it is: if asked for, it goes along. */
const LOCKED = 'Patient';

/** A line: what it decides about. */
interface Line {
  readonly type: KindName;
  /** Value of its form field. */
  readonly key: string;
  /** A category of the type; undefined: all of it, or what is asked for of it by something else. */
  readonly part: string | undefined;
  /** Not all of the type: what is asked for has no name of its own. */
  readonly some: boolean;
  /** The denials it stands for when it is not ticked. */
  readonly keys: readonly string[];
}

/** How much of a type is asked for. */
interface Asked {
  readonly whole: boolean;
  /** Categories asked for by themselves. */
  readonly categories: ReadonlySet<string>;
  /** Something that is none of the categories: by another parameter, or by a value we have no line for. */
  readonly part: boolean;
}

/** One line for each kind of data asked for, in the order of the page. */
function consentLines(scopes: readonly Scope[], types: ServedTypes): readonly Line[] {
  return askedKinds(scopes, types).flatMap(([type, about]) => linesOf(type, askedOf(type, about)));
}

/** How lines start. */
type Before = Pick<LastChoice, 'unticked' | 'asked'>;

/** As many are taken in without headings. */
const FEW = 12;

/** The categories of a type stand together under its name; what has one line is named by that. Many are sorted by theme. */
export function consentGroups(
  scopes: readonly Scope[],
  before: Before,
  types: ServedTypes,
  language: Language,
): readonly ConsentGroup[] {
  const lines = consentLines(scopes, types);
  const groups = lines.length > FEW ? inThemes(lines, language) : inTypes(lines, language);
  return groups.map(({ heading, lines: own }) => ({
    heading,
    inParts: own.some(({ type, key }) => own.some((other) => other.type === type && other.key !== key)),
    lines: own.map((line) => shownLine(line, before, language)),
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

function linesOf(type: KindName, asked: Asked): readonly Line[] {
  const named = { type, key: type, part: undefined, some: false };
  const parts = Object.keys(CATEGORIES[type] ?? {}).map((part) => {
    const key = categoryKey(type, part);
    return { ...named, key, part, keys: [key] };
  });
  if (parts.length === 0) return [{ ...named, some: !asked.whole, keys: [type] }];
  const own = parts.filter(({ key }) => asked.whole || asked.categories.has(key));
  const others = categoryKeys(type).filter((key) => !own.some((line) => line.key === key));
  // What is asked for by other parameters has no name of its own: `?code=…`, `?status=…`.
  return asked.part && others.length > 0 ? [...own, { ...named, some: true, keys: others }] : own;
}

function askedOf(type: string, scopes: readonly ResourceScope[]): Asked {
  const parts = scopes.filter(({ query }) => query !== '').map((scope) => categoriesIn(type, scope));
  return {
    whole: scopes.some(({ query }) => query === ''),
    categories: new Set(parts.flatMap((keys) => keys ?? [])),
    part: parts.includes(undefined),
  };
}

/** Which categories a granular scope is about; undefined when it is about something else or less. */
function categoriesIn(type: string, scope: ResourceScope): readonly string[] | undefined {
  const [only, ...others] = parametersOf(scope.query);
  if (only?.name !== 'category' || others.length > 0) return undefined;
  const keys = only.values.map((value) => categoryOf(type, value));
  return keys.some((key) => key === undefined || key === 'several') ? undefined : (keys as readonly string[]);
}

/** What scopes let an app see, in few words: a type of which every category is there has its own name. */
export function sharedKinds(scopes: readonly Scope[], types: ServedTypes, language: Language): readonly string[] {
  const { kinds } = wordsIn(language);
  return [...Map.groupBy(consentLines(scopes, types), ({ type }) => type)].flatMap(([type, lines]) => {
    const all = categoryKeys(type);
    const isWhole = all.length > 0 && all.every((key) => lines.some((line) => line.key === key));
    return isWhole ? [kinds.types[type].label] : lines.map((line) => namedLine(line, language).label);
  });
}

/** Whether types without a line are asked for. */
export function asksSupporting(scopes: readonly Scope[], types: ServedTypes): boolean {
  const asked = typesOf(scopes, types);
  return SUPPORTING.some((type) => asked.has(type));
}

/**
 * What an app learns of who signed in, beside the lines: with `fhirUser` it may read the resource that is about them,
 * whatever was ticked (SMART App Launch 2.2 §3.0.2.3), with `profile` their name (OpenID Connect Core §5.4).
 */
export function identityTold(scopes: readonly Scope[], { relation }: ShareableRecord, types: ServedTypes): Identity {
  if (!hasNamed(scopes, 'openid')) return undefined;
  const told = hasNamed(scopes, 'fhirUser') ? 'details' : hasNamed(scopes, 'profile') ? 'name' : undefined;
  // A patient's own details are on the page: that line is always ticked.
  return relation === 'self' && typesOf(scopes, types).has(LOCKED) ? undefined : told;
}

/**
 * Starts as it was chosen last; the first time named `offline_access` starts ticked; registered, but not asked for by a
 * client that names no scope, unticked.
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
  /** Keys of the lines that were ticked. */
  readonly allowed: readonly string[];
  readonly offline: boolean;
}

export interface Consented {
  readonly scopes: readonly Scope[];
  /** What there was a line about: earlier denials of anything else stay. */
  readonly shown: readonly string[];
  readonly denied: readonly string[];
}

/**
 * What the person's choice leaves of what may be granted; undefined when it leaves no data at all. It never adds: only
 * keys of lines that were shown count.
 */
export function applyDecision(scopes: readonly Scope[], decision: Decision, types: ServedTypes): Consented | undefined {
  const lines = consentLines(scopes, types);
  const allows = ({ type, key }: Line): boolean => type === LOCKED || decision.allowed.includes(key);
  if (lines.length > 0 && !lines.some(allows)) return undefined;
  const allowed = lines.filter(allows).flatMap(({ keys }) => keys);
  const refused = lines.filter((line) => !allows(line)).flatMap(({ keys }) => keys);
  // With all its categories a type is denied as such, and with any of them allowed it no longer is.
  const inParts = Object.keys(CATEGORIES);
  const wholly = inParts.filter((type) => categoryKeys(type).every((key) => refused.includes(key)));
  const partly = inParts.filter((type) => categoryKeys(type).some((key) => allowed.includes(key)));
  const denied = [...refused, ...wholly, ...unsaidKinds(scopes, types)];
  const kept = withoutDenied(scopes, denied, types).filter(
    (scope) => decision.offline || scope.kind !== 'named' || scope.name !== 'offline_access',
  );
  return { scopes: kept, shown: [...allowed, ...partly, ...denied], denied };
}
