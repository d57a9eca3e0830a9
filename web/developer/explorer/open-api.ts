/**
 * The part of the server's OpenAPI documents that the explorer uses. All its knowledge of types and parameters comes
 * from them.
 */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header' | 'path';
  readonly description: string;
  readonly schema: { readonly type: string; readonly enum?: readonly string[] };
  readonly examples?: { readonly example: { readonly summary: string } };
  readonly 'x-search-type'?: string;
  /** Identifies the same parameter in R4 and DSTU2. */
  readonly 'x-index'?: string;
}

interface Operation {
  readonly operationId: string;
  readonly 'x-stored-type'?: string;
  readonly parameters?: readonly Parameter[];
}

export interface OpenApi {
  readonly servers: readonly { readonly url: string }[];
  /** Write-only paths have no `get`. */
  readonly paths: Readonly<Record<string, { readonly get?: Operation }>>;
}

export type Version = 'r4' | 'dstu2';
export type OpenApis = Readonly<Record<Version, OpenApi>>;

/** A type as one version serves it. */
export interface Served {
  readonly name: string;
  readonly stored: string;
  readonly parameters: readonly Parameter[];
}

/** Types in the order of the document. */
export function typesIn({ paths }: OpenApi): readonly Served[] {
  return Object.entries(paths).flatMap(([path, { get }]) =>
    get?.['x-stored-type'] === undefined
      ? []
      : [{ name: path.slice(1), stored: get['x-stored-type'], parameters: get.parameters ?? [] }],
  );
}

export const typeIn = (document: OpenApi, stored: string): Served | undefined =>
  typesIn(document).find((type) => type.stored === stored);

export const baseOf = ({ servers }: OpenApi): string => servers[0]?.url ?? '';

export const exampleOf = (parameter: Parameter | undefined): string | undefined => parameter?.examples?.example.summary;

/** Values of the form by R4 parameter name. */
export type Values = Readonly<Record<string, string>>;

export interface Asked {
  readonly path: string;
  /** Parameters that the version doesn't have. */
  readonly left: readonly string[];
}

/** The equivalent request in a version; undefined if the version doesn't have the type. */
export function requestOf(
  documents: OpenApis,
  version: Version,
  stored: string,
  id: string,
  values: Values,
): Asked | undefined {
  const r4 = typeIn(documents.r4, stored);
  const served = typeIn(documents[version], stored);
  if (r4 === undefined || served === undefined) return undefined;
  if (id !== '') return { path: `/${served.name}/${encodeURIComponent(id)}`, left: [] };
  const query = new URLSearchParams();
  const left: string[] = [];
  for (const [name, value] of Object.entries(values).filter(([, text]) => text !== '')) {
    const r4Parameter = r4.parameters.find((one) => one.name === name);
    const same = r4Parameter === undefined ? undefined : sameIn(served, r4Parameter);
    if (same === undefined) left.push(name);
    else for (const one of valuesOf(value, r4Parameter, same, r4, served)) query.append(same.name, one);
  }
  const text = query.toString();
  return { path: `/${served.name}${text === '' ? '' : `?${text}`}`, left };
}

const sameIn = ({ parameters }: Served, r4Parameter: Parameter): Parameter | undefined =>
  parameters.find(({ name }) => name === r4Parameter.name) ??
  parameters.find((one) => one['x-index'] !== undefined && one['x-index'] === r4Parameter['x-index']);

/**
 * Translates a value: an array becomes several parameters, and the example code of one version becomes that of the
 * other.
 */
function valuesOf(
  value: string,
  r4Parameter: Parameter | undefined,
  same: Parameter,
  r4: Served,
  served: Served,
): readonly string[] {
  if (same.name === '_sort') return [sortKey(value, r4, served)];
  if (value === exampleOf(r4Parameter)) return [exampleOf(same) ?? value];
  return same.schema.type === 'array' ? value.split(/\s+/).filter(Boolean) : [value];
}

function sortKey(value: string, r4: Served, served: Served): string {
  const [minus, key] = value.startsWith('-') ? ['-', value.slice(1)] : ['', value];
  const parameter = r4.parameters.find(({ name }) => name === key);
  const same = parameter === undefined ? undefined : sameIn(served, parameter);
  return `${minus}${same?.name ?? key}`;
}
