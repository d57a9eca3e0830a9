import { parametersOf, type ResourceScope, type Scope } from '../../access/index.ts';
import { askedKinds, categoryOf, type KindName, type ServedTypes, SUPPORTING, typesOf } from '../../oauth/index.ts';
import type { Words } from '../../words/index.ts';

/** A kind of data that an app may see, in words. */
export interface SeenKind {
  readonly label: string;
  /** The parts of it; empty: all of it. */
  readonly parts: readonly string[];
  /** Beside these, or alone: certain entries that have no name of their own. */
  readonly some: boolean;
}

export interface SeenData {
  readonly kinds: readonly SeenKind[];
  /** Who, where and from whom goes along. */
  readonly supporting: boolean;
}

/** What the scopes come to, in the order and the words of the consent page. */
export function seenData(scopes: readonly Scope[], types: ServedTypes, { kinds }: Words): SeenData {
  const found = askedKinds(scopes, types).map(([type, own]) => kindOf(type, own, kinds));
  const all = typesOf(scopes, types);
  return { kinds: found, supporting: SUPPORTING.some((type) => all.has(type)) };
}

function kindOf(type: KindName, scopes: readonly ResourceScope[], kinds: Words['kinds']): SeenKind {
  const { label } = kinds.types[type];
  if (scopes.some(({ query }) => query === '')) return { label, parts: [], some: false };
  const named = (kinds.parts as Parts)[type] ?? {};
  const keys = scopes.map((scope) => categoryKeysOf(type, scope));
  const known = new Set(keys.flatMap((own) => own ?? []));
  const parts = Object.entries(named).filter(([name]) => known.has(`${type}:${name}`));
  return {
    label,
    parts: parts.map(([, part]) => part.label),
    some: keys.includes(undefined) || parts.length === 0,
  };
}

type Parts = Readonly<Record<string, Readonly<Record<string, { readonly label: string }>> | undefined>>;

/** Which categories a granular scope is about; undefined: it is about something that has no name here. */
function categoryKeysOf(type: string, { query }: ResourceScope): readonly string[] | undefined {
  const [only, ...others] = parametersOf(query);
  if (only?.name !== 'category' || others.length > 0) return undefined;
  const keys = only.values.map((value) => categoryOf(type, value));
  return keys.some((key) => key === undefined || key === 'several') ? undefined : (keys as readonly string[]);
}

/** Names of the kinds that an entry of the log can be about, by resource type as it is stored. */
export function kindLabels({ kinds }: Words): ReadonlyMap<string, string> {
  const types = Object.entries(kinds.types).map(([type, { label }]) => [type, label] as const);
  return new Map([...types, ...Object.entries(kinds.supporting)]);
}
