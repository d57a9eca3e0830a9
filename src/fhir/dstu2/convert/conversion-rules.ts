import { isLosslessNumber } from 'lossless-json';
import { isObject, objectsIn, toList } from '../../../kernel/index.ts';

/** A FHIR element or resource as parsed from JSON. */
export type FhirJson = Readonly<Record<string, unknown>>;
/** A DSTU2 element or resource while its conversion is running. Rules add to it. */
export type DraftElement = Record<string, unknown>;

/** Facts about the surrounding resource that the conversion of an element may need. */
export interface ConversionContext {
  /**
   * Contained resources by `#id`: the R4 resource and its DSTU2 type. The type is undefined if DSTU2 can't contain the
   * resource.
   */
  readonly contained: ReadonlyMap<string, { readonly source: FhirJson; readonly type: string | undefined }>;
  /**
   * Converts extensions. Any datatype may have extensions and an extension may hold any datatype, so the converter is
   * passed in this context to avoid an import cycle.
   */
  readonly extension: ValueConverter;
  /**
   * DSTU2 targets of references that can't be converted by their type alone: `PractitionerRole/x` becomes
   * `Practitioner/y`, `ServiceRequest/x` becomes `DiagnosticOrder/x`. undefined means that the target is hidden from
   * DSTU2 clients.
   */
  readonly referenceTargets: ReadonlyMap<string, string | undefined>;
  /**
   * R4 PractitionerRoles of the Practitioner that is being converted. In DSTU2 they are elements of the Practitioner.
   */
  readonly roles: readonly FhirJson[];
}

/** Converts an R4 value to DSTU2. Returns undefined if DSTU2 can't express the value. */
export interface ValueConverter {
  (value: unknown, context: ConversionContext): unknown;
  /**
   * Rules for the elements inside the value, which the report of conversion losses reads. undefined if the converter
   * isn't built from a rule table.
   */
  readonly parts?: ConversionRules;
}
/** Converts one element of an R4 parent and writes the result into the DSTU2 parent. */
export interface ConversionRule {
  (from: FhirJson, name: string, into: DraftElement, context: ConversionContext): void;
  /** Rules for the elements inside this element, which the report of conversion losses reads. */
  readonly parts?: ConversionRules;
  /**
   * Whether only some values of the R4 element can be converted. The report of conversion losses lists such elements.
   */
  readonly partly?: true;
  /**
   * Whether only one of several values of the R4 element is converted. The report of conversion losses lists such
   * elements.
   */
  readonly single?: true;
}
export type ConversionRules = ReadonlyMap<string, ConversionRule>;
export type CodeMap = ReadonlyMap<string, string>;

/**
 * Returns the elements that have no modifier extension. The caller moves their content into another element, where the
 * modifier extension would be lost and the meaning might differ.
 */
export const withoutModifierExtensions = (value: unknown): readonly FhirJson[] =>
  objectsIn(value).filter((one) => one['modifierExtension'] === undefined);

export const codeMap = (table: Readonly<Record<string, string>>): CodeMap => new Map(Object.entries(table));
export const identityCodeMap = (...same: readonly string[]): CodeMap => new Map(same.map((code) => [code, code]));

/** Rule for an R4 element that DSTU2 doesn't have. */
export const drop: ConversionRule = () => {};
/** Rule for an R4 element that another rule or the `complete` function of the resource converts. */
export const handledElsewhere: ConversionRule = () => {};

type RuleMarks = Pick<ConversionRule, 'parts' | 'partly' | 'single'>;

/**
 * Copies `parts`, `partly`, and `single` from a rule to the rule that calls it, so that the report of conversion losses
 * treats both alike.
 */
export function withMarksOf(rule: RuleMarks, result: ConversionRule, more: RuleMarks = {}): ConversionRule {
  const marks = { parts: rule.parts, partly: rule.partly, single: rule.single, ...more };
  return Object.assign(result, Object.fromEntries(Object.entries(marks).filter(([, mark]) => mark !== undefined)));
}
const withMarks = (rule: ConversionRule, more: RuleMarks): ConversionRule =>
  withMarksOf(
    rule,
    (...[from, name, into, context]: Parameters<ConversionRule>) => rule(from, name, into, context),
    more,
  );

/**
 * Sets `partly` for a rule: it converts only some values of the R4 element. The report of conversion losses lists the
 * element.
 */
export const markPartly = (rule: ConversionRule): ConversionRule => withMarks(rule, { partly: true });
/**
 * Sets `single` for a rule: it converts only one of several values of the R4 element. The report of conversion losses
 * lists the element.
 */
export const markSingle = (rule: ConversionRule): ConversionRule => withMarks(rule, { single: true });

/** Copies a primitive element under another name, with the id and extensions in its `_name` sibling. */
export const rename =
  (to: string | undefined): ConversionRule =>
  (from, name, into, context) => {
    copyValue(from[name], from, name, to ?? name, into, context);
  };
export const copy: ConversionRule = rename(undefined);

/**
 * Writes the converted value of a primitive element, and converts the `_name` sibling that holds the element's id and
 * extensions.
 */
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

/** Removes the items of a primitive list that have neither a value nor an entry in the `_name` sibling list. */
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
/** Maximum number of cached element names. It is larger than the number of element names in FHIR. */
const MAX_CACHED_NAMES = 5000;

/** Translates a code by a table. A code that isn't in the table is left out. */
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

/**
 * Gives a rule or converter the element rules of the converter that it wraps, so that the report of conversion losses
 * sees them.
 */
export const withPartsOf = <Made extends ValueConverter | ConversionRule>(
  { parts }: ValueConverter,
  result: Made,
): Made => (parts === undefined ? result : Object.assign(result, { parts }));
/**
 * Wraps the converter of a datatype without its element rules, so that the report of conversion losses doesn't list
 * elements inside the datatype.
 */
export const opaqueDatatype =
  (convert: ValueConverter): ValueConverter =>
  (value, context) =>
    convert(value, context);

/**
 * Converts an element that is 0..* in R4 and 0..1 in DSTU2: uses the first value that can be converted. The report of
 * conversion losses lists the element.
 */
export const mapFirst = (convert: ValueConverter, to?: string): ConversionRule =>
  markSingle(mapFirstUnreported(convert, to));

/**
 * Converts the first value that can be converted. Unlike for `mapFirst`, the report of conversion losses doesn't list
 * the R4 element, because another DSTU2 element gets the other values.
 */
export const mapFirstUnreported = (convert: ValueConverter, to?: string): ConversionRule =>
  withPartsOf(convert, (from, name, into, context) => {
    const result = convertAll(toList(from[name]), convert, context)?.[0];
    if (result !== undefined) into[to ?? name] = result;
  });

/** Converts an R4 element and appends the result to a DSTU2 list. Several R4 elements may share the list. */
export const appendTo = (to: string, convert: ValueConverter): ConversionRule =>
  withPartsOf(convert, (from, name, into, context) =>
    append(into, to, convertAll([from[name] ?? []].flat(), convert, context) ?? []),
  );

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
 * Rules of every element: its id, its extensions, and its modifier extensions. Modifier extensions are copied
 * unchanged, so that they still warn the client.
 */
const COMMON: Readonly<Record<string, ConversionRule>> = {
  id: copy,
  extension: (from, _name, into, context) => map(context.extension)(from, 'extension', into, context),
  modifierExtension: (from, _name, into) => {
    into['modifierExtension'] = from['modifierExtension'];
  },
};

export const ruleTable = (rules: Readonly<Record<string, ConversionRule>>): ConversionRules =>
  new Map(Object.entries({ ...COMMON, ...rules }));
/** Builds the rules of an element whose content moves into its parent. The rules for id and extensions are left out. */
export const inlineRules = (rules: Readonly<Record<string, ConversionRule>>): ConversionRules =>
  new Map(Object.entries(rules));

const UNDERSCORE = 0x5f;

/** Applies a rule table to the elements that are present. An element without a rule is dropped. */
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
 * Builds the converter of an element from the rules of its inner elements. The converter returns undefined if a
 * required inner element is missing or if nothing is left.
 */
export function elementConverter(
  rules: Readonly<Record<string, ConversionRule>>,
  ...required: readonly string[]
): ValueConverter {
  const table = ruleTable(rules);
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

/** Whether an element has content. FHIR DSTU2, ele-1: an id alone isn't content. */
const hasContent = (result: DraftElement): boolean => Object.keys(result).some((name) => name !== 'id');

/**
 * Converts a `_name` sibling, which holds id and extensions of a primitive. The sibling of a list is a parallel list,
 * with null for items that have neither.
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
