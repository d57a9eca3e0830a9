import { faultOfBeside } from './beside.ts';

/** One value of an element, as it stands in the resource. */
export interface Value {
  /** undefined: a primitive that has only an id or extensions. */
  readonly value: unknown;
  /** `_name`, beside a primitive. */
  readonly beside: Record<string, unknown> | undefined;
  /** Its type, where the element has several: from the name, `valueQuantity`. */
  readonly type: string | undefined;
  /** As FHIRPath. */
  readonly path: string;
}

/** The values of one element, and how they are written. */
export interface Values {
  readonly all: readonly Value[];
  /** Names it is written under: of a choice there may be only one. */
  readonly names: readonly string[];
  readonly isList: boolean;
  /** What is wrong with what stands beside them; undefined: nothing. */
  readonly fault?: string | undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const contained = new WeakMap<object, ReadonlyMap<unknown, Record<string, unknown>>>();

/** What a resource contains, by id: looked through once, however many refer to it. */
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
 * @param name `status`, or for a choice `value[x]`
 * @param others elements beside a choice: DSTU2's `reasonEnded` is none of its `reason[x]`
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
    fault: found.find(({ fault }) => fault !== undefined)?.fault,
  };
}

/** `valueQuantity` is one of `value[x]`; `valueset` is none. */
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
      // FHIR R4 §2.6.2.3: null keeps the places of the two arrays together
      value: values[at] === null && isObject(extra) ? undefined : values[at],
      beside: isObject(extra) ? extra : undefined,
      type,
      path: isList ? `${path}[${at}]` : path,
    };
  });
  return { all, names: [name], isList, fault: faultOfBeside(value, beside) };
}
