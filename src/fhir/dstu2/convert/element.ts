import { isLosslessNumber } from 'lossless-json';

/** A FHIR element or resource as parsed from JSON. */
export type Json = Readonly<Record<string, unknown>>;
/** A DSTU2 element or resource under construction. */
export type Draft = Record<string, unknown>;

/** Information about the surrounding resource that a conversion may need. */
export interface Context {
  /** Contained resources by `#id`: the R4 resource, and its DSTU2 type, which is undefined if it isn't converted. */
  readonly contained: ReadonlyMap<string, { readonly source: Json; readonly type: string | undefined }>;
  /**
   * The converter of extensions. Any datatype may have extensions and an extension may hold any datatype, so it is
   * passed in the context to avoid an import cycle.
   */
  readonly extension: Convert;
  /**
   * DSTU2 targets of stored references whose type alone does not determine the target: `PractitionerRole/x` maps to
   * `Practitioner/y`, `ServiceRequest/x` to `DiagnosticOrder/x`. An undefined target is not visible in DSTU2.
   */
  readonly placed: ReadonlyMap<string, string | undefined>;
  /** The stored PractitionerRoles of the Practitioner that is being converted. */
  readonly roles: readonly Json[];
}

/** Converts an R4 value to a DSTU2 value; undefined if DSTU2 can't express it. */
export interface Convert {
  (value: unknown, context: Context): unknown;
  /** The rules of the value's elements, if the converter is built from a rule table. The loss report reads them. */
  readonly parts?: Rules;
}
/** Converts one element of `from` and writes the result into the draft. */
export interface Rule {
  (from: Json, name: string, into: Draft, context: Context): void;
  /** The rules of the element's own elements, as in ValueConverter. */
  readonly parts?: Rules;
  /** Only some values of the element can be converted. The loss report lists it. */
  readonly partly?: true;
  /** Only one of several values is converted. The loss report lists it. */
  readonly single?: true;
}
export type Rules = ReadonlyMap<string, Rule>;
export type Codes = ReadonlyMap<string, string>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const objectsIn = (value: unknown): readonly Json[] => listOf(value).filter(isObject);
/**
 * Elements whose content moves into another element, where a modifier extension could not follow. Those with a modifier
 * extension are left out, because their meaning may differ.
 */
export const unmodified = (value: unknown): readonly Json[] =>
  objectsIn(value).filter((one) => one['modifierExtension'] === undefined);
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const codes = (table: Readonly<Record<string, string>>): Codes => new Map(Object.entries(table));
export const sameCodes = (...same: readonly string[]): Codes => new Map(same.map((code) => [code, code]));

/** DSTU2 has no such element. */
export const dropped: Rule = () => {};
/** The element is handled together with others, by another rule or by `complete`. */
export const readElsewhere: Rule = () => {};

type RuleMarks = Pick<Rule, 'parts' | 'partly' | 'single'>;

/** Marks a rule that delegates to another one, so that the loss report treats both the same. */
export function markedAs(rule: RuleMarks, result: Rule, more: RuleMarks = {}): Rule {
  const own = { parts: rule.parts, partly: rule.partly, single: rule.single, ...more };
  return Object.assign(result, Object.fromEntries(Object.entries(own).filter(([, mark]) => mark !== undefined)));
}
const withMarks = (rule: Rule, more: RuleMarks): Rule =>
  markedAs(rule, (...[from, name, into, context]: Parameters<Rule>) => rule(from, name, into, context), more);

/** Marks a rule as `partly`, for the loss report. */
export const partly = (rule: Rule): Rule => withMarks(rule, { partly: true });
/** Marks a rule as `single`, for the loss report. */
export const single = (rule: Rule): Rule => withMarks(rule, { single: true });

/** Copies a primitive under another name, with the id and extensions of its `_sibling`. */
export const keptAs =
  (to: string | undefined): Rule =>
  (from, name, into, context) => {
    keep(from[name], from, name, to ?? name, into, context);
  };
export const kept: Rule = keptAs(undefined);

/** Writes a converted value in place of the original, and converts the `_sibling` of the original. */
export function keep(value: unknown, from: Json, name: string, to: string, into: Draft, context: Context): void {
  const rawSibling = from[siblingName(name)];
  const sibling = rawSibling === undefined ? undefined : convertSibling(rawSibling, value, context);
  const [values, siblings] =
    Array.isArray(rawSibling) && Array.isArray(value) ? withoutEmptyItems(value, sibling) : [value, sibling];
  if (isPrimitive(values)) into[to] = values;
  if (siblings !== undefined) into[siblingName(to)] = siblings;
}

/** Removes the list items that have neither a value nor a remaining sibling. */
function withoutEmptyItems(values: readonly unknown[], sibling: unknown): readonly [unknown, unknown] {
  const siblings = listOf(sibling);
  const hasContentAt = (_: unknown, at: number): boolean => values[at] !== null || (siblings[at] ?? null) !== null;
  const rest = values.filter(hasContentAt);
  return rest.length === 0
    ? [undefined, undefined]
    : [rest, sibling === undefined ? undefined : siblings.filter(hasContentAt)];
}

/**
 * Returns `_status` for `status`. The names are cached because every primitive element needs one, and property lookup
 * with a newly concatenated string is slow.
 */
function siblingName(name: string): string {
  const known = siblingNames.get(name);
  if (known !== undefined) return known;
  const result = `_${name}`;
  if (siblingNames.size < MAX_CACHED_NAMES) siblingNames.set(name, result);
  return result;
}
const siblingNames = new Map<string, string>();
/** Larger than the number of element names; it only bounds the cache. */
const MAX_CACHED_NAMES = 5000;

/** Translates a code. A code that isn't in the table is left out. */
export const coded =
  (table: Codes): Rule =>
  (from, name, into, context) => {
    const value = from[name];
    const code = typeof value === 'string' ? table.get(value) : undefined;
    if (value === undefined) kept(from, name, into, context);
    else if (code !== undefined) keep(code, from, name, name, into, context);
  };

/** Converts a complex element or a list of them. */
export const of = (convert: Convert, to?: string): Rule =>
  likeParts(convert, (from, name, into, context) => {
    const value = from[name];
    const result = Array.isArray(value) ? convertAll(value, convert, context) : convert(value, context);
    if (result !== undefined) into[to ?? name] = result;
  });

/** Gives a rule or converter the `parts` of the converter it wraps. */
export const likeParts = <Made extends Convert | Rule>({ parts }: Convert, result: Made): Made =>
  parts === undefined ? result : Object.assign(result, { parts });
/** A converter whose inner elements are not reported as losses, because they belong to a datatype. */
export const datatype =
  (convert: Convert): Convert =>
  (value, context) =>
    convert(value, context);

/**
 * For elements that are 0..* in R4 and 0..1 in DSTU2: uses the first value that can be converted, and the loss report
 * lists the element.
 */
export const firstOf = (convert: Convert, to?: string): Rule => single(oneOf(convert, to));

/** Like `mapFirst`, but not listed as a loss because the other values are kept elsewhere. */
export const oneOf = (convert: Convert, to?: string): Rule =>
  likeParts(convert, (from, name, into, context) => {
    const result = convertAll(listOf(from[name]), convert, context)?.[0];
    if (result !== undefined) into[to ?? name] = result;
  });

/** For several R4 elements that share one DSTU2 list. */
export const addedTo = (to: string, convert: Convert): Rule =>
  likeParts(convert, (from, name, into, context) =>
    add(into, to, convertAll([from[name] ?? []].flat(), convert, context) ?? []),
  );

/** Appends entries to a list of the draft. */
export function add(into: Draft, to: string, result: readonly unknown[]): void {
  if (result.length > 0) into[to] = [...listOf(into[to]), ...result];
}

/** Copies a single R4 primitive into a DSTU2 list. */
export const keptAsList: Rule = (from, name, into, context) => {
  const one: Draft = {};
  kept(from, name, one, context);
  for (const [key, value] of Object.entries(one)) into[key] = [value];
};

/**
 * Every element has an id and extensions. Modifier extensions are copied unchanged, so that they still warn the client.
 */
const COMMON: Readonly<Record<string, Rule>> = {
  id: kept,
  extension: (from, _name, into, context) => of(context.extension)(from, 'extension', into, context),
  modifierExtension: (from, _name, into) => {
    into['modifierExtension'] = from['modifierExtension'];
  },
};

export const rules = (own: Readonly<Record<string, Rule>>): Rules => new Map(Object.entries({ ...COMMON, ...own }));
/** Rules of an element whose content is merged into its parent. */
export const partialRules = (own: Readonly<Record<string, Rule>>): Rules => new Map(Object.entries(own));

const UNDERSCORE = 0x5f;

/** Applies the rules to the elements that are present. An element without a rule is dropped. */
export function apply(table: Rules, from: Json, into: Draft, context: Context): void {
  for (const key of Object.keys(from)) {
    const name = key.charCodeAt(0) === UNDERSCORE ? key.slice(1) : key;
    if (name !== key && Object.hasOwn(from, name)) continue;
    table.get(name)?.(from, name, into, context);
  }
}

/**
 * Builds the converter of an element with the given inner elements. It returns undefined if a required one is missing
 * or if nothing is left.
 */
export function shape(own: Readonly<Record<string, Rule>>, ...required: readonly string[]): Convert {
  const table = rules(own);
  const convert: Convert = (value, context) => {
    if (!isObject(value)) return undefined;
    const result: Draft = {};
    apply(table, value, result, context);
    const complete = required.every((name) => result[name] !== undefined || result[`_${name}`] !== undefined);
    return complete && hasContent(result) ? result : undefined;
  };
  return Object.assign(convert, { parts: table });
}

function convertAll(values: readonly unknown[], convert: Convert, context: Context): readonly unknown[] | undefined {
  const result = values.map((value) => convert(value, context)).filter((value) => value !== undefined);
  return result.length === 0 ? undefined : result;
}

function isPrimitive(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined;
  if (Array.isArray(value)) return value.every((item) => item === null || isPrimitive(item));
  return isLosslessNumber(value);
}

/** FHIR DSTU2, ele-1: an element must have content besides its id. */
const hasContent = (result: Draft): boolean => Object.keys(result).some((name) => name !== 'id');

/**
 * A list of primitives has a parallel list of siblings, with null for items that have neither an id nor an extension.
 */
function convertSibling(sibling: unknown, value: unknown, context: Context): unknown {
  if (!Array.isArray(sibling)) return convertOneSibling(sibling, isPrimitive(value), context);
  const result = sibling.map((item, at) => convertOneSibling(item, isPrimitive(listOf(value)[at]), context) ?? null);
  return result.every((item) => item === null) ? undefined : result;
}

function convertOneSibling(one: unknown, hasValue: boolean, context: Context): Json | undefined {
  if (!isObject(one)) return undefined;
  const result: Draft = {};
  apply(PRIMITIVE_RULES, one, result, context);
  const isContent = hasContent(result) || (hasValue && 'id' in result);
  return isContent ? result : undefined;
}
const PRIMITIVE_RULES = rules({});
