/**
 * The parts of the server's OpenAPI documents that the explorer uses. The explorer knows resource types and search
 * parameters only from these documents.
 */
export interface ExplorerParameter {
  readonly name: string;
  readonly in: 'query' | 'header' | 'path';
  readonly description: string;
  readonly schema: { readonly type: string; readonly enum?: readonly string[] };
  readonly examples?: { readonly example: { readonly summary: string } };
  readonly 'x-search-type'?: string;
  /** Name of the search index. A parameter of R4 and one of DSTU2 with the same index are equivalent. */
  readonly 'x-index'?: string;
}

interface ExplorerOperation {
  readonly operationId: string;
  readonly 'x-stored-type'?: string;
  readonly parameters?: readonly ExplorerParameter[];
}

export interface OpenApiDocument {
  readonly servers: readonly { readonly url: string }[];
  /** Operations by path. A path without a read or search operation has no `get`. */
  readonly paths: Readonly<Record<string, { readonly get?: ExplorerOperation }>>;
}

export type ExplorerFhirVersion = 'r4' | 'dstu2';
export type OpenApiDocuments = Readonly<Record<ExplorerFhirVersion, OpenApiDocument>>;

/** A resource type as one FHIR version serves it. */
export interface ExplorerType {
  readonly name: string;
  readonly stored: string;
  readonly parameters: readonly ExplorerParameter[];
}

/** Returns the resource types in the order of the OpenAPI document. */
export function listTypes({ paths }: OpenApiDocument): readonly ExplorerType[] {
  return Object.entries(paths).flatMap(([path, { get }]) =>
    get?.['x-stored-type'] === undefined
      ? []
      : [{ name: path.slice(1), stored: get['x-stored-type'], parameters: get.parameters ?? [] }],
  );
}

export const findType = (document: OpenApiDocument, stored: string): ExplorerType | undefined =>
  listTypes(document).find((type) => type.stored === stored);

export const baseUrl = ({ servers }: OpenApiDocument): string => servers[0]?.url ?? '';

export const exampleValue = (parameter: ExplorerParameter | undefined): string | undefined =>
  parameter?.examples?.example.summary;

/** Values that the developer entered in the form, by R4 name of the search parameter. */
export type FormValues = Readonly<Record<string, string>>;

export interface ExplorerRequest {
  readonly path: string;
  /** R4 names of search parameters in the form that this FHIR version doesn't have. */
  readonly unsupported: readonly string[];
}

/**
 * Returns the path of the form's request in one FHIR version. Returns undefined if that version doesn't have the
 * resource type.
 */
export function buildRequest(
  documents: OpenApiDocuments,
  version: ExplorerFhirVersion,
  stored: string,
  id: string,
  values: FormValues,
): ExplorerRequest | undefined {
  const r4 = findType(documents.r4, stored);
  const served = findType(documents[version], stored);
  if (r4 === undefined || served === undefined) return undefined;
  if (id !== '') return { path: `/${served.name}/${encodeURIComponent(id)}`, unsupported: [] };
  const query = new URLSearchParams();
  const left: string[] = [];
  for (const [name, value] of Object.entries(values).filter(([, text]) => text !== '')) {
    const r4Parameter = r4.parameters.find((one) => one.name === name);
    const same = r4Parameter === undefined ? undefined : findEquivalent(served, r4Parameter);
    if (same === undefined) left.push(name);
    else for (const one of translateValue(value, r4Parameter, same, r4, served)) query.append(same.name, one);
  }
  const text = query.toString();
  return { path: `/${served.name}${text === '' ? '' : `?${text}`}`, unsupported: left };
}

const findEquivalent = ({ parameters }: ExplorerType, r4Parameter: ExplorerParameter): ExplorerParameter | undefined =>
  parameters.find(({ name }) => name === r4Parameter.name) ??
  parameters.find((one) => one['x-index'] !== undefined && one['x-index'] === r4Parameter['x-index']);

/**
 * Converts the value of an R4 search parameter to the values of the equivalent parameter in another FHIR version. The
 * example value of R4 becomes the example value of that version. If the equivalent parameter takes an array, each word
 * of the text becomes one value.
 */
function translateValue(
  value: string,
  r4Parameter: ExplorerParameter | undefined,
  same: ExplorerParameter,
  r4: ExplorerType,
  served: ExplorerType,
): readonly string[] {
  if (same.name === '_sort') return [sortKey(value, r4, served)];
  if (value === exampleValue(r4Parameter)) return [exampleValue(same) ?? value];
  return same.schema.type === 'array' ? value.split(/\s+/).filter(Boolean) : [value];
}

function sortKey(value: string, r4: ExplorerType, served: ExplorerType): string {
  const [minus, key] = value.startsWith('-') ? ['-', value.slice(1)] : ['', value];
  const parameter = r4.parameters.find(({ name }) => name === key);
  const same = parameter === undefined ? undefined : findEquivalent(served, parameter);
  return `${minus}${same?.name ?? key}`;
}
