import { isObject } from '../../kernel/index.ts';
import { findRule } from '../definitions/fhir-definitions.ts';
import type { ElementRule, ProfileRules } from '../definitions/profile-rules.ts';
import type { ValidationIssue } from '../issue.ts';
import { bindingError } from './binding.ts';
import { type ElementValue, type ElementValues, isChoiceName, readValues } from './element-values.ts';
import { equalsFixed, matchesPattern } from './fixed-and-pattern.ts';
import { jsonType, primitiveError } from './primitive.ts';
import { checkReference } from './reference.ts';
import { assignSlices } from './slices.ts';
import { checkExtension, checkNarrative, isEmptyElement } from './structure.ts';
import type { AttributedRule, ValidationContext } from './validation-context.ts';

type AttributedRules = readonly AttributedRule<ElementRule>[];

/**
 * Checks a value that has child elements: a resource, a datatype or a backbone element.
 * @param rules rules that apply to the value; the first one is the rule of the datatype or resource type itself and
 * defines which elements exist
 * @param at path of the element definition, such as `Observation.component`
 */
export function checkChildren(
  parent: Record<string, unknown>,
  rules: AttributedRules,
  at: string,
  path: string,
  context: ValidationContext,
): void {
  const names = presentElements(parent, rules[0]?.rule ?? {}, path, context);
  for (const { rule } of rules) for (const name of getRequiredNames(rule)) names.add(name);
  for (const name of names) {
    const childRules = rules.flatMap(({ rule, profileUrl }): AttributedRules => {
      const child = rule.children?.[name];
      return child === undefined ? [] : [{ rule: child, profileUrl }];
    });
    const siblings = rules[0]?.rule.children;
    checkChild(
      readValues(parent, name, path, siblings),
      childRules,
      { name, definitionPath: `${at}.${name.replace('[x]', '')}`, path },
      context,
    );
  }
}

/**
 * Returns the elements that are present, by their names in the definition. FHIR R4 §2.6.2: an element that the type
 * doesn't define is an error.
 */
function presentElements(
  parent: Record<string, unknown>,
  own: ElementRule,
  path: string,
  context: ValidationContext,
): Set<string> {
  const result = new Set<string>();
  const { children = {} } = own;
  for (const key of Object.keys(parent)) {
    if (key === 'resourceType') continue;
    const plain = key.startsWith('_') ? key.slice(1) : key;
    const name = Object.hasOwn(children, plain) ? plain : getChoiceStems(own).find((stem) => isChoiceName(plain, stem));
    if (name !== undefined) result.add(name === plain ? name : `${name}[x]`);
    else if (key !== context.definitions.commentProperty) reportUnknownElement(key, path, context);
  }
  return result;
}

const reportUnknownElement = (key: string, path: string, { report }: ValidationContext): void =>
  report({
    severity: 'error',
    code: 'structure',
    path,
    text: `Unknown element ${printableName(key)}. Remove it, or use an extension.`,
  });

/** Cache of the names of required child elements, by element rule. */
const requiredNames = new WeakMap<ElementRule, readonly string[]>();
function getRequiredNames(rule: ElementRule): readonly string[] {
  const known = requiredNames.get(rule);
  if (known !== undefined) return known;
  const names = Object.entries(rule.children ?? {}).flatMap(([name, { min = 0, slices = {} }]) =>
    min > 0 || Object.values(slices).some((slice) => (slice.min ?? 0) > 0) ? [name] : [],
  );
  requiredNames.set(rule, names);
  return names;
}

/** Cache of the stems of choice elements (`value` of `value[x]`), by element rule. */
const choiceStems = new WeakMap<ElementRule, readonly string[]>();
function getChoiceStems(rule: ElementRule): readonly string[] {
  const known = choiceStems.get(rule);
  if (known !== undefined) return known;
  const stems = Object.keys(rule.children ?? {}).flatMap((name) => (name.endsWith('[x]') ? [name.slice(0, -3)] : []));
  choiceStems.set(rule, stems);
  return stems;
}

/**
 * Returns an element name as it may appear in a message. The name comes from the resource and is untrusted, so it is
 * only repeated if it looks like an element name.
 */
const printableName = (key: string): string => (/^\w{1,64}$/.test(key) ? key : 'name');

interface ChildLocation {
  readonly name: string;
  readonly definitionPath: string;
  /** Path of the parent element in the resource. */
  readonly path: string;
}

function checkChild(
  values: ElementValues,
  rules: AttributedRules,
  { name, definitionPath, path }: ChildLocation,
  context: ValidationContext,
): void {
  const elementPath = `${path}.${name.replace('[x]', '')}`;
  checkShape(values, rules, elementPath, context);
  for (const { rule, profileUrl } of rules) checkCount(values.all.length, rule, profileUrl, elementPath, context);
  const extra = values.all.map((): AttributedRule<ElementRule>[] => []);
  for (const { rule, profileUrl } of rules) {
    if (rule.slices === undefined) continue;
    checkSlices(values.all, rule, profileUrl, { extra, here: elementPath }, context);
  }
  for (const [index, value] of values.all.entries())
    checkValue(value, [...rules, ...(extra[index] ?? [])], definitionPath, context);
}

/**
 * Property of issues about values that can't be read because their JSON shape is wrong. Issues about null and empty
 * arrays don't have the property, because such a value only lacks content.
 */
const UNREADABLE = { unreadable: true } as const;

/**
 * Checks the JSON shape of an element. FHIR R4 §2.6.2.1: an element that may repeat is always an array, and any other
 * element never is.
 */
function checkShape(
  { all, names, isList, error }: ElementValues,
  rules: AttributedRules,
  path: string,
  context: ValidationContext,
): void {
  if (all.length === 0 && names.length === 0) return;
  const structure = (text: string, more: Pick<ValidationIssue, 'unreadable'> = {}) =>
    context.report({ severity: 'error', code: 'structure', path, text, ...more });
  if (error !== undefined) structure(error);
  if (names.length > 1) structure(`Only one of ${names.join(', ')} can be present.`);
  const own = rules[0]?.rule;
  if (own === undefined) return;
  if (own.list && !isList) structure('This must be an array, even with a single value.', UNREADABLE);
  if (!own.list && isList) structure('This must not be an array. It can have only one value.', UNREADABLE);
  if (isList && all.length === 0) structure('An array must not be empty. Remove it.');
}

function checkCount(
  count: number,
  { min = 0, max }: ElementRule,
  profileUrl: string | undefined,
  path: string,
  context: ValidationContext,
): void {
  if (count < min)
    context.report({
      severity: 'error',
      code: 'required',
      path,
      text: min === 1 ? 'This is required but missing.' : `At least ${min} of these are required; ${count} found.`,
      ...profileField(profileUrl),
    });
  if (max !== undefined && count > max)
    context.report({
      severity: 'error',
      code: 'structure',
      path,
      text: max === 0 ? 'This is not allowed here.' : `At most ${max} allowed here; ${count} found.`,
      ...profileField(profileUrl),
    });
}

const profileField = (profileUrl: string | undefined) => (profileUrl === undefined ? {} : { profile: profileUrl });

function checkSlices(
  values: readonly ElementValue[],
  rule: ElementRule,
  profileUrl: string | undefined,
  { extra, here: elementPath }: { readonly extra: AttributedRule<ElementRule>[][]; readonly here: string },
  context: ValidationContext,
): void {
  const assigned = assignSlices(rule, values, context.definitions);
  for (const [name, slice] of Object.entries(rule.slices ?? {})) {
    if (name.includes('/')) continue;
    const count = assigned.filter((one) => one === name).length;
    checkCount(count, slice, profileUrl, `${elementPath}:${name}`, context);
    assigned.forEach((one, at) => {
      if (one === name) extra[at]?.push({ rule: withoutCount(slice), profileUrl });
    });
  }
  if (!rule.slicing?.closed) return;
  assigned.forEach((one, at) => {
    const path = values[at]?.path ?? elementPath;
    if (one === undefined)
      context.report({
        severity: 'error',
        code: 'structure',
        path,
        text: 'This matches none of the allowed slices.',
        ...profileField(profileUrl),
      });
  });
}

/** Returns the rule of a slice without its cardinality, which was already checked for the slice as a whole. */
const withoutCount = ({ min: _min, max: _max, ...rule }: ElementRule): ElementRule => rule;

/**
 * Checks one value of an element.
 * @param at path of the element definition, with `[x]` removed from a choice
 */
function checkValue(value: ElementValue, rules: AttributedRules, at: string, context: ValidationContext): void {
  const type = valueType(value, rules);
  if (type === undefined) {
    context.report({
      severity: 'error',
      code: 'structure',
      path: value.path,
      text: 'This data type is not allowed here.',
    });
    return;
  }
  for (const { rule, profileUrl } of rules.slice(1)) checkType(type, value, { rule, profileUrl }, context);
  const definition = context.definitions.type(type);
  const definitionPath = isDataType(definition) ? type : at;
  for (const attributed of rules) checkWholeValue(value, attributed, definitionPath, context);
  if (definition?.kind === 'primitive' || isFhirPathType(type)) checkPrimitive(value, type, definition, context);
  else if (!isObject(value.value)) {
    const isNull = value.value === null;
    const text = isNull ? 'null isn’t a value. Remove it.' : `This must be an object: ${type}.`;
    context.report({ severity: 'error', code: 'structure', path: value.path, text, ...(isNull ? {} : UNREADABLE) });
  } else if (value.primitiveExtension !== undefined) {
    const text = 'Only primitive values such as text and numbers can have an underscore property (_name).';
    context.report({ severity: 'error', code: 'structure', path: value.path, text });
  } else checkComplex(value.value, type, { rules, at, path: value.path, definition }, context);
}

/**
 * Whether FHIRPath gets the datatype of a value instead of the path of its element definition. FHIRPath couldn't derive
 * the datatype from the path of a choice element, and some invariants test the datatype (`$this is dateTime`). Backbone
 * elements and nested resources are identified by their path.
 */
const isDataType = (definition: ProfileRules | undefined): boolean =>
  definition !== undefined &&
  definition.kind !== 'resource' &&
  definition.type !== 'BackboneElement' &&
  definition.type !== 'Element';

/**
 * Checks a value of a complex datatype. `BackboneElement` and `Element` get their child elements from the element's own
 * rule or from the element that it refers to (contentReference).
 */
function checkComplex(
  value: Record<string, unknown>,
  type: string,
  {
    rules,
    at,
    path,
    definition,
  }: { rules: AttributedRules; at: string; path: string; definition: ProfileRules | undefined },
  context: ValidationContext,
): void {
  if (isEmptyElement(value)) {
    context.report({ severity: 'error', code: 'invariant', path, key: 'ele-1', text: 'This is empty. Remove it.' });
    return;
  }
  if (definition?.kind === 'resource' || type === 'Resource' || type === 'DomainResource') {
    context.validateNested(value, path, typeProfiles(type, rules));
    return;
  }
  const like = rules.flatMap(({ rule }): AttributedRules => {
    const referenced = rule.like === undefined ? undefined : findRule(context.definitions, rule.like);
    return referenced === undefined ? [] : [{ rule: referenced, profileUrl: undefined }];
  });
  const isPart = rules[0]?.rule.children !== undefined || like.length > 0;
  const own: AttributedRules =
    isPart || definition === undefined ? [] : [{ rule: definition.rule, profileUrl: undefined }];
  const inParts = isPart ? [...like, ...rules] : [...own, ...rules];
  const profiled = typeProfiles(type, rules).flatMap((url): AttributedRules => {
    const profile = context.definitions.profile(url);
    return profile === undefined ? [] : [{ rule: profile.rule, profileUrl: url }];
  });
  const all = [...inParts, ...profiled];
  const definitionPath = isPart ? (rules.find(({ rule }) => rule.like !== undefined)?.rule.like ?? at) : type;
  for (const attributed of [...own, ...profiled])
    checkWholeValue({ value, primitiveExtension: undefined, type, path }, attributed, definitionPath, context);
  if (type === 'Extension') checkExtension(value, path, context);
  if (type === 'Reference') checkReference(value, path, rules, context);
  if (type === 'Narrative') checkNarrative(value, path, context);
  checkChildren(value, all, definitionPath, path, context);
}

const typeProfiles = (type: string, rules: AttributedRules): readonly string[] => [
  ...new Set(
    rules.flatMap(({ rule: { types = [] } }) =>
      types
        .filter(({ code, profiles }) => code === type && profiles?.length === 1)
        .flatMap(({ profiles = [] }) => profiles),
    ),
  ),
];

/**
 * Returns the datatype of a value. For a choice, it is the one in the element's name, as in `valueQuantity`; otherwise
 * it is the element's only type.
 */
function valueType({ type, value }: ElementValue, rules: AttributedRules): string | undefined {
  const types = rules[0]?.rule.types ?? [];
  if (rules[0]?.rule.like !== undefined) return 'BackboneElement';
  if (type === undefined) {
    const [only] = types;
    if (only?.code === 'Resource' && isObject(value)) return 'Resource';
    return only?.code ?? rules.flatMap(({ rule }) => rule.types ?? [])[0]?.code;
  }
  return types.find(({ code }) => code.charAt(0).toUpperCase() + code.slice(1) === type)?.code;
}

function checkType(
  type: string,
  { path, type: written }: ElementValue,
  { rule, profileUrl }: AttributedRule<ElementRule>,
  context: ValidationContext,
): void {
  const { types } = rule;
  if (written === undefined || types === undefined || types.some(({ code }) => code === type)) return;
  const names = types.map(({ code }) => code).join(' or ');
  context.report({
    severity: 'error',
    code: 'structure',
    path,
    text: `This must be of type ${names}.`,
    ...profileField(profileUrl),
  });
}

/**
 * Checks fixed value, pattern, binding and invariants of a value.
 * @param at datatype, or path of the element definition, with which FHIRPath evaluates the value
 */
function checkWholeValue(
  { value, path }: ElementValue,
  { rule, profileUrl }: AttributedRule<ElementRule>,
  at: string,
  context: ValidationContext,
): void {
  if (value !== undefined && rule.fixed !== undefined && !equalsFixed(value, rule.fixed))
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This must be ${shortText(rule.fixed)}.`,
      ...profileField(profileUrl),
    });
  if (value !== undefined && rule.pattern !== undefined && !matchesPattern(value, rule.pattern))
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This must include ${shortText(rule.pattern)}.`,
      ...profileField(profileUrl),
    });
  const unbound = value === undefined ? undefined : bindingError(rule.binding, value, context.definitions);
  if (unbound !== undefined)
    context.report({ severity: 'error', code: 'code-invalid', path, text: unbound, ...profileField(profileUrl) });
  for (const constraint of rule.constraints ?? []) {
    if (value === undefined || context.invariants.holds(constraint, at, value, context) !== false) continue;
    const { key, severity, human } = constraint;
    context.report({ severity, code: 'invariant', path, key, text: `${human} (${key})`, ...profileField(profileUrl) });
  }
}

/**
 * Returns a fixed value or pattern of a definition as a short text. It is never used for values of the resource, which
 * may be health information.
 */
function shortText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

const isFhirPathType = (type: string): boolean => type.startsWith('http://hl7.org/fhirpath/');

function checkPrimitive(
  { value, primitiveExtension, path }: ElementValue,
  type: string,
  definition: ProfileRules | undefined,
  context: ValidationContext,
): void {
  const error = value === undefined ? undefined : primitiveError(type, value);
  if (error !== undefined) {
    const isOther = value !== null && typeof value !== jsonType(type);
    context.report({ severity: 'error', code: 'value', path, text: `This ${error}.`, ...(isOther ? UNREADABLE : {}) });
  }
  if (value === undefined && (primitiveExtension === undefined || !Array.isArray(primitiveExtension['extension'])))
    context.report({
      severity: 'error',
      code: 'invariant',
      path,
      key: 'ele-1',
      text: 'This has neither a value nor an extension.',
    });
  if (primitiveExtension === undefined) return;
  const rule = definition?.rule ?? { children: {} };
  const { value: _value, ...children } = rule.children ?? {};
  checkChildren(primitiveExtension, [{ rule: { children }, profileUrl: undefined }], type, path, context);
}
