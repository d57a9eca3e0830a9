import type { FhirVersion, ServedType } from './fhir-version.ts';

/** Name and value of a query parameter. */
export type NameValuePair = readonly [name: string, value: string];

/** All variants of a served type: the type itself first, then the other stored types with the same name. */
export const typeVariants = (served: ServedType): readonly ServedType[] => [served, ...(served.variants ?? [])];

/** Name of the projection that produces a type's content. Undefined if the stored text is served. */
export const projectionName = (
  { projection }: Pick<FhirVersion, 'projection'>,
  served: ServedType,
): string | undefined => served.projection ?? projection;

const variantsByVersion = new WeakMap<FhirVersion, ReadonlyMap<string, ServedType>>();
const variantKey = (stored: string, projection: string | undefined): string => `${stored} ${projection ?? ''}`;

/** Finds the variant that the rows of a query belong to, by stored type and projection. */
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

/** Converts a stored id to the id that clients use. */
export const toServedId = ({ idPrefix = '' }: ServedType, id: string): string => `${idPrefix}${id}`;

/** A variant and the id of a resource as it is stored. */
export interface VariantId {
  readonly variant: ServedType;
  readonly id: string;
}

/** Finds the variant that a client's id belongs to: `careteam-6a0e…` is another stored type than `6a0e…`. */
export function parseServedId(served: ServedType, id: string): VariantId {
  const form = served.variants?.find((one) => hasPrefix(one, id)) ?? served;
  return { variant: form, id: withoutPrefix(form, id) };
}

const hasPrefix = ({ idPrefix = '' }: ServedType, id: string): boolean =>
  idPrefix !== '' && id.toLowerCase().startsWith(idPrefix);
const withoutPrefix = ({ idPrefix = '' }: ServedType, id: string): string => id.slice(idPrefix.length);

const typesByName = new WeakMap<readonly ServedType[], ReadonlyMap<string, ServedType>>();

/** Finds a type by name, ignoring case. */
export function findTypeByName(types: readonly ServedType[], name: string): ServedType | undefined {
  let named = typesByName.get(types);
  if (named === undefined) {
    named = new Map(types.map((type) => [type.name.toLowerCase(), type] as const));
    typesByName.set(types, named);
  }
  return named.get(name.toLowerCase());
}

/** Finds the variant and stored id for a type name and a client's id. Returns undefined if there is no such type. */
export function resolveServedId(types: readonly ServedType[], type: string | undefined, id: string) {
  const served = type === undefined ? undefined : findTypeByName(types, type);
  return served && parseServedId(served, id);
}

/**
 * Translates the parameters of a search for one variant: `_id` takes stored ids, and the cursor is dropped, because it
 * belongs to the search as a whole.
 * @returns undefined if a parameter of the type is missing in this variant, so that nothing of it can match
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

/** Removes modifiers and chains: `patient:Patient.name` becomes `patient`. */
const baseParameterName = (name: string): string => name.split(/[:.]/, 1)[0] ?? name;

/** Ids of other variants become `-`, which matches nothing. Dropping them could leave no value, and so no condition. */
const toStoredIds = (form: ServedType, value: string): string =>
  value
    .split(',')
    .map((id) => (hasPrefix(form, id) ? withoutPrefix(form, id) : '-'))
    .join(',');
