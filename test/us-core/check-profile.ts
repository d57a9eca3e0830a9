/** The parts of an ElementDefinition in a snapshot that this check reads. */
export interface ElementDefinition {
  readonly id: string;
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly sliceName?: string;
  readonly type?: readonly { readonly code: string }[];
  readonly contentReference?: string;
  readonly slicing?: { readonly discriminator?: readonly { readonly type: string; readonly path: string }[] };
  readonly [fixedOrPattern: string]: unknown;
}

export interface StructureDefinition {
  readonly resourceType: 'StructureDefinition';
  readonly url: string;
  readonly type: string;
  readonly kind: string;
  readonly snapshot: { readonly element: readonly ElementDefinition[] };
}

type Json = Record<string, unknown>;

/** StructureDefinitions of profiles by URL, and of datatypes by name. */
export type Definitions = ReadonlyMap<string, StructureDefinition>;

/**
 * Checks a value against the snapshot of a profile.
 * @returns structural errors: unknown elements, wrong cardinality, missing slices, other values than a fixed value or
 * pattern, and wrong JSON types of primitives
 */
export function checkProfile(value: Json, profile: StructureDefinition, definitions: Definitions): string[] {
  const [root, ...elements] = profile.snapshot.element;
  return root === undefined ? [] : checkNode(value, root, elements, definitions);
}

function checkNode(
  value: Json,
  parent: ElementDefinition,
  elements: readonly ElementDefinition[],
  definitions: Definitions,
): string[] {
  const children = elements.filter((each) => isChild(each.id, parent.id));
  const plain = children.filter((each) => each.sliceName === undefined);
  const known = new Set(plain.flatMap((each) => keysOf(each)));
  const unknown = Object.keys(value).filter((key) => key !== 'resourceType' && !known.has(key.replace(/^_/, '')));
  return [
    ...unknown.map((key) => `${parent.id} has no element ${key}`),
    ...plain.flatMap((each) => checkElement(value, each, elements, children, definitions)),
  ];
}

function checkElement(
  value: Json,
  element: ElementDefinition,
  all: readonly ElementDefinition[],
  siblings: readonly ElementDefinition[],
  definitions: Definitions,
): string[] {
  const found = keysOf(element).flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]] as const]));
  const values = found.flatMap(([key, given]) =>
    (Array.isArray(given) ? given : [given]).map((one) => [key, one] as const),
  );
  const slices = siblings.filter((each) => each.id.startsWith(`${element.id}:`) && each.sliceName !== undefined);
  return [
    ...count(element, values.length),
    ...found.flatMap(([key, given]) =>
      Array.isArray(given) === (baseMax(element) === '1')
        ? [`${element.id}: ${key} should ${Array.isArray(given) ? 'not ' : ''}be a list`]
        : [],
    ),
    ...values.flatMap(([key, one]) => checkValue(one, key, element, all, definitions)),
    ...slices.flatMap((slice) => checkSlice(values, slice, element, all, definitions)),
  ];
}

/**
 * Checks the number of members of a slice against its cardinality. A member has the values of the slice's
 * discriminators (FHIR R4 profiling §5.1.0.12).
 */
function checkSlice(
  found: readonly (readonly [key: string, value: unknown])[],
  slice: ElementDefinition,
  sliced: ElementDefinition,
  all: readonly ElementDefinition[],
  definitions: Definitions,
): string[] {
  const own = found.filter(([key, value]) => belongs(key, value, slice, sliced, all)).map(([, value]) => value);
  const inner = all.filter((each) => isChild(each.id, slice.id));
  return [
    ...(isRecognisable(slice, sliced, all) ? count(slice, own.length) : []),
    ...own.flatMap((value) =>
      inner
        .filter((each) => each.sliceName === undefined)
        .flatMap((each) => checkElement(value as Json, each, all, inner, definitions)),
    ),
  ];
}

const discriminators = (sliced: ElementDefinition) => sliced.slicing?.discriminator ?? [];
const isByType = (sliced: ElementDefinition): boolean => discriminators(sliced).some(({ type }) => type === 'type');

/** Fixed values and patterns by which members of a slice are recognized. */
function marks(slice: ElementDefinition, sliced: ElementDefinition, all: readonly ElementDefinition[]) {
  const paths = discriminators(sliced).map(({ path }) => (path === '$this' ? '' : path));
  return [slice, ...all.filter((each) => each.id.startsWith(`${slice.id}.`))]
    .flatMap((each) => fixedOf(each, slice))
    .filter(([path]) => paths.some((start) => path.join('.').startsWith(start)));
}

/**
 * Whether members of a slice can be recognized. If only a value set tells them apart, that would need a terminology
 * service.
 */
const isRecognisable = (slice: ElementDefinition, sliced: ElementDefinition, all: readonly ElementDefinition[]) =>
  isByType(sliced) || marks(slice, sliced, all).length > 0;

function belongs(
  key: string,
  value: unknown,
  slice: ElementDefinition,
  sliced: ElementDefinition,
  all: readonly ElementDefinition[],
): boolean {
  if (isByType(sliced)) return key === slice.sliceName;
  const fixed = marks(slice, sliced, all);
  return (
    fixed.length > 0 && fixed.every(([path, expected]) => at(value, path).some((given) => matches(given, expected)))
  );
}

function checkValue(
  value: unknown,
  key: string,
  element: ElementDefinition,
  all: readonly ElementDefinition[],
  definitions: Definitions,
): string[] {
  const wrong = fixedOf(element, element).filter(([, expected]) => !matches(value, expected));
  if (wrong.length > 0) return [`${element.id} is not ${JSON.stringify(wrong[0]?.[1])}`];
  if (all.some((each) => isChild(each.id, element.id))) return checkNode(value as Json, element, all, definitions);
  if (element.contentReference !== undefined) return [];
  return checkType(value, typeName(key, element), element.id, definitions);
}

/**
 * Checks a value against the definition of its datatype. A primitive has a JSON type and a pattern (FHIR R4 datatypes
 * §2.24.0.1).
 */
function checkType(value: unknown, type: string, where: string, definitions: Definitions): string[] {
  const primitive = PRIMITIVES[type];
  if (primitive !== undefined) return primitive(value) ? [] : [`${where}: ${JSON.stringify(value)} is no ${type}`];
  const definition = definitions.get(type);
  if (type === 'Resource' || definition === undefined)
    return type === 'Resource' ? [] : [`${where}: unknown type ${type}`];
  if (typeof value !== 'object' || value === null) return [`${where}: ${JSON.stringify(value)} is no ${type}`];
  return checkProfile(value as Json, definition, definitions).map((error) => `${where}: ${error}`);
}

const text = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const DATE = '\\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\\d|3[01]))?)?';
const TIME = 'T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)';
const whole = (value: unknown) => Number.isInteger(value);

const PRIMITIVES: Record<string, (value: unknown) => boolean> = {
  boolean: (value) => typeof value === 'boolean',
  decimal: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: whole,
  unsignedInt: (value) => whole(value) && (value as number) >= 0,
  positiveInt: (value) => whole(value) && (value as number) > 0,
  id: text(/^[A-Za-z0-9\-.]{1,64}$/),
  code: text(/^[^\s]+( [^\s]+)*$/),
  date: text(new RegExp(`^${DATE}$`)),
  dateTime: text(new RegExp(`^(${DATE}|\\d{4}-\\d\\d-\\d\\d${TIME})$`)),
  instant: text(new RegExp(`^\\d{4}-\\d\\d-\\d\\d${TIME}$`)),
  base64Binary: text(/^[A-Za-z0-9+/]+=*$/),
  uri: text(/^\S+$/),
  url: text(/^\S+$/),
  canonical: text(/^\S+$/),
  oid: text(/^urn:oid:/),
  uuid: text(/^urn:uuid:/),
  time: text(/^\d\d:\d\d:\d\d/),
  string: text(/\S/),
  markdown: text(/\S/),
  xhtml: text(/^<div/),
  'http://hl7.org/fhirpath/System.String': text(/\S/),
};

const count = ({ id, min, max }: ElementDefinition, found: number): string[] => [
  ...(found < min ? [`${id}: ${found} of at least ${min}`] : []),
  ...(max !== '*' && found > Number(max) ? [`${id}: ${found} of at most ${max}`] : []),
];

/** Whether an element is a direct child, or a slice of one: `A.b` and `A.b:s` are children of `A`, `A.b.c` isn't. */
const isChild = (id: string, parent: string): boolean =>
  id.startsWith(`${parent}.`) && !id.slice(parent.length + 1).includes('.');

const lastOf = (element: ElementDefinition): string => element.path.slice(element.path.lastIndexOf('.') + 1);
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Names of an element in JSON. `value[x]` has one name for each type. */
function keysOf(element: ElementDefinition): readonly string[] {
  const name = lastOf(element);
  if (!name.endsWith('[x]')) return [name];
  return (element.type ?? []).map(({ code }) => `${name.slice(0, -3)}${capital(code)}`);
}

const typeName = (key: string, element: ElementDefinition): string => {
  const name = lastOf(element);
  const types = element.type ?? [];
  if (!name.endsWith('[x]')) return types[0]?.code ?? '';
  return types.find(({ code }) => key === `${name.slice(0, -3)}${capital(code)}`)?.code ?? '';
};

const baseMax = (element: ElementDefinition): string =>
  (element['base'] as { max: string } | undefined)?.max ?? element.max;

/** Fixed values and patterns below a slice or element, each with its relative path. */
function fixedOf(
  element: ElementDefinition,
  from: ElementDefinition,
): (readonly [path: readonly string[], expected: unknown])[] {
  const key = Object.keys(element).find((name) => /^(fixed|pattern)[A-Z]/.test(name));
  if (key === undefined) return [];
  const path = element.id
    .slice(from.id.length + 1)
    .split('.')
    .map((step) => step.replace(/:.*$/, ''));
  return [[path.filter((step) => step !== ''), element[key]]];
}

function at(value: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path;
  if (step === undefined) return [value];
  const next = (value as Json | undefined)?.[step.replace('[x]', '')];
  return (Array.isArray(next) ? next : next === undefined ? [] : [next]).flatMap((one) => at(one, rest));
}

/**
 * Whether a value matches a FHIR pattern: it has everything in the pattern, and lists have a match for each item of the
 * pattern's list.
 */
function matches(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((item) => value.some((one) => matches(one, item)));
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(pattern).every(([key, inner]) => matches((value as Json)[key], inner))
  );
}
