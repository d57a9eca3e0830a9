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
 * What consists of others: a resource, a data type, or a part of a resource.
 * @param rules the first is the type's own, and says which elements there are
 * @param at of the definition: `Observation.component`
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
    const said = rules.flatMap(({ rule, by }): Rules => {
      const child = rule.children?.[name];
      return child === undefined ? [] : [{ rule: child, by }];
    });
    const others = rules[0]?.rule.children;
    checkChild(
      valuesOf(parent, name, path, others),
      said,
      { name, at: `${at}.${name.replace('[x]', '')}`, path },
      context,
    );
  }
}

/**
 * Those that are there, by the names they have in the definition. FHIR R4 §2.6.2: one that the type does not have is a
 * fault, not an extra.
 */
function elementsIn(parent: Record<string, unknown>, own: Rule, path: string, context: Context): Set<string> {
  const found = new Set<string>();
  const { children = {} } = own;
  for (const key of Object.keys(parent)) {
    if (key === 'resourceType') continue;
    const plain = key.startsWith('_') ? key.slice(1) : key;
    const name = Object.hasOwn(children, plain) ? plain : choicesIn(own).find((stem) => isChoice(plain, stem));
    if (name !== undefined) found.add(name === plain ? name : `${name}[x]`);
    else if (key !== context.definitions.remarks) unknownElement(key, path, context);
  }
  return found;
}

const unknownElement = (key: string, path: string, { report }: Context): void =>
  report({
    severity: 'error',
    code: 'structure',
    path,
    text: `There is no element ${plainName(key)} here. Take it out, or put it into an extension.`,
  });

/** What is asked for of a rule's children, worked out once. */
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

/** The stems of choices: `value` of `value[x]`. */
const choices = new WeakMap<Rule, readonly string[]>();
function choicesIn(rule: Rule): readonly string[] {
  const known = choices.get(rule);
  if (known !== undefined) return known;
  const stems = Object.keys(rule.children ?? {}).flatMap((name) => (name.endsWith('[x]') ? [name.slice(0, -3)] : []));
  choices.set(rule, stems);
  return stems;
}

/** A key is text from outside. */
const plainName = (key: string): string => (/^\w{1,64}$/.test(key) ? key : 'of this name');

interface Place {
  readonly name: string;
  readonly at: string;
  /** Of the parent. */
  readonly path: string;
}

function checkChild(values: Values, rules: Rules, { name, at, path }: Place, context: Context): void {
  const here = `${path}.${name.replace('[x]', '')}`;
  checkForm(values, rules, here, context);
  for (const { rule, by } of rules) checkCount(values.all.length, rule, by, here, context);
  const extra = values.all.map((): Said<Rule>[] => []);
  for (const { rule, by } of rules) {
    if (rule.slices === undefined) continue;
    checkSlices(values.all, rule, by, { extra, here }, context);
  }
  for (const [index, value] of values.all.entries())
    checkValue(value, [...rules, ...(extra[index] ?? [])], at, context);
}

/** null and what is empty say nothing, rather than something else. */
const UNREADABLE = { unreadable: true } as const;

/** FHIR R4 §2.6.2.1: what may repeat is an array, always, and what may not is none. */
function checkForm({ all, names, isList, fault }: Values, rules: Rules, path: string, context: Context): void {
  if (all.length === 0 && names.length === 0) return;
  const structure = (text: string, more: Pick<Issue, 'unreadable'> = {}) =>
    context.report({ severity: 'error', code: 'structure', path, text, ...more });
  if (fault !== undefined) structure(fault);
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
  by: string | undefined,
  path: string,
  context: Context,
): void {
  if (count < min)
    context.report({
      severity: 'error',
      code: 'required',
      path,
      text: min === 1 ? 'This is required, and missing.' : `At least ${min} of these are required; there are ${count}.`,
      ...profileOf(by),
    });
  if (max !== undefined && count > max)
    context.report({
      severity: 'error',
      code: 'structure',
      path,
      text: max === 0 ? 'This may not be here.' : `At most ${max} of these may be here; there are ${count}.`,
      ...profileOf(by),
    });
}

const profileOf = (by: string | undefined) => (by === undefined ? {} : { profile: by });

function checkSlices(
  values: readonly Value[],
  rule: Rule,
  by: string | undefined,
  { extra, here }: { readonly extra: Said<Rule>[][]; readonly here: string },
  context: Context,
): void {
  const found = slicesOf(rule, values, context.definitions);
  for (const [name, slice] of Object.entries(rule.slices ?? {})) {
    if (name.includes('/')) continue;
    const count = found.filter((one) => one === name).length;
    checkCount(count, slice, by, `${here}:${name}`, context);
    found.forEach((one, at) => {
      if (one === name) extra[at]?.push({ rule: withoutCount(slice), by });
    });
  }
  if (!rule.slicing?.closed) return;
  found.forEach((one, at) => {
    const path = values[at]?.path ?? here;
    if (one === undefined)
      context.report({
        severity: 'error',
        code: 'structure',
        path,
        text: 'This is none of those that may be here.',
        ...profileOf(by),
      });
  });
}

/** Of the slice as a whole it was counted already. */
const withoutCount = ({ min: _min, max: _max, ...rule }: Rule): Rule => rule;

/** @param at of the definition, a choice without its type */
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
  for (const { rule, by } of rules.slice(1)) checkType(type, value, { rule, by }, context);
  const definition = context.definitions.type(type);
  const place = isOfOwnKind(definition) ? type : at;
  for (const said of rules) checkSaid(value, said, place, context);
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
 * A data type. Where an invariant asks for the type (`$this is dateTime`), the name of a choice as it is defined does not
 * tell it; what is a part of a resource, or a resource inside one, is known by its path.
 */
const isOfOwnKind = (definition: Profile | undefined): boolean =>
  definition !== undefined &&
  definition.kind !== 'resource' &&
  definition.type !== 'BackboneElement' &&
  definition.type !== 'Element';

/** `BackboneElement` and `Element` consist of what the element itself says, or another like it. */
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
    const said = rule.like === undefined ? undefined : ruleAt(context.definitions, rule.like);
    return said === undefined ? [] : [{ rule: said, by: undefined }];
  });
  const isPart = rules[0]?.rule.children !== undefined || like.length > 0;
  const own: Rules = isPart || definition === undefined ? [] : [{ rule: definition.rule, by: undefined }];
  const inParts = isPart ? [...like, ...rules] : [...own, ...rules];
  const profiled = profilesOf(type, rules).flatMap((url): Rules => {
    const profile = context.definitions.profile(url);
    return profile === undefined ? [] : [{ rule: profile.rule, by: url }];
  });
  const all = [...inParts, ...profiled];
  const place = isPart ? (rules.find(({ rule }) => rule.like !== undefined)?.rule.like ?? at) : type;
  for (const said of [...own, ...profiled]) checkSaid({ value, beside: undefined, type, path }, said, place, context);
  if (type === 'Extension') checkExtension(value, path, context);
  if (type === 'Reference') checkReference(value, path, rules, context);
  if (type === 'Narrative') checkNarrative(value, path, context);
  checkParts(value, all, place, path, context);
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

/** The type's name as it is written after the stem of a choice; otherwise the only one there is. */
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

function checkType(type: string, { path, type: written }: Value, { rule, by }: Said<Rule>, context: Context): void {
  const { types } = rule;
  if (written === undefined || types === undefined || types.some(({ code }) => code === type)) return;
  const names = types.map(({ code }) => code).join(' or ');
  context.report({
    severity: 'error',
    code: 'structure',
    path,
    text: `This has to be of type ${names}.`,
    ...profileOf(by),
  });
}

/**
 * What is said of a value as a whole.
 * @param at its data type, or the definition of a part: what FHIRPath takes it for
 */
function checkSaid({ value, path }: Value, { rule, by }: Said<Rule>, at: string, context: Context): void {
  if (value !== undefined && rule.fixed !== undefined && !isSame(value, rule.fixed))
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This has to be ${inShort(rule.fixed)}.`,
      ...profileOf(by),
    });
  if (value !== undefined && rule.pattern !== undefined && !fits(value, rule.pattern))
    context.report({
      severity: 'error',
      code: 'value',
      path,
      text: `This has to have ${inShort(rule.pattern)}.`,
      ...profileOf(by),
    });
  const unbound = value === undefined ? undefined : faultOfBinding(rule.binding, value, context.definitions);
  if (unbound !== undefined)
    context.report({ severity: 'error', code: 'code-invalid', path, text: unbound, ...profileOf(by) });
  for (const constraint of rule.constraints ?? []) {
    if (value === undefined || context.invariants.holds(constraint, at, value, context) !== false) continue;
    const { key, severity, human } = constraint;
    context.report({ severity, code: 'invariant', path, key, text: `${human} (${key})`, ...profileOf(by) });
  }
}

/** Of a definition, never of the resource. */
function inShort(said: unknown): string {
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

const isSystem = (type: string): boolean => type.startsWith('http://hl7.org/fhirpath/');

function checkPrimitive(
  { value, beside, path }: Value,
  type: string,
  definition: Profile | undefined,
  context: Context,
): void {
  const fault = value === undefined ? undefined : faultOfPrimitive(type, value);
  if (fault !== undefined) {
    const isOther = value !== null && typeof value !== jsonOf(type);
    context.report({ severity: 'error', code: 'value', path, text: `This ${fault}.`, ...(isOther ? UNREADABLE : {}) });
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
