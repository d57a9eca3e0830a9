import { faultOfBeside } from './beside.ts';

/** One value of an element in a resource. */
export interface Value {
  /** undefined for a primitive that has only an id or extensions. */
  readonly value: unknown;
  /** The `_name` property beside a primitive. */
  readonly beside: Record<string, unknown> | undefined;
  /** Type of a choice element, taken from its name (`valueQuantity`). */
  readonly type: string | undefined;
  /** FHIRPath of the value. */
  readonly path: string;
}

/** The values of one element with their JSON shape. */
export interface Values {
  readonly all: readonly Value[];
  /** JSON names that are used. A choice may have only one. */
  readonly names: readonly string[];
  readonly isList: boolean;
  /** Error in the `_name` property, if any. */
  readonly fault?: string | undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const contained = new WeakMap<object, ReadonlyMap<unknown, Record<string, unknown>>>();

/** Contained resources by id, cached by container, however many references point to them. */
export function containedIn(root: Record<string, unknown>): ReadonlyMap<unknown, Record<string, unknown>> {
  const known = contained.get(root);
  if (known !== undefined) return known;
  const own = Array.isArray(root['contained']) ? root['contained'].filter(isObject) : [];
  const byId = new Map(own.map((one) => [one['id'], one] as const));
  contained.set(root, byId);
  return byId;
}

const NONE: Values = { all: [], names: [], isList: false };

/**
 * @param name `status`, or `value[x]` for a choice
 * @param others elements beside a choice that aren't part of it: DSTU2's `reasonEnded` doesn't belong to its
 * `reason[x]`
 */
export function valuesOf(
  parent: Record<string, unknown>,
  name: string,
  path: string,
  others: Readonly<Record<string, unknown>> = {},
): Values {
  if (!name.endsWith('[x]')) return named(parent, name, `${path}.${name}`, undefined);
  const stem = name.slice(0, -3);
  const names = new Set<string>();
  for (const key of Object.keys(parent)) {
    const plain = key.startsWith('_') ? key.slice(1) : key;
    if (isChoice(plain, stem) && !Object.hasOwn(others, plain)) names.add(plain);
  }
  if (names.size === 0) return NONE;
  const found = [...names].map((one) => named(parent, one, `${path}.${stem}`, one.slice(stem.length)));
  return {
    all: found.flatMap(({ all }) => all),
    names: [...names],
    isList: found.some(({ isList }) => isList),
    fault: found.find(({ fault: error }) => error !== undefined)?.fault,
  };
}

/** Whether a name belongs to a choice: `valueQuantity` does belong to `value[x]`, `valueset` doesn't. */
export const isChoice = (name: string, stem: string): boolean =>
  name.length > stem.length && name.startsWith(stem) && /^[A-Z]/.test(name.slice(stem.length));

function named(parent: Record<string, unknown>, name: string, path: string, type: string | undefined): Values {
  const value = parent[name];
  const beside = parent[`_${name}`];
  if (value === undefined && beside === undefined) return NONE;
  if (beside === undefined && !Array.isArray(value))
    return { all: [{ value, beside: undefined, type, path }], names: [name], isList: false };
  const isList = Array.isArray(value) || (value === undefined && Array.isArray(beside));
  const besides = Array.isArray(beside) ? beside : [beside];
  const values = Array.isArray(value) ? value : [value];
  const count = Math.max(values.length, beside === undefined ? 0 : besides.length);
  const all = Array.from({ length: count }, (_, at): Value => {
    const extra = besides[at];
    return {
      // FHIR R4 §2.6.2.3: null fills gaps, so that the two arrays keep the same indexes.
      value: values[at] === null && isObject(extra) ? undefined : values[at],
      beside: isObject(extra) ? extra : undefined,
      type,
      path: isList ? `${path}[${at}]` : path,
    };
  });
  return { all, names: [name], isList, fault: faultOfBeside(value, beside) };
}
