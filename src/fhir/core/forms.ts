import type { FhirVersion, ServedType } from './version.ts';

/** Name and value, as in a search. */
type Pair = readonly [name: string, value: string];

/** The stored types that have one name, as served types of their own: the one that has the name first of all. */
export const formsOf = (served: ServedType): readonly ServedType[] => [served, ...(served.also ?? [])];

/** Where its content comes from; undefined: it is the stored text. */
export const projectionOf = ({ projection }: Pick<FhirVersion, 'projection'>, served: ServedType): string | undefined =>
  served.projection ?? projection;

const known = new WeakMap<FhirVersion, ReadonlyMap<string, ServedType>>();
const keyOf = (stored: string, projection: string | undefined): string => `${stored} ${projection ?? ''}`;

/** Of which form rows are, by their stored type and the projection that a query found them in. */
export function formOfQuery(
  version: FhirVersion,
  { type, projection }: { readonly type: string; readonly projection: string | undefined },
): ServedType | undefined {
  let forms = known.get(version);
  if (forms === undefined) {
    forms = formsByKey(version);
    known.set(version, forms);
  }
  return forms.get(keyOf(type, projection));
}

const formsByKey = (version: FhirVersion) =>
  new Map(
    version.types.flatMap(formsOf).map((form) => [keyOf(form.stored, projectionOf(version, form)), form] as const),
  );

/** An id as a client has it. */
export const servedId = ({ idPrefix = '' }: ServedType, id: string): string => `${idPrefix}${id}`;

/** What a client means by an id: `careteam-6a0e…` is another stored type than `6a0e…`. */
export function formOfId(served: ServedType, id: string): { readonly form: ServedType; readonly id: string } {
  const form = served.also?.find((one) => hasPrefix(one, id)) ?? served;
  return { form, id: storedId(form, id) };
}

const hasPrefix = ({ idPrefix = '' }: ServedType, id: string): boolean =>
  idPrefix !== '' && id.toLowerCase().startsWith(idPrefix);
const storedId = ({ idPrefix = '' }: ServedType, id: string): string => id.slice(idPrefix.length);

const byName = new WeakMap<readonly ServedType[], ReadonlyMap<string, ServedType>>();

/** The type of this name, in any case; undefined: there is none. */
export function typeNamed(types: readonly ServedType[], name: string): ServedType | undefined {
  let named = byName.get(types);
  if (named === undefined) {
    named = new Map(types.map((type) => [type.name.toLowerCase(), type] as const));
    byName.set(types, named);
  }
  return named.get(name.toLowerCase());
}

/** What a name and an id lead to: a form of the type, and its id as it is stored; undefined: there is no such type. */
export function formNamed(types: readonly ServedType[], type: string | undefined, id: string) {
  const served = type === undefined ? undefined : typeNamed(types, type);
  return served && formOfId(served, id);
}

/**
 * The same search of one form: ids of it as they are stored. A cursor belongs to the search as a whole.
 * @returns undefined: it asks by a parameter of the type that this form does not have, and so for nothing of it
 */
export function pairsOfForm(served: ServedType, form: ServedType, pairs: readonly Pair[]): readonly Pair[] | undefined {
  if (form === served) return pairs;
  const has = ({ parameters }: ServedType, name: string) => parameters.some((one) => one.name === name);
  const isLacking = pairs.some(([name]) => has(served, plainName(name)) && !has(form, plainName(name)));
  if (isLacking) return undefined;
  return pairs
    .filter(([name]) => name !== '_cursor')
    .map(([name, value]) => [name, name === '_id' ? storedIds(form, value) : value]);
}

/** `patient`, of `patient:Patient.name`. */
const plainName = (name: string): string => name.split(/[:.]/, 1)[0] ?? name;

/** What no id is finds nothing; without any value it would not be asked at all. */
const storedIds = (form: ServedType, value: string): string =>
  value
    .split(',')
    .map((id) => (hasPrefix(form, id) ? storedId(form, id) : '-'))
    .join(',');
