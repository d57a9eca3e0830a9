import { isObject } from '../../kernel/index.ts';

/** One value of an element in a resource. */
export interface ElementValue {
  /** JSON value of the element. undefined for a primitive that has only an id or extensions. */
  readonly value: unknown;
  /** The `_name` property beside a primitive, which holds its id and extensions. */
  readonly primitiveExtension: Record<string, unknown> | undefined;
  /**
   * Datatype of a choice element, taken from its name (`Quantity` of `valueQuantity`). undefined if the element isn't a
   * choice.
   */
  readonly type: string | undefined;
  /** FHIRPath of the value in the resource. */
  readonly path: string;
}

/** The values of one element, and how the JSON represents them. */
export interface ElementValues {
  readonly all: readonly ElementValue[];
  /** JSON names with which the element occurs. A choice element may have only one. */
  readonly names: readonly string[];
  readonly isList: boolean;
  /** Error in the `_name` property beside a primitive; undefined if there is none. */
  readonly error?: string | undefined;
}

const containedCache = new WeakMap<object, ReadonlyMap<unknown, Record<string, unknown>>>();

/**
 * Returns the contained resources by id. The map is cached, so it is built once for a resource, however many references
 * it contains.
 */
export function containedById(root: Record<string, unknown>): ReadonlyMap<unknown, Record<string, unknown>> {
  const known = containedCache.get(root);
  if (known !== undefined) return known;
  const own = Array.isArray(root['contained']) ? root['contained'].filter(isObject) : [];
  const byId = new Map(own.map((one) => [one['id'], one] as const));
  containedCache.set(root, byId);
  return byId;
}

const NO_VALUES: ElementValues = { all: [], names: [], isList: false };

/**
 * Reads the values of an element.
 * @param name `status`, or `value[x]` for a choice
 * @param others elements that begin like a choice but aren't part of it: DSTU2's `reasonEnded` doesn't belong to its
 * `reason[x]`
 */
export function readValues(
  parent: Record<string, unknown>,
  name: string,
  path: string,
  others: Readonly<Record<string, unknown>> = {},
): ElementValues {
  if (!name.endsWith('[x]')) return readNamedValues(parent, name, `${path}.${name}`, undefined);
  const stem = name.slice(0, -3);
  const names = new Set<string>();
  for (const key of Object.keys(parent)) {
    const plain = key.startsWith('_') ? key.slice(1) : key;
    if (isChoiceName(plain, stem) && !Object.hasOwn(others, plain)) names.add(plain);
  }
  if (names.size === 0) return NO_VALUES;
  const found = [...names].map((one) => readNamedValues(parent, one, `${path}.${stem}`, one.slice(stem.length)));
  return {
    all: found.flatMap(({ all }) => all),
    names: [...names],
    isList: found.some(({ isList }) => isList),
    error: found.find(({ error }) => error !== undefined)?.error,
  };
}

/**
 * Whether an element name belongs to a choice element: `valueQuantity` belongs to `value[x]`, and `valueset` doesn't.
 */
export const isChoiceName = (name: string, stem: string): boolean =>
  name.length > stem.length && name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length));

function readNamedValues(
  parent: Record<string, unknown>,
  name: string,
  path: string,
  type: string | undefined,
): ElementValues {
  const value = parent[name];
  const beside = parent[`_${name}`];
  if (value === undefined && beside === undefined) return NO_VALUES;
  if (beside === undefined && !Array.isArray(value))
    return { all: [{ value, primitiveExtension: undefined, type, path }], names: [name], isList: false };
  const isList = Array.isArray(value) || (value === undefined && Array.isArray(beside));
  const besides = Array.isArray(beside) ? beside : [beside];
  const values = Array.isArray(value) ? value : [value];
  const count = Math.max(values.length, beside === undefined ? 0 : besides.length);
  const all = Array.from({ length: count }, (_, at): ElementValue => {
    const extra = besides[at];
    return {
      // FHIR R4 §2.6.2.3: null fills gaps, so that values and `_name` entries have the same indexes.
      value: values[at] === null && isObject(extra) ? undefined : values[at],
      primitiveExtension: isObject(extra) ? extra : undefined,
      type,
      path: isList ? `${path}[${at}]` : path,
    };
  });
  return { all, names: [name], isList, error: primitiveExtensionError(value, beside) };
}

/**
 * Checks the `_name` property beside a primitive, which must have the same shape as the primitive. FHIR R4 §2.6.2: no
 * object or array is empty. FHIR R4 §2.6.2.3: null only fills gaps in the two arrays.
 * @returns the error text, or undefined if the property is valid
 */
function primitiveExtensionError(value: unknown, beside: unknown): string | undefined {
  if (beside === undefined) return undefined;
  const isArray = Array.isArray(beside);
  if (value !== undefined && isArray !== Array.isArray(value))
    return `The underscore property (_name) of ${isArray ? 'a single value must be an object, not an array' : 'an array must be an array'}.`;
  if (value === null) return 'null isn’t a value. Remove it.';
  if (!isArray) return isNonEmptyObject(beside) ? undefined : EMPTY_EXTENSION_ERROR;
  if (beside.length === 0) return 'An array must not be empty. Remove it.';
  return beside.every((one) => one === null || isNonEmptyObject(one)) ? undefined : EMPTY_EXTENSION_ERROR;
}

const EMPTY_EXTENSION_ERROR =
  'The underscore property (_name) of a value must be an object with an id or extensions. Otherwise remove it.';

const isNonEmptyObject = (one: unknown): boolean => isObject(one) && Object.keys(one).length > 0;
