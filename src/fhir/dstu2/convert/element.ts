import { isLosslessNumber } from 'lossless-json';

/** An element or resource as it was read. */
export type Json = Readonly<Record<string, unknown>>;
/** One that is being made. */
export type Draft = Record<string, unknown>;

/** What every conversion may have to know of the resource around it. */
export interface Context {
  /** By `#id`: the resource as stored, and its type here; undefined when it has no form here. */
  readonly contained: ReadonlyMap<string, { readonly source: Json; readonly type: string | undefined }>;
  /** Extensions may hold every datatype and every datatype extensions: handed down, or files would import each other. */
  readonly extension: Convert;
  /**
   * What stored references point to in DSTU2, where the type in them does not tell: `PractitionerRole/x` by
   * `Practitioner/y`, `ServiceRequest/x` by `DiagnosticOrder/x`.
   */
  readonly placed: ReadonlyMap<string, string | undefined>;
  /** Of a Practitioner: the stored PractitionerRoles. */
  readonly roles: readonly Json[];
}

/** From a value of R4 to one of DSTU2; undefined: DSTU2 has nothing to say it with. */
export interface Convert {
  (value: unknown, context: Context): unknown;
  /** The rules of its parts, where they are told by a table: the report of what is lost reads them. */
  readonly parts?: Rules;
}
/** What becomes of one element of `from`, written `into` the draft. */
export interface Rule {
  (from: Json, name: string, into: Draft, context: Context): void;
  /** As in `Convert`. */
  readonly parts?: Rules;
  /** Only some values of the element find a place: the report names it. */
  readonly partly?: true;
  /** Of several values one finds a place: the report names it. */
  readonly single?: true;
}
export type Rules = ReadonlyMap<string, Rule>;
export type Codes = ReadonlyMap<string, string>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const objectsIn = (value: unknown): readonly Json[] => listOf(value).filter(isObject);
/**
 * Parts whose content goes into something else, where nothing could warn of what changes their meaning: those that have
 * a modifier extension are left out.
 */
export const unmodified = (value: unknown): readonly Json[] =>
  objectsIn(value).filter((one) => one['modifierExtension'] === undefined);
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const codes = (table: Readonly<Record<string, string>>): Codes => new Map(Object.entries(table));
export const sameCodes = (...same: readonly string[]): Codes => new Map(same.map((code) => [code, code]));

/** No DSTU2 element. */
export const dropped: Rule = () => {};
/** Read together with others: by the rule of another element, or when the type is completed. */
export const readElsewhere: Rule = () => {};

type Marks = Pick<Rule, 'parts' | 'partly' | 'single'>;

/** A rule that works by another: the report of what is lost has it as that one. */
export function markedAs(rule: Marks, made: Rule, more: Marks = {}): Rule {
  const own = { parts: rule.parts, partly: rule.partly, single: rule.single, ...more };
  return Object.assign(made, Object.fromEntries(Object.entries(own).filter(([, mark]) => mark !== undefined)));
}
const marked = (rule: Rule, more: Marks): Rule =>
  markedAs(rule, (...[from, name, into, context]: Parameters<Rule>) => rule(from, name, into, context), more);

/** See `Rule.partly`. */
export const partly = (rule: Rule): Rule => marked(rule, { partly: true });
/** See `Rule.single`. */
export const single = (rule: Rule): Rule => marked(rule, { single: true });

/** A primitive under another name, with the id and extensions in its `_sibling`. */
export const keptAs =
  (to: string | undefined): Rule =>
  (from, name, into, context) => {
    keep(from[name], from, name, to ?? name, into, context);
  };
export const kept: Rule = keptAs(undefined);

/** A value in the place of the one there is, with what stands beside that. */
export function keep(value: unknown, from: Json, name: string, to: string, into: Draft, context: Context): void {
  const beside = from[nameBeside(name)];
  const sibling = beside === undefined ? undefined : siblingOf(beside, value, context);
  const [values, siblings] = Array.isArray(beside) && Array.isArray(value) ? filled(value, sibling) : [value, sibling];
  if (isPrimitive(values)) into[to] = values;
  if (siblings !== undefined) into[nameBeside(to)] = siblings;
}

/** Without the items that have neither a value nor, any more, something beside it. */
function filled(values: readonly unknown[], sibling: unknown): readonly [unknown, unknown] {
  const siblings = listOf(sibling);
  const isThere = (_: unknown, at: number): boolean => values[at] !== null || (siblings[at] ?? null) !== null;
  const rest = values.filter(isThere);
  return rest.length === 0
    ? [undefined, undefined]
    : [rest, sibling === undefined ? undefined : siblings.filter(isThere)];
}

/** `_status`. Every primitive element is asked for it: a name that is put together anew is the slowest to look up. */
function nameBeside(name: string): string {
  const known = besides.get(name);
  if (known !== undefined) return known;
  const made = `_${name}`;
  if (besides.size < MOST_NAMES) besides.set(name, made);
  return made;
}
const besides = new Map<string, string>();
/** More than the elements there are. */
const MOST_NAMES = 5000;

/** A code with other codes in DSTU2: what the table lacks is left out. */
export const coded =
  (table: Codes): Rule =>
  (from, name, into, context) => {
    const value = from[name];
    const code = typeof value === 'string' ? table.get(value) : undefined;
    if (value === undefined) kept(from, name, into, context);
    else if (code !== undefined) keep(code, from, name, name, into, context);
  };

/** A complex element, or a list of them. */
export const of = (convert: Convert, to?: string): Rule =>
  likeParts(convert, (from, name, into, context) => {
    const value = from[name];
    const made = Array.isArray(value) ? manyOf(value, convert, context) : convert(value, context);
    if (made !== undefined) into[to ?? name] = made;
  });

/** Made with the parts of something else: a rule of them, or a conversion around theirs. */
export const likeParts = <Made extends Convert | Rule>({ parts }: Convert, made: Made): Made =>
  parts === undefined ? made : Object.assign(made, { parts });
/** A conversion whose parts are no elements of a type of its own: of a datatype. */
export const datatype =
  (convert: Convert): Convert =>
  (value, context) =>
    convert(value, context);

/** 0..* in R4, 0..1 in DSTU2: the first that DSTU2 can say. */
export const firstOf = (convert: Convert, to?: string): Rule => single(oneOf(convert, to));

/** The same where the others are told in another place. */
export const oneOf = (convert: Convert, to?: string): Rule =>
  likeParts(convert, (from, name, into, context) => {
    const made = manyOf(listOf(from[name]), convert, context)?.[0];
    if (made !== undefined) into[to ?? name] = made;
  });

/** Several elements of R4 stand in one list of DSTU2. */
export const addedTo = (to: string, convert: Convert): Rule =>
  likeParts(convert, (from, name, into, context) =>
    add(into, to, manyOf([from[name] ?? []].flat(), convert, context) ?? []),
  );

/** Further entries of a list. */
export function add(into: Draft, to: string, made: readonly unknown[]): void {
  if (made.length > 0) into[to] = [...listOf(into[to]), ...made];
}

/** One primitive in R4, a list in DSTU2. */
export const keptAsList: Rule = (from, name, into, context) => {
  const one: Draft = {};
  kept(from, name, one, context);
  for (const [key, value] of Object.entries(one)) into[key] = [value];
};

/** Every element has an id and extensions. A modifier extension stays word for word: it must still warn the client. */
const COMMON: Readonly<Record<string, Rule>> = {
  id: kept,
  extension: (from, _name, into, context) => of(context.extension)(from, 'extension', into, context),
  modifierExtension: (from, _name, into) => {
    into['modifierExtension'] = from['modifierExtension'];
  },
};

export const rules = (own: Readonly<Record<string, Rule>>): Rules => new Map(Object.entries({ ...COMMON, ...own }));
/** Of an element whose content goes into the one around it. */
export const partialRules = (own: Readonly<Record<string, Rule>>): Rules => new Map(Object.entries(own));

const UNDERSCORE = 0x5f;

/** Goes by what is there, not by what could be; an element without a rule goes nowhere. */
export function apply(table: Rules, from: Json, into: Draft, context: Context): void {
  for (const key of Object.keys(from)) {
    const name = key.charCodeAt(0) === UNDERSCORE ? key.slice(1) : key;
    if (name !== key && Object.hasOwn(from, name)) continue;
    table.get(name)?.(from, name, into, context);
  }
}

/** The conversion of an element that has these parts; there is no element without the required ones, or with none at all. */
export function shape(own: Readonly<Record<string, Rule>>, ...required: readonly string[]): Convert {
  const table = rules(own);
  const convert: Convert = (value, context) => {
    if (!isObject(value)) return undefined;
    const made: Draft = {};
    apply(table, value, made, context);
    const complete = required.every((name) => made[name] !== undefined || made[`_${name}`] !== undefined);
    return complete && holdsSomething(made) ? made : undefined;
  };
  return Object.assign(convert, { parts: table });
}

function manyOf(values: readonly unknown[], convert: Convert, context: Context): readonly unknown[] | undefined {
  const made = values.map((value) => convert(value, context)).filter((value) => value !== undefined);
  return made.length === 0 ? undefined : made;
}

function isPrimitive(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined;
  if (Array.isArray(value)) return value.every((item) => item === null || isPrimitive(item));
  return isLosslessNumber(value);
}

/** FHIR DSTU2, ele-1: an id alone is no content. */
const holdsSomething = (made: Draft): boolean => Object.keys(made).some((name) => name !== 'id');

/** A list of primitives has a list beside it, with null where an item has neither id nor extension. */
function siblingOf(beside: unknown, value: unknown, context: Context): unknown {
  if (!Array.isArray(beside)) return besideOne(beside, isPrimitive(value), context);
  const made = beside.map((item, at) => besideOne(item, isPrimitive(listOf(value)[at]), context) ?? null);
  return made.every((item) => item === null) ? undefined : made;
}

function besideOne(one: unknown, hasValue: boolean, context: Context): Json | undefined {
  if (!isObject(one)) return undefined;
  const made: Draft = {};
  apply(OF_PRIMITIVES, one, made, context);
  const isContent = holdsSomething(made) || (hasValue && 'id' in made);
  return isContent ? made : undefined;
}
const OF_PRIMITIVES = rules({});
