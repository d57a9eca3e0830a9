import {
  buildRequest,
  type ExplorerFhirVersion,
  type FormValues,
  findType,
  listTypes,
  type OpenApiDocument,
  type OpenApiDocuments,
} from './open-api.ts';

/** The request of the API explorer as stored in the URL, so that a link repeats the same request. */
export interface ExplorerAddress {
  /** R4 name of the requested resource type, for requests to DSTU2 too. */
  readonly resource: string;
  /** Id of the resource to read; empty for a search. */
  readonly id: string;
  readonly values: FormValues;
  /** Paths that the developer typed or followed by a link, by FHIR version. A path replaces the request of the form. */
  readonly paths: Readonly<Partial<Record<ExplorerFhirVersion, string>>>;
}

const VERSIONS: readonly ExplorerFhirVersion[] = ['r4', 'dstu2'];

/** URL parameters for the chosen app and test account. They stay the same when the request changes. */
const CONNECTION_PARAMETERS = ['client', 'user'];

/**
 * Reads the request of the explorer from the URL.
 * @param scope granted scopes, from which the first resource type is chosen if the URL names none
 */
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

/**
 * Returns the first resource type in the OpenAPI document that the app may read. Returns the first type in the document
 * if the app may read none.
 */
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
  // Only paths below the FHIR base URL are accepted, because the access token is sent with the request. Browsers read
  // `%2e` in a path like a dot.
  return path?.startsWith('/') === true && !/(\.|%2e){2}/i.test(path) ? [[version, path]] : [];
}

/** Tells whether the URL contains a request. Other parameters of a link, such as those of the app, are none. */
export const containsRequest = (search: URLSearchParams): boolean =>
  search.has('resource') || VERSIONS.some((version) => readPath(search, version).length > 0);

/** Returns the URL parameters of a request without those of app and test account, to store the request. */
export const toStoredSearch = (address: ExplorerAddress): string =>
  toSearchParams(address, new URLSearchParams()).toString();

/**
 * Returns the path of a request in one FHIR version: the one that the developer typed, or else that of the form.
 * Returns undefined if that version doesn't have the resource type.
 */
export const pathOf = (
  { resource, id, values, paths }: ExplorerAddress,
  documents: OpenApiDocuments,
  version: ExplorerFhirVersion,
): string | undefined => paths[version] ?? buildRequest(documents, version, resource, id, values)?.path;

/**
 * Returns the URL parameters for a request of the explorer.
 * @param before current URL parameters, of which app and test account are kept
 */
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
