import { isLosslessNumber } from 'lossless-json';
import type { Node } from '../fixtures/convert.ts';
import type { ElementDefinition, Expand } from './definitions.ts';

type Structures = ReadonlyMap<string, readonly ElementDefinition[]>;

/**
 * Checks a resource against DSTU2's definitions: element names, cardinality, types, reference targets and required
 * codes. @returns the violations
 */
export function structureErrors(resource: Node, structures: Structures, expand: Expand): readonly string[] {
  const problems: string[] = [];
  const report = (place: string, what: string) => problems.push(`${place}: ${what}`);

  function checkNode(node: Node, definitions: readonly ElementDefinition[], parent: string, place: string): void {
    const children = definitions.filter(
      ({ path }) => path.startsWith(`${parent}.`) && !path.slice(parent.length + 1).includes('.'),
    );
    const known = new Set<string>(['resourceType']);
    for (const child of children) {
      const present = keysOf(child).filter(({ key }) => key in node || `_${key}` in node);
      for (const { key } of keysOf(child)) known.add(key).add(`_${key}`);
      checkCount(
        child,
        present.map(({ key }) => node[key] ?? node[`_${key}`]),
        place,
      );
      for (const { key, type } of present) checkValues(node, key, type, child, definitions, place);
    }
    for (const key of Object.keys(node)) if (!known.has(key)) report(`${place}.${key}`, 'is no element');
    if (Object.keys(node).length === 0) report(place, 'is empty');
  }

  function checkCount(
    { path, min = 0, max = '1' }: ElementDefinition,
    values: readonly unknown[],
    place: string,
  ): void {
    const name = `${place}.${path.split('.').at(-1)}`;
    if (values.length < Math.min(min, 1)) report(name, 'is missing');
    if (values.length > 1) report(name, 'has two types');
    const [value] = values;
    if (values.length === 0) return;
    if (Array.isArray(value) !== (max !== '1')) report(name, Array.isArray(value) ? 'is a list' : 'is no list');
    if (Array.isArray(value) && value.length === 0) report(name, 'is an empty list');
  }

  function checkValues(
    node: Node,
    key: string,
    type: string,
    child: ElementDefinition,
    definitions: readonly ElementDefinition[],
    place: string,
  ): void {
    const name = `${place}.${key}`;
    const values = [node[key] ?? []].flat();
    if (key === 'modifierExtension') return;
    for (const [at, value] of values.entries()) {
      if (/^[a-z]/.test(type)) checkPrimitive(value, node[`_${key}`], type, name);
      else if (typeof value !== 'object' || value === null) report(name, 'is no object');
      else checkComplex(value as Node, type, child, definitions, values.length > 1 ? `${name}[${at}]` : name);
      checkBinding(value, child, name);
    }
  }

  function checkComplex(
    value: Node,
    type: string,
    child: ElementDefinition,
    definitions: readonly ElementDefinition[],
    name: string,
  ): void {
    if (type === 'Reference') checkTarget(value, child, name);
    const target = definitions.find((one) => one.name === child.nameReference && child.nameReference !== undefined);
    const inline = target ?? (type === 'BackboneElement' || type === 'Element' ? child : undefined);
    if (inline === undefined) checkTyped(value, type === 'Resource' ? String(value['resourceType']) : type, name);
    else checkNode(value, definitions, inline.path, name);
  }

  function checkPrimitive(value: unknown, sibling: unknown, type: string, name: string): void {
    if (value === null && Array.isArray(sibling)) return;
    const text = isLosslessNumber(value) ? value.value : String(value);
    const isNumber = typeof value === 'number' || isLosslessNumber(value);
    const json = NUMBERS.has(type)
      ? isNumber
      : type === 'boolean'
        ? typeof value === 'boolean'
        : typeof value === 'string';
    if (!json || !(FORMS[type] ?? /\S/).test(text)) report(name, `is no ${type}`);
  }

  function checkTarget(value: Node, { type = [] }: ElementDefinition, name: string): void {
    const allowed = type.filter(({ code }) => code === 'Reference').flatMap(({ profile = [] }) => profile);
    const [, target] = /^(?:https?:.*\/)?([A-Z][A-Za-z]+)\/[^/]+$/.exec(String(value['reference'])) ?? [];
    if (target !== undefined && !structures.has(target)) report(name, `refers to ${target}, which is no type`);
    const names = allowed.map((url) => url.split('/').at(-1));
    if (target !== undefined && names.length > 0 && !names.includes('Resource') && !names.includes(target)) {
      report(name, `refers to ${target}`);
    }
  }

  function checkBinding(value: unknown, { binding }: ElementDefinition, name: string): void {
    if (binding?.strength !== 'required' || value === null) return;
    const allowed = expand(binding.valueSetReference?.reference ?? '');
    if (allowed === undefined) return;
    if (typeof value === 'string') {
      if (![...allowed].some((one) => one.endsWith(`|${value}`))) report(name, `has the code ${value}`);
      return;
    }
    const codings = ((value as Node)['coding'] ?? []) as readonly Node[];
    for (const { system, code } of codings) {
      if (!allowed.has(`${system}|${code}`)) report(name, `has the coding ${system}|${code}`);
    }
  }

  function checkTyped(value: Node, type: string, place: string): void {
    const own = structures.get(type);
    if (own === undefined) report(place, `is a ${type}, which is not defined`);
    else checkNode(value, own, own[0]?.path ?? type, place);
  }

  const type = String(resource['resourceType']);
  checkTyped(resource, type, type);
  return problems;
}

/** The JSON keys that an element may have; a choice has one for each type. */
function keysOf({ path, type = [] }: ElementDefinition): readonly { readonly key: string; readonly type: string }[] {
  const name = path.split('.').at(-1) ?? '';
  // An element without a type has the content of the element that its nameReference names.
  const codes = type.length === 0 ? ['BackboneElement'] : [...new Set(type.map(({ code }) => code))];
  if (!name.endsWith('[x]')) return [{ key: name, type: codes[0] ?? '' }];
  const all = codes.includes('*') ? ANY : codes;
  return all.map((code) => ({ key: name.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1)), type: code }));
}

const ANY = `boolean integer decimal base64Binary instant string uri date dateTime time code oid id unsignedInt
  positiveInt markdown Annotation Attachment Identifier CodeableConcept Coding Quantity Range Period Ratio SampledData
  Signature HumanName Address ContactPoint Timing Reference Meta`.split(/\s+/);
const NUMBERS = new Set(['integer', 'decimal', 'unsignedInt', 'positiveInt']);
const DATE = String.raw`-?\d{4}(-(0[1-9]|1[0-2])(-(0[0-9]|[1-2]\d|3[0-1])`;
const CLOCK = String.raw`T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))`;
const FORMS: Readonly<Record<string, RegExp>> = {
  boolean: /^(true|false)$/,
  integer: /^-?(0|[1-9]\d*)$/,
  unsignedInt: /^(0|[1-9]\d*)$/,
  positiveInt: /^[1-9]\d*$/,
  decimal: /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/,
  date: new RegExp(`^${DATE})?)?$`),
  dateTime: new RegExp(`^${DATE}(${CLOCK})?)?)?$`),
  instant: new RegExp(`^${DATE}${CLOCK}))$`),
  time: /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?$/,
  code: /^\S+( \S+)*$/,
  id: /^[A-Za-z0-9.-]{1,64}$/,
  uri: /^\S+$/,
};
