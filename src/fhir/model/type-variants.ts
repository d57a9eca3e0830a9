import type { FhirVersion, ServedType } from './fhir-version.ts';

/** Name and value of a query parameter, decoded. */
export type NameValuePair = readonly [name: string, value: string];

/**
 * Lists all R4 types that are served under one name, such as CarePlan and CareTeam as DSTU2 CarePlan. The type itself
 * comes first.
 */
export const typeVariants = (served: ServedType): readonly ServedType[] => [served, ...(served.variants ?? [])];

/**
 * Returns the name of the projection (stored conversion) that has the content of a type. Undefined if the API serves
 * the stored R4 text.
 */
export const projectionName = (
  { projection }: Pick<FhirVersion, 'projection'>,
  served: ServedType,
): string | undefined => served.projection ?? projection;

const variantsByVersion = new WeakMap<FhirVersion, ReadonlyMap<string, ServedType>>();
const variantKey = (stored: string, projection: string | undefined): string => `${stored} ${projection ?? ''}`;

/**
 * Finds the served type that a query reads. Its R4 type and projection identify it, because several R4 types can be
 * served under one name.
 */
export function findVariantOfQuery(
  version: FhirVersion,
  { type, projection }: { readonly type: string; readonly projection: string | undefined },
): ServedType | undefined {
  let variants = variantsByVersion.get(version);
  if (variants === undefined) {
    variants = indexVariants(version);
    variantsByVersion.set(version, variants);
  }
  return variants.get(variantKey(type, projection));
}

const indexVariants = (version: FhirVersion) =>
  new Map(
    version.types
      .flatMap(typeVariants)
      .map((form) => [variantKey(form.stored, projectionName(version, form)), form] as const),
  );

/** Converts a stored id to the id that clients see, which may have a prefix such as `careteam-`. */
export const toServedId = ({ idPrefix = '' }: ServedType, id: string): string => `${idPrefix}${id}`;

/**
 * A stored id and the type of its resource. Several R4 types can share a served name, so the name alone doesn't
 * identify the type.
 */
export interface VariantId {
  readonly variant: ServedType;
  readonly id: string;
}

/**
 * Splits the id that a client sent. Its prefix tells which R4 type is meant: in DSTU2, `CarePlan/careteam-6a0e…` is a
 * CareTeam and `CarePlan/6a0e…` is a CarePlan.
 */
export function parseServedId(served: ServedType, id: string): VariantId {
  const form = served.variants?.find((one) => hasPrefix(one, id)) ?? served;
  return { variant: form, id: withoutPrefix(form, id) };
}

const hasPrefix = ({ idPrefix = '' }: ServedType, id: string): boolean =>
  idPrefix !== '' && id.toLowerCase().startsWith(idPrefix);
const withoutPrefix = ({ idPrefix = '' }: ServedType, id: string): string => id.slice(idPrefix.length);

const typesByName = new WeakMap<readonly ServedType[], ReadonlyMap<string, ServedType>>();

/** Finds a served type by its name, ignoring case. */
export function findTypeByName(types: readonly ServedType[], name: string): ServedType | undefined {
  let named = typesByName.get(types);
  if (named === undefined) {
    named = new Map(types.map((type) => [type.name.toLowerCase(), type] as const));
    typesByName.set(types, named);
  }
  return named.get(name.toLowerCase());
}

/**
 * Finds the R4 type and the stored id for the type name and id that a client sent. Returns undefined if the FHIR
 * version has no type of this name.
 */
export function resolveServedId(types: readonly ServedType[], type: string | undefined, id: string) {
  const served = type === undefined ? undefined : findTypeByName(types, type);
  return served && parseServedId(served, id);
}

/**
 * Several R4 types can be served under one name. Translates the query parameters of a search by that name for one of
 * these R4 types: `_id` gets stored ids, and the page cursor is dropped, because it belongs to the search as a whole.
 * @returns undefined if the search uses a parameter that this R4 type lacks, so that no resource of it can match
 */
export function parametersForVariant(
  served: ServedType,
  form: ServedType,
  pairs: readonly NameValuePair[],
): readonly NameValuePair[] | undefined {
  if (form === served) return pairs;
  const has = ({ parameters }: ServedType, name: string) => parameters.some((one) => one.name === name);
  const isLacking = pairs.some(([name]) => has(served, baseParameterName(name)) && !has(form, baseParameterName(name)));
  if (isLacking) return undefined;
  return pairs
    .filter(([name]) => name !== '_cursor')
    .map(([name, value]) => [name, name === '_id' ? toStoredIds(form, value) : value]);
}

/** Removes modifiers and chains from a parameter name: `patient:Patient.name` becomes `patient`. */
const baseParameterName = (name: string): string => name.split(/[:.]/, 1)[0] ?? name;

/**
 * Converts the value of `_id` to stored ids. An id whose prefix belongs to another R4 type becomes `-`, which matches
 * nothing. Dropping it could leave the parameter without a value, and the search would then match everything.
 */
const toStoredIds = (form: ServedType, value: string): string =>
  value
    .split(',')
    .map((id) => (hasPrefix(form, id) ? withoutPrefix(form, id) : '-'))
    .join(',');
