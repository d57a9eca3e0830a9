import { parametersOf, type ResourceScope, type Scope } from '../../access/index.ts';
import { askedKinds, categoryOf, type KindName, type ServedTypes, SUPPORTING, typesOf } from '../../oauth/index.ts';
import type { Words } from '../../words/index.ts';

/** A category of data that an app can read, in the words of the consent page. */
export interface SeenKind {
  readonly label: string;
  /** Labels of the included parts; empty: the whole category, unless `some` is set. */
  readonly parts: readonly string[];
  /** Whether the app can also, or only, read entries that have no label of their own. */
  readonly some: boolean;
}

export interface SeenData {
  readonly kinds: readonly SeenKind[];
  /** Whether supporting data, such as practitioners and locations, is included. */
  readonly supporting: boolean;
}

/** Describes the data that the scopes allow, in the order and words of the consent page. */
export function seenData(scopes: readonly Scope[], types: ServedTypes, { kinds }: Words): SeenData {
  const found = askedKinds(scopes, types).map(([type, categoryScopes]) => kindOf(type, categoryScopes, kinds));
  const all = typesOf(scopes, types);
  return { kinds: found, supporting: SUPPORTING.some((type) => all.has(type)) };
}

function kindOf(type: KindName, scopes: readonly ResourceScope[], kinds: Words['kinds']): SeenKind {
  const { label } = kinds.types[type];
  if (scopes.some(({ query }) => query === '')) return { label, parts: [], some: false };
  const named = (kinds.parts as Parts)[type] ?? {};
  const keys = scopes.map((scope) => categoryKeysOf(type, scope));
  const known = new Set(keys.flatMap((categoryScopes) => categoryScopes ?? []));
  const parts = Object.entries(named).filter(([name]) => known.has(`${type}:${name}`));
  return {
    label,
    parts: parts.map(([, part]) => part.label),
    some: keys.includes(undefined) || parts.length === 0,
  };
}

type Parts = Readonly<Record<string, Readonly<Record<string, { readonly label: string }>> | undefined>>;

/** Categories that a granular scope is limited to; undefined if the scope has a condition without a label. */
function categoryKeysOf(type: string, { query }: ResourceScope): readonly string[] | undefined {
  const [only, ...others] = parametersOf(query);
  if (only?.name !== 'category' || others.length > 0) return undefined;
  const keys = only.values.map((value) => categoryOf(type, value));
  return keys.some((key) => key === undefined || key === 'several') ? undefined : (keys as readonly string[]);
}

/** Category labels by stored resource type, for entries of the access log. */
export function kindLabels({ kinds }: Words): ReadonlyMap<string, string> {
  const types = Object.entries(kinds.types).map(([type, { label }]) => [type, label] as const);
  return new Map([...types, ...Object.entries(kinds.supporting)]);
}
