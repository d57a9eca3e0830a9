import { type ExplorerFhirVersion, type FormValues, findType, listTypes, type OpenApiDocument } from './open-api.ts';

/** State of the explorer as kept in the URL, so that a link repeats the same request. */
export interface ExplorerAddress {
  /** Stored type, which is named as in R4. */
  readonly resource: string;
  /** Id for a read; empty for a search. */
  readonly id: string;
  readonly values: FormValues;
  /** Paths that were typed or followed by a link. They replace the request of the form. */
  readonly paths: Readonly<Partial<Record<ExplorerFhirVersion, string>>>;
}

const VERSIONS: readonly ExplorerFhirVersion[] = ['r4', 'dstu2'];

/** App and user stay the same whatever is requested. */
const CONNECTION_PARAMETERS = ['client', 'user'];

/** @param scope granted scopes, which determine the first type to request */
export function readAddress(search: URLSearchParams, r4: OpenApiDocument, scope = ''): ExplorerAddress {
  const requested = search.get('resource') ?? '';
  const resource = findType(r4, requested)?.stored ?? firstReadableType(r4, scope) ?? '';
  const names = new Set(findType(r4, resource)?.parameters.map(({ name }) => name));
  return {
    resource,
    id: search.get('id') ?? '',
    values: Object.fromEntries([...search].filter(([name]) => names.has(name))),
    paths: Object.fromEntries(VERSIONS.flatMap((version) => readPath(search, version))),
  };
}

/** The first type that the app may read, or the first one of all if it may read none. */
function firstReadableType(r4: OpenApiDocument, scope: string): string | undefined {
  const types = listTypes(r4).map(({ stored }) => stored);
  const granted = [...scope.matchAll(/(?:^| )(?:patient|user)\/([A-Za-z]+|\*)\./g)].map(([, type]) => type);
  return types.find((type) => granted.includes(type) || granted.includes('*')) ?? types[0];
}

function readPath(
  search: URLSearchParams,
  version: ExplorerFhirVersion,
): readonly (readonly [ExplorerFhirVersion, string])[] {
  const path = search.get(version);
  // Only paths below the FHIR base are accepted, because the access token is sent with the request.
  return path?.startsWith('/') === true && !path.includes('..') ? [[version, path]] : [];
}

/** @param before the current address */
export function toSearchParams(
  { resource, id, values, paths }: ExplorerAddress,
  before: URLSearchParams,
): URLSearchParams {
  const search = new URLSearchParams([...before].filter(([name]) => CONNECTION_PARAMETERS.includes(name)));
  search.set('resource', resource);
  if (id !== '') search.set('id', id);
  for (const [name, value] of Object.entries(values)) if (value !== '') search.set(name, value);
  for (const [version, path] of Object.entries(paths)) search.set(version, path);
  return search;
}
