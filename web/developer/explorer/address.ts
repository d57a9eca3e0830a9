import { type OpenApi, typeIn, typesIn, type Values, type Version } from './open-api.ts';

/** What is asked, as it stands in the address: a link to it asks the same. */
export interface Address {
  /** A type by its stored name, R4's. */
  readonly resource: string;
  /** Reads this one; empty: searches. */
  readonly id: string;
  readonly values: Values;
  /** Paths that were typed, or followed, in place of what the form asks. */
  readonly paths: Readonly<Partial<Record<Version, string>>>;
}

const VERSIONS: readonly Version[] = ['r4', 'dstu2'];

/** As which app, and as whom, stays as it is whatever is asked. */
const KEPT = ['client', 'user'];

/** @param scope what was granted: nothing else is asked for unless somebody wants it */
export function readAddress(search: URLSearchParams, r4: OpenApi, scope = ''): Address {
  const wanted = search.get('resource') ?? '';
  const resource = typeIn(r4, wanted)?.stored ?? firstOf(r4, scope) ?? '';
  const names = new Set(typeIn(r4, resource)?.parameters.map(({ name }) => name));
  return {
    resource,
    id: search.get('id') ?? '',
    values: Object.fromEntries([...search].filter(([name]) => names.has(name))),
    paths: Object.fromEntries(VERSIONS.flatMap((version) => pathIn(search, version))),
  };
}

/** The first type that an app may read; the first of all where it may read none. */
function firstOf(r4: OpenApi, scope: string): string | undefined {
  const types = typesIn(r4).map(({ stored }) => stored);
  const granted = [...scope.matchAll(/(?:^| )(?:patient|user)\/([A-Za-z]+|\*)\./g)].map(([, type]) => type);
  return types.find((type) => granted.includes(type) || granted.includes('*')) ?? types[0];
}

function pathIn(search: URLSearchParams, version: Version): readonly (readonly [Version, string])[] {
  const path = search.get(version);
  // Below the base and nowhere else: the token goes along.
  return path?.startsWith('/') === true && !path.includes('..') ? [[version, path]] : [];
}

/** @param before the address as it is */
export function addressOf({ resource, id, values, paths }: Address, before: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams([...before].filter(([name]) => KEPT.includes(name)));
  search.set('resource', resource);
  if (id !== '') search.set('id', id);
  for (const [name, value] of Object.entries(values)) if (value !== '') search.set(name, value);
  for (const [version, path] of Object.entries(paths)) search.set(version, path);
  return search;
}
