import { hasNamed, parametersOf, type ResourceScope, resourceScopes, type Scope } from '../../access/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { ConsentGroup, ConsentLine, ConsentPage, ServedTypes } from '../ports.ts';
import { typesOf } from '../scopes.ts';
import { CATEGORIES, categoryKey, categoryKeys, categoryOf, KINDS, SUPPORTING } from './categories.ts';
import { withoutDenied } from './narrow.ts';

/** Patient says whose data it is: if asked for, it goes along. */
const LOCKED = 'Patient';

/** A line and what it decides about. */
interface Line extends ConsentLine {
  readonly type: string;
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

/** One line for each kind of data asked for, in the order of the page. @param denied what was refused the last time */
function consentLines(scopes: readonly Scope[], denied: readonly string[], types: ServedTypes): readonly Line[] {
  const refused = new Set(denied);
  const all = resourceScopes(scopes);
  return Object.keys(KINDS).flatMap((type) => {
    const about = all.filter((scope) => typesOf([scope], types).has(type));
    if (about.length === 0) return [];
    return linesOf(type, askedOf(type, about)).map((line) => ({
      ...line,
      type,
      locked: type === LOCKED,
      ticked: type === LOCKED || ![type, ...line.keys].some((key) => refused.has(key)),
    }));
  });
}

/** The categories of a type stand together under its name; what has one line is named by that. */
export function consentGroups(
  scopes: readonly Scope[],
  denied: readonly string[],
  types: ServedTypes,
): readonly ConsentGroup[] {
  const lines = consentLines(scopes, denied, types);
  const byType = Object.entries(Object.groupBy(lines, ({ type }) => type)).map(([type, own = []]) => ({ type, own }));
  const alone = byType.filter(({ own }) => own.length === 1).flatMap(({ own }) => own);
  return [
    ...(alone.length === 0 ? [] : [{ heading: undefined, lines: alone.map(shown) }]),
    ...byType
      .filter(({ own }) => own.length > 1)
      .map(({ type, own }) => ({ heading: KINDS[type]?.label, lines: own.map(shown) })),
  ];
}

const shown = ({ key, label, detail, ticked, locked }: Line): ConsentLine => ({ key, label, detail, ticked, locked });

type Named = Pick<Line, 'key' | 'label' | 'detail' | 'keys'>;

function linesOf(type: string, asked: Asked): readonly Named[] {
  const parts = Object.entries(CATEGORIES[type] ?? {}).map(([name, { label, detail }]) => {
    const key = categoryKey(type, name);
    return { key, label, detail, keys: [key] };
  });
  if (parts.length === 0) return [asked.whole ? whole(type) : some(type, [type])];
  const own = parts.filter(({ key }) => asked.whole || asked.categories.has(key));
  const others = categoryKeys(type).filter((key) => !own.some((line) => line.key === key));
  return asked.part && others.length > 0 ? [...own, some(type, others)] : own;
}

const whole = (type: string): Named => ({ key: type, ...kindOf(type), keys: [type] });

/** What is asked for by other parameters has no name of its own: `?code=…`, `?status=…`. */
const some = (type: string, keys: readonly string[]): Named => ({
  key: type,
  label: `Some ${kindOf(type).label.toLowerCase()}`,
  detail: 'Only certain ones that the app names, not all of them.',
  keys,
});

const kindOf = (type: string) => KINDS[type] ?? { label: type, detail: '' };

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

/** Whether types without a line are asked for. */
export function asksSupporting(scopes: readonly Scope[], types: ServedTypes): boolean {
  const asked = typesOf(scopes, types);
  return SUPPORTING.some((type) => asked.has(type));
}

/** Named `offline_access` starts ticked; registered, but not asked for by a client that names no scope, unticked. */
export function offlineBox(scopes: readonly Scope[], guide: boolean): ConsentPage['offline'] {
  if (!hasNamed(scopes, 'offline_access')) return undefined;
  return { ticked: !guide, days: LIFETIMES.offlineRefresh / 86_400 };
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
  const lines = consentLines(scopes, [], types);
  const allows = (line: Line): boolean => line.locked || decision.allowed.includes(line.key);
  if (lines.length > 0 && !lines.some(allows)) return undefined;
  const allowed = lines.filter(allows).flatMap(({ keys }) => keys);
  const refused = lines.filter((line) => !allows(line)).flatMap(({ keys }) => keys);
  // With all its categories a type is denied as such, and with any of them allowed it no longer is.
  const inParts = Object.keys(CATEGORIES);
  const wholly = inParts.filter((type) => categoryKeys(type).every((key) => refused.includes(key)));
  const partly = inParts.filter((type) => categoryKeys(type).some((key) => allowed.includes(key)));
  const denied = [...refused, ...wholly];
  const kept = withoutDenied(scopes, denied, types).filter(
    (scope) => decision.offline || scope.kind !== 'named' || scope.name !== 'offline_access',
  );
  return { scopes: kept, shown: [...allowed, ...partly, ...denied], denied };
}
