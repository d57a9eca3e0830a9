import { isLosslessNumber } from 'lossless-json';
import { isObject, objectsIn, toList } from '../../../kernel/index.ts';

/** A FHIR element or resource as parsed from JSON. */
export type FhirJson = Readonly<Record<string, unknown>>;
/** A DSTU2 element or resource under construction. */
export type DraftElement = Record<string, unknown>;

/** Information about the surrounding resource that a conversion may need. */
export interface ConversionContext {
  /** Contained resources by `#id`: the R4 resource, and its DSTU2 type, which is undefined if it isn't converted. */
  readonly contained: ReadonlyMap<string, { readonly source: FhirJson; readonly type: string | undefined }>;
  /**
   * The converter of extensions. Any datatype may have extensions and an extension may hold any datatype, so it is
   * passed in the context to avoid an import cycle.
   */
  readonly extension: ValueConverter;
  /**
   * DSTU2 targets of stored references whose type alone does not determine the target: `PractitionerRole/x` maps to
   * `Practitioner/y`, `ServiceRequest/x` to `DiagnosticOrder/x`. An undefined target is not visible in DSTU2.
   */
  readonly referenceTargets: ReadonlyMap<string, string | undefined>;
  /** The stored PractitionerRoles of the Practitioner that is being converted. */
  readonly roles: readonly FhirJson[];
}

/** Converts an R4 value to a DSTU2 value; undefined if DSTU2 can't express it. */
export interface ValueConverter {
  (value: unknown, context: ConversionContext): unknown;
  /** The rules of the value's elements, if the converter is built from a rule table. The loss report reads them. */
  readonly parts?: ConversionRules;
}
/** Converts one element of `from` and writes the result into the draft. */
export interface ConversionRule {
  (from: FhirJson, name: string, into: DraftElement, context: ConversionContext): void;
  /** The rules of the element's own elements, as in ValueConverter. */
  readonly parts?: ConversionRules;
  /** Only some values of the element can be converted. The loss report lists it. */
  readonly partly?: true;
  /** Only one of several values is converted. The loss report lists it. */
  readonly single?: true;
}
export type ConversionRules = ReadonlyMap<string, ConversionRule>;
export type CodeMap = ReadonlyMap<string, string>;

/**
 * Elements whose content moves into another element, where a modifier extension could not follow. Those with a modifier
 * extension are left out, because their meaning may differ.
 */
export const withoutModifierExtensions = (value: unknown): readonly FhirJson[] =>
  objectsIn(value).filter((one) => one['modifierExtension'] === undefined);

export const codeMap = (table: Readonly<Record<string, string>>): CodeMap => new Map(Object.entries(table));
export const identityCodeMap = (...same: readonly string[]): CodeMap => new Map(same.map((code) => [code, code]));

/** DSTU2 has no such element. */
export const drop: ConversionRule = () => {};
/** The element is handled together with others, by another rule or by `complete`. */
export const handledElsewhere: ConversionRule = () => {};

type RuleMarks = Pick<ConversionRule, 'parts' | 'partly' | 'single'>;

/** Marks a rule that delegates to another one, so that the loss report treats both the same. */
export function withMarksOf(rule: RuleMarks, result: ConversionRule, more: RuleMarks = {}): ConversionRule {
  const own = { parts: rule.parts, partly: rule.partly, single: rule.single, ...more };
  return Object.assign(result, Object.fromEntries(Object.entries(own).filter(([, mark]) => mark !== undefined)));
}
const withMarks = (rule: ConversionRule, more: RuleMarks): ConversionRule =>
  withMarksOf(
    rule,
    (...[from, name, into, context]: Parameters<ConversionRule>) => rule(from, name, into, context),
    more,
  );

/** Marks a rule as `partly`, for the loss report. */
export const markPartly = (rule: ConversionRule): ConversionRule => withMarks(rule, { partly: true });
/** Marks a rule as `single`, for the loss report. */
export const markSingle = (rule: ConversionRule): ConversionRule => withMarks(rule, { single: true });

/** Copies a primitive under another name, with the id and extensions of its `_sibling`. */
export const rename =
  (to: string | undefined): ConversionRule =>
  (from, name, into, context) => {
    copyValue(from[name], from, name, to ?? name, into, context);
  };
export const copy: ConversionRule = rename(undefined);

/** Writes a converted value in place of the original, and converts the `_sibling` of the original. */
export function copyValue(
  value: unknown,
  from: FhirJson,
  name: string,
  to: string,
  into: DraftElement,
  context: ConversionContext,
): void {
  const rawSibling = from[siblingName(name)];
  const sibling = rawSibling === undefined ? undefined : convertSibling(rawSibling, value, context);
  const [values, siblings] =
    Array.isArray(rawSibling) && Array.isArray(value) ? withoutEmptyItems(value, sibling) : [value, sibling];
  if (isPrimitive(values)) into[to] = values;
  if (siblings !== undefined) into[siblingName(to)] = siblings;
}

/** Removes the list items that have neither a value nor a remaining sibling. */
function withoutEmptyItems(values: readonly unknown[], sibling: unknown): readonly [unknown, unknown] {
  const siblings = toList(sibling);
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
export const mapCode =
  (table: CodeMap): ConversionRule =>
  (from, name, into, context) => {
    const value = from[name];
    const code = typeof value === 'string' ? table.get(value) : undefined;
    if (value === undefined) copy(from, name, into, context);
    else if (code !== undefined) copyValue(code, from, name, name, into, context);
  };

/** Converts a complex element or a list of them. */
export const map = (convert: ValueConverter, to?: string): ConversionRule =>
  withPartsOf(convert, (from, name, into, context) => {
    const value = from[name];
    const result = Array.isArray(value) ? convertAll(value, convert, context) : convert(value, context);
    if (result !== undefined) into[to ?? name] = result;
  });

/** Gives a rule or converter the `parts` of the converter it wraps. */
export const withPartsOf = <Made extends ValueConverter | ConversionRule>(
  { parts }: ValueConverter,
  result: Made,
): Made => (parts === undefined ? result : Object.assign(result, { parts }));
/** A converter whose inner elements are not reported as losses, because they belong to a datatype. */
export const opaqueDatatype =
  (convert: ValueConverter): ValueConverter =>
  (value, context) =>
    convert(value, context);

/**
 * For elements that are 0..* in R4 and 0..1 in DSTU2: uses the first value that can be converted, and the loss report
 * lists the element.
 */
export const mapFirst = (convert: ValueConverter, to?: string): ConversionRule =>
  markSingle(mapFirstUnreported(convert, to));

/** Like `mapFirst`, but not listed as a loss because the other values are kept elsewhere. */
export const mapFirstUnreported = (convert: ValueConverter, to?: string): ConversionRule =>
  withPartsOf(convert, (from, name, into, context) => {
    const result = convertAll(toList(from[name]), convert, context)?.[0];
    if (result !== undefined) into[to ?? name] = result;
  });

/** For several R4 elements that share one DSTU2 list. */
export const appendTo = (to: string, convert: ValueConverter): ConversionRule =>
  withPartsOf(convert, (from, name, into, context) =>
    append(into, to, convertAll([from[name] ?? []].flat(), convert, context) ?? []),
  );

/** Appends entries to a list of the draft. */
export function append(into: DraftElement, to: string, result: readonly unknown[]): void {
  if (result.length > 0) into[to] = [...toList(into[to]), ...result];
}

/** Copies a single R4 primitive into a DSTU2 list. */
export const copyAsList: ConversionRule = (from, name, into, context) => {
  const one: DraftElement = {};
  copy(from, name, one, context);
  for (const [key, value] of Object.entries(one)) into[key] = [value];
};

/**
 * Every element has an id and extensions. Modifier extensions are copied unchanged, so that they still warn the client.
 */
const COMMON: Readonly<Record<string, ConversionRule>> = {
  id: copy,
  extension: (from, _name, into, context) => map(context.extension)(from, 'extension', into, context),
  modifierExtension: (from, _name, into) => {
    into['modifierExtension'] = from['modifierExtension'];
  },
};

export const ruleTable = (own: Readonly<Record<string, ConversionRule>>): ConversionRules =>
  new Map(Object.entries({ ...COMMON, ...own }));
/** Rules of an element whose content is merged into its parent. */
export const inlineRules = (own: Readonly<Record<string, ConversionRule>>): ConversionRules =>
  new Map(Object.entries(own));

const UNDERSCORE = 0x5f;

/** Applies the rules to the elements that are present. An element without a rule is dropped. */
export function applyRules(
  table: ConversionRules,
  from: FhirJson,
  into: DraftElement,
  context: ConversionContext,
): void {
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
export function elementConverter(
  own: Readonly<Record<string, ConversionRule>>,
  ...required: readonly string[]
): ValueConverter {
  const table = ruleTable(own);
  const convert: ValueConverter = (value, context) => {
    if (!isObject(value)) return undefined;
    const result: DraftElement = {};
    applyRules(table, value, result, context);
    const complete = required.every((name) => result[name] !== undefined || result[`_${name}`] !== undefined);
    return complete && hasContent(result) ? result : undefined;
  };
  return Object.assign(convert, { parts: table });
}

function convertAll(
  values: readonly unknown[],
  convert: ValueConverter,
  context: ConversionContext,
): readonly unknown[] | undefined {
  const result = values.map((value) => convert(value, context)).filter((value) => value !== undefined);
  return result.length === 0 ? undefined : result;
}

function isPrimitive(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined;
  if (Array.isArray(value)) return value.every((item) => item === null || isPrimitive(item));
  return isLosslessNumber(value);
}

/** FHIR DSTU2, ele-1: an element must have content besides its id. */
const hasContent = (result: DraftElement): boolean => Object.keys(result).some((name) => name !== 'id');

/**
 * A list of primitives has a parallel list of siblings, with null for items that have neither an id nor an extension.
 */
function convertSibling(sibling: unknown, value: unknown, context: ConversionContext): unknown {
  if (!Array.isArray(sibling)) return convertOneSibling(sibling, isPrimitive(value), context);
  const result = sibling.map((item, at) => convertOneSibling(item, isPrimitive(toList(value)[at]), context) ?? null);
  return result.every((item) => item === null) ? undefined : result;
}

function convertOneSibling(one: unknown, hasValue: boolean, context: ConversionContext): FhirJson | undefined {
  if (!isObject(one)) return undefined;
  const result: DraftElement = {};
  applyRules(PRIMITIVE_RULES, one, result, context);
  const isContent = hasContent(result) || (hasValue && 'id' in result);
  return isContent ? result : undefined;
}
const PRIMITIVE_RULES = ruleTable({});
