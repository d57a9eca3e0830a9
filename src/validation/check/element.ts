import { ruleAt } from '../definitions.ts';
import type { Issue } from '../issue.ts';
import type { Profile, Rule } from '../profile/profile.ts';
import { faultOfBinding } from './binding.ts';
import type { Context, Said } from './context.ts';
import { faultOfPrimitive, jsonOf } from './primitive.ts';
import { checkReference } from './reference.ts';
import { fits, isSame } from './same.ts';
import { slicesOf } from './slices.ts';
import { checkExtension, checkNarrative, emptyIn } from './structure.ts';
import { isChoice, isObject, type Value, type Values, valuesOf } from './values.ts';

type Rules = readonly Said<Rule>[];

/**
 * Checks a value that has child elements: a resource, a data type or a backbone element.
 * @param rules the first one is the rule of the type itself and defines which elements exist
 * @param at path of the element definition: `Observation.component`
 */
export function checkParts(
  parent: Record<string, unknown>,
  rules: Rules,
  at: string,
  path: string,
  context: Context,
): void {
  const names = elementsIn(parent, rules[0]?.rule ?? {}, path, context);
  for (const { rule } of rules) for (const name of requiredIn(rule)) names.add(name);
  for (const name of names) {
    const childRules = rules.flatMap(({ rule, by: profileUrl }): Rules => {
      const child = rule.children?.[name];
      return child === undefined ? [] : [{ rule: child, by: profileUrl }];
    });
    const siblings = rules[0]?.rule.children;
    checkChild(
      valuesOf(parent, name, path, siblings),
      childRules,
      { name, at: `${at}.${name.replace('[x]', '')}`, path },
      context,
    );
  }
}

/**
 * Returns the elements that are present, by their names in the definition. FHIR R4 §2.6.2: an element that the type
 * doesn't define is an error.
 */
function elementsIn(parent: Record<string, unknown>, own: Rule, path: string, context: Context): Set<string> {
  const result = new Set<string>();
  const { children = {} } = own;
  for (const key of Object.keys(parent)) {
    if (key === 'resourceType') continue;
    const plain = key.startsWith('_') ? key.slice(1) : key;
    const name = Object.hasOwn(children, plain) ? plain : choicesIn(own).find((stem) => isChoice(plain, stem));
    if (name !== undefined) result.add(name === plain ? name : `${name}[x]`);
    else if (key !== context.definitions.remarks) unknownElement(key, path, context);
  }
  return result;
}

const unknownElement = (key: string, path: string, { report }: Context): void =>
  report({
    severity: 'error',
    code: 'structure',
    path,
    text: `There is no element ${plainName(key)} here. Take it out, or put it into an extension.`,
  });

/** Names of required child elements, cached by rule. */
const required = new WeakMap<Rule, readonly string[]>();
function requiredIn(rule: Rule): readonly string[] {
  const known = required.get(rule);
  if (known !== undefined) return known;
  const names = Object.entries(rule.children ?? {}).flatMap(([name, { min = 0, slices = {} }]) =>
    min > 0 || Object.values(slices).some((slice) => (slice.min ?? 0) > 0) ? [name] : [],
  );
  required.set(rule, names);
  return names;
}

/** Stems of choice elements (`value` of `value[x]`), cached by rule. */
const choices = new WeakMap<Rule, readonly string[]>();
function choicesIn(rule: Rule): readonly string[] {
  const known = choices.get(rule);
  if (known !== undefined) return known;
  const stems = Object.keys(rule.children ?? {}).flatMap((name) => (name.endsWith('[x]') ? [name.slice(0, -3)] : []));
  choices.set(rule, stems);
  return stems;
}

/** A key is untrusted text, so it is only repeated in a message if it looks like an element name. */
const plainName = (key: string): string => (/^\w{1,64}$/.test(key) ? key : 'of this name');

interface Place {
  readonly name: string;
  readonly at: string;
  /** Path of the parent. */
  readonly path: string;
}

function checkChild(values: Values, rules: Rules, { name, at, path }: Place, context: Context): void {
  const elementPath = `${path}.${name.replace('[x]', '')}`;
  checkForm(values, rules, elementPath, context);
  for (const { rule, by: profileUrl } of rules) checkCount(values.all.length, rule, profileUrl, elementPath, context);
  const extra = values.all.map((): Said<Rule>[] => []);
  for (const { rule, by: profileUrl } of rules) {
    if (rule.slices === undefined) continue;
    checkSlices(values.all, rule, profileUrl, { extra, here: elementPath }, context);
  }
  for (const [index, value] of values.all.entries())
    checkValue(value, [...rules, ...(extra[index] ?? [])], at, context);
}

/**
 * Marks values whose JSON shape is wrong, so that nothing can be read from them. null and empty arrays only carry no
 * information, so they are not marked.
 */
const UNREADABLE = { unreadable: true } as const;

/** FHIR R4 §2.6.2.1: an element that may repeat is always an array, any other element never is. */
function checkForm({ all, names, isList, fault: error }: Values, rules: Rules, path: string, context: Context): void {
  if (all.length === 0 && names.length === 0) return;
  const structure = (text: string, more: Pick<Issue, 'unreadable'> = {}) =>
    context.report({ severity: 'error', code: 'structure', path, text, ...more });
  if (error !== undefined) structure(error);
  if (names.length > 1) structure(`Only one of ${names.join(', ')} may be there.`);
  const own = rules[0]?.rule;
  if (own === undefined) return;
  if (own.list && !isList) structure('This has to be an array, even where it has one value.', UNREADABLE);
  if (!own.list && isList) structure('This may not be an array: there is one value at most.', UNREADABLE);
  if (isList && all.length === 0) structure('An array may not be empty: leave it out.');
}

function checkCount(
  count: number,
  { min = 0, max }: Rule,
  profileUrl: string | undefined,
  path: string,
  context: Context,
): void {
  if (count < min)
    context.report({
      severity: 'error',
      code: 'required',
      path,
      text: min === 1 ? 'This is required, and missing.' : `At least ${min} of these are required; there are ${count}.`,
      ...profileOf(profileUrl),
    });
  if (max !== undefined && count > max)
    context.report({
      severity: 'error',
      code: 'structure',
      path,
      text: max === 0 ? 'This may not be here.' : `At most ${max} of these may be here; there are ${count}.`,
      ...profileOf(profileUrl),
    });
}

const profileOf = (profileUrl: string | undefined) => (profileUrl === undefined ? {} : { profile: profileUrl });

function checkSlices(
  values: readonly Value[],
  rule: Rule,
  profileUrl: string | undefined,
  { extra, here: elementPath }: { readonly extra: Said<Rule>[][]; readonly here: string },
  context: Context,
): void {
  const assigned = slicesOf(rule, values, context.definitions);
  for (const [name, slice] of Object.entries(rule.slices ?? {})) {
    if (name.includes('/')) continue;
    const count = assigned.filter((one) => one === name).length;
    checkCount(count, slice, profileUrl, `${elementPath}:${name}`, context);
    assigned.forEach((one, at) => {
      if (one === name) extra[at]?.push({ rule: withoutCount(slice), by: profileUrl });
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
        text: 'This is none of those that may be here.',
        ...profileOf(profileUrl),
      });
  });
}

/** The cardinality of a slice was already checked for the slice as a whole. */
const withoutCount = ({ min: _min, max: _max, ...rule }: Rule): Rule => rule;

/** @param at path of the element definition, with `[x]` removed from a choice */
function checkValue(value: Value, rules: Rules, at: string, context: Context): void {
  const type = typeOf(value, rules);
  if (type === undefined) {
    context.report({
      severity: 'error',
      code: 'structure',
      path: value.path,
      text: `This can’t be of this type here.`,
    });
    return;
  }
  for (const { rule, by: profileUrl } of rules.slice(1)) checkType(type, value, { rule, by: profileUrl }, context);
  const definition = context.definitions.type(type);
  const definitionPath = isOfOwnKind(definition) ? type : at;
  for (const attributed of rules) checkSaid(value, attributed, definitionPath, context);
  if (definition?.kind === 'primitive' || isSystem(type)) checkPrimitive(value, type, definition, context);
  else if (!isObject(value.value)) {
    const isNull = value.value === null;
    const text = isNull ? 'null is no value: leave it out.' : `This has to be an object: ${type}.`;
    context.report({ severity: 'error', code: 'structure', path: value.path, text, ...(isNull ? {} : UNREADABLE) });
  } else if (value.beside !== undefined) {
    const text = `Nothing may stand beside this under a name with _: only values such as text and numbers have that.`;
    context.report({ severity: 'error', code: 'structure', path: value.path, text });
  } else checkComplex(value.value, type, { rules, at, path: value.path, definition }, context);
}

/**
 * Whether the value's path for FHIRPath is its data type. An invariant that tests a type (`$this is dateTime`) can't
 * derive it from the path of a choice. Backbone elements and nested resources are identified by their path instead.
 */
const isOfOwnKind = (definition: Profile | undefined): boolean =>
  definition !== undefined &&
  definition.kind !== 'resource' &&
  definition.type !== 'BackboneElement' &&
  definition.type !== 'Element';

/**
 * `BackboneElement` and `Element` get their child elements from the element's own rule or from the element that it
 * refers to (contentReference).
 */
function checkComplex(
  value: Record<string, unknown>,
  type: string,
  { rules, at, path, definition }: { rules: Rules; at: string; path: string; definition: Profile | undefined },
  context: Context,
): void {
  if (emptyIn(value)) {
    context.report({ severity: 'error', code: 'invariant', path, key: 'ele-1', text: 'This is empty: leave it out.' });
    return;
  }
  if (definition?.kind === 'resource' || type === 'Resource' || type === 'DomainResource') {
    context.inner(value, path, profilesOf(type, rules));
    return;
  }
  const like = rules.flatMap(({ rule }): Rules => {
    const referenced = rule.like === undefined ? undefined : ruleAt(context.definitions, rule.like);
    return referenced === undefined ? [] : [{ rule: referenced, by: undefined }];
  });
  const isPart = rules[0]?.rule.children !== undefined || like.length > 0;
  const own: Rules = isPart || definition === undefined ? [] : [{ rule: definition.rule, by: undefined }];
  const inParts = isPart ? [...like, ...rules] : [...own, ...rules];
  const profiled = profilesOf(type, rules).flatMap((url): Rules => {
    const profile = context.definitions.profile(url);
    return profile === undefined ? [] : [{ rule: profile.rule, by: url }];
  });
  const all = [...inParts, ...profiled];
  const definitionPath = isPart ? (rules.find(({ rule }) => rule.like !== undefined)?.rule.like ?? at) : type;
  for (const attributed of [...own, ...profiled])
    checkSaid({ value, beside: undefined, type, path }, attributed, definitionPath, context);
  if (type === 'Extension') checkExtension(value, path, context);
  if (type === 'Reference') checkReference(value, path, rules, context);
  if (type === 'Narrative') checkNarrative(value, path, context);
  checkParts(value, all, definitionPath, path, context);
}

const profilesOf = (type: string, rules: Rules): readonly string[] => [
  ...new Set(
    rules.flatMap(({ rule: { types = [] } }) =>
      types
        .filter(({ code, profiles }) => code === type && profiles?.length === 1)
        .flatMap(({ profiles = [] }) => profiles),
    ),
  ),
];

/** For a choice, the type named by the suffix; otherwise the element's only type. */
function typeOf({ type, value }: Value, rules: Rules): string | undefined {
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
  { path, type: written }: Value,
  { rule, by: profileUrl }: Said<Rule>,
  context: Context,
): void {
  const { types } = rule;
  if (written === undefined || types === undefined || types.some(({ code }) => code === type)) return;
  const names = types.map(({ code }) => code).join(' or ');
  context.report({
    severity: 'error',
    code: 'structure',
    path,
    text: `This has to be of type ${names}.`,
    ...profileOf(profileUrl),
  });
}

/**
 * Checks fixed value, pattern, binding and invariants of a whole value.
 * @param at data type or path of the element definition, which FHIRPath evaluates the value as
 */
function checkSaid({ value, path }: Value, { rule, by: profileUrl }: Said<Rule>, at: string, context: Context): void {
  if (value !== undefined && rule.fixed !== undefined && !isSame(value, rule.fixed))
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This has to be ${inShort(rule.fixed)}.`,
      ...profileOf(profileUrl),
    });
  if (value !== undefined && rule.pattern !== undefined && !fits(value, rule.pattern))
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This has to have ${inShort(rule.pattern)}.`,
      ...profileOf(profileUrl),
    });
  const unbound = value === undefined ? undefined : faultOfBinding(rule.binding, value, context.definitions);
  if (unbound !== undefined)
    context.report({ severity: 'error', code: 'code-invalid', path, text: unbound, ...profileOf(profileUrl) });
  for (const constraint of rule.constraints ?? []) {
    if (value === undefined || context.invariants.holds(constraint, at, value, context) !== false) continue;
    const { key, severity, human } = constraint;
    context.report({ severity, code: 'invariant', path, key, text: `${human} (${key})`, ...profileOf(profileUrl) });
  }
}

/** Shortens a value of a definition. Never used for values of the resource. */
function inShort(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

const isSystem = (type: string): boolean => type.startsWith('http://hl7.org/fhirpath/');

function checkPrimitive(
  { value, beside, path }: Value,
  type: string,
  definition: Profile | undefined,
  context: Context,
): void {
  const error = value === undefined ? undefined : faultOfPrimitive(type, value);
  if (error !== undefined) {
    const isOther = value !== null && typeof value !== jsonOf(type);
    context.report({ severity: 'error', code: 'value', path, text: `This ${error}.`, ...(isOther ? UNREADABLE : {}) });
  }
  if (value === undefined && (beside === undefined || !Array.isArray(beside['extension'])))
    context.report({
      severity: 'error',
      code: 'invariant',
      path,
      key: 'ele-1',
      text: 'This has neither a value nor an extension.',
    });
  if (beside === undefined) return;
  const rule = definition?.rule ?? { children: {} };
  const { value: _value, ...children } = rule.children ?? {};
  checkParts(beside, [{ rule: { children }, by: undefined }], type, path, context);
}
