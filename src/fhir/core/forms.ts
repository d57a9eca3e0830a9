import type { FhirVersion, ServedType } from './version.ts';

/** Name and value of a query parameter. */
export type NameValuePair = readonly [name: string, value: string];

/** All variants of a served type: the type itself first, then the other stored types with the same name. */
export const formsOf = (served: ServedType): readonly ServedType[] => [served, ...(served.also ?? [])];

/** Name of the projection that produces a type's content. Undefined if the stored text is served. */
export const projectionOf = ({ projection }: Pick<FhirVersion, 'projection'>, served: ServedType): string | undefined =>
  served.projection ?? projection;

const known = new WeakMap<FhirVersion, ReadonlyMap<string, ServedType>>();
const keyOf = (stored: string, projection: string | undefined): string => `${stored} ${projection ?? ''}`;

/** Finds the variant that the rows of a query belong to, by stored type and projection. */
export function formOfQuery(
  version: FhirVersion,
  { type, projection }: { readonly type: string; readonly projection: string | undefined },
): ServedType | undefined {
  let variants = known.get(version);
  if (variants === undefined) {
    variants = formsByKey(version);
    known.set(version, variants);
  }
  return variants.get(keyOf(type, projection));
}

const formsByKey = (version: FhirVersion) =>
  new Map(
    version.types.flatMap(formsOf).map((form) => [keyOf(form.stored, projectionOf(version, form)), form] as const),
  );

/** Converts a stored id to the id that clients use. */
export const servedId = ({ idPrefix = '' }: ServedType, id: string): string => `${idPrefix}${id}`;

/** A variant and the id of a resource as it is stored. */
export interface StoredId {
  readonly form: ServedType;
  readonly id: string;
}

/** Finds the variant that a client's id belongs to: `careteam-6a0e…` is another stored type than `6a0e…`. */
export function formOfId(served: ServedType, id: string): StoredId {
  const form = served.also?.find((one) => hasPrefix(one, id)) ?? served;
  return { form, id: storedId(form, id) };
}

const hasPrefix = ({ idPrefix = '' }: ServedType, id: string): boolean =>
  idPrefix !== '' && id.toLowerCase().startsWith(idPrefix);
const storedId = ({ idPrefix = '' }: ServedType, id: string): string => id.slice(idPrefix.length);

const byName = new WeakMap<readonly ServedType[], ReadonlyMap<string, ServedType>>();

/** Finds a type by name, ignoring case. */
export function typeNamed(types: readonly ServedType[], name: string): ServedType | undefined {
  let named = byName.get(types);
  if (named === undefined) {
    named = new Map(types.map((type) => [type.name.toLowerCase(), type] as const));
    byName.set(types, named);
  }
  return named.get(name.toLowerCase());
}

/** Finds the variant and stored id for a type name and a client's id. Returns undefined if there is no such type. */
export function formNamed(types: readonly ServedType[], type: string | undefined, id: string) {
  const served = type === undefined ? undefined : typeNamed(types, type);
  return served && formOfId(served, id);
}

/**
 * Translates the parameters of a search for one variant: `_id` takes stored ids, and the cursor is dropped, because it
 * belongs to the search as a whole.
 * @returns undefined if a parameter of the type is missing in this variant, so that nothing of it can match
 */
export function pairsOfForm(
  served: ServedType,
  form: ServedType,
  pairs: readonly NameValuePair[],
): readonly NameValuePair[] | undefined {
  if (form === served) return pairs;
  const has = ({ parameters }: ServedType, name: string) => parameters.some((one) => one.name === name);
  const isLacking = pairs.some(([name]) => has(served, plainName(name)) && !has(form, plainName(name)));
  if (isLacking) return undefined;
  return pairs
    .filter(([name]) => name !== '_cursor')
    .map(([name, value]) => [name, name === '_id' ? storedIds(form, value) : value]);
}

/** Removes modifiers and chains: `patient:Patient.name` becomes `patient`. */
const plainName = (name: string): string => name.split(/[:.]/, 1)[0] ?? name;

/** Ids of other variants become `-`, which matches nothing. Dropping them could leave no value, and so no condition. */
const storedIds = (form: ServedType, value: string): string =>
  value
    .split(',')
    .map((id) => (hasPrefix(form, id) ? storedId(form, id) : '-'))
    .join(',');
