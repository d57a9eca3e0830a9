import { choiceErrors, NO_TEXT, siblingErrors } from './mutate-primitives.ts';
import { makeSliceMutants } from './mutate-slices.ts';

/** A resource with one error, a name for the error, and the expected report of the validator. */
export interface Mutant {
  readonly name: string;
  readonly resource: Record<string, unknown>;
  readonly code: string;
  /** Start of the position that the validator has to report. */
  readonly path: string;
  /** Key of the invariant that is violated. */
  readonly key?: string;
}

/** A function that makes one error in an element, given its parent. */
export interface ElementError {
  readonly kind: string;
  readonly change: (parent: Json) => void;
  readonly code: string;
  readonly key?: string;
}

export interface Element {
  readonly id: string;
  readonly path: string;
  readonly min: number;
  readonly max: string;
  readonly base?: { readonly max: string };
  readonly type?: readonly {
    readonly code: string;
    readonly profile?: readonly string[];
    readonly targetProfile?: readonly string[];
  }[];
  readonly constraint?: readonly { readonly key: string; readonly expression?: string }[];
  readonly binding?: { readonly strength: string; readonly valueSet?: string };
  readonly patternCodeableConcept?: unknown;
  readonly patternCoding?: unknown;
  readonly fixedUri?: unknown;
  readonly fixedCode?: unknown;
  readonly slicing?: unknown;
}
export interface Definition {
  readonly url: string;
  readonly type: string;
  readonly snapshot: { readonly element: readonly Element[] };
}

export type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Makes mutants of an example with one error each, in its first two levels, its slices and its extensions. The kinds of
 * errors follow from the published StructureDefinition.
 */
export function* makeMutants(example: Json, definition: Definition): Generator<Mutant> {
  const { snapshot, type } = definition;
  for (const element of snapshot.element) {
    const steps = element.path.split('.').slice(1);
    if (element.id.includes(':') || steps.length === 0 || steps.length > 2) continue;
    for (const occurrence of placesOf(example, type, steps)) yield* errorsAt(example, occurrence, element);
  }
  yield* makeSliceMutants(example, definition);
  yield {
    name: `${type}: an element nobody knows`,
    resource: { ...example, nobodyKnows: 1 },
    code: 'structure',
    path: type,
  };
}

interface ElementOccurrence {
  /** Path from the resource to the parent: names and list indexes. */
  readonly parent: readonly (string | number)[];
  /** Name of the element in JSON, including the type of a choice. */
  readonly name: string;
  readonly path: string;
}

/** Finds the first place where an element occurs. */
function placesOf(example: Json, type: string, steps: readonly string[]): readonly ElementOccurrence[] {
  let at: readonly { readonly keys: readonly (string | number)[]; readonly path: string }[] = [
    { keys: [], path: type },
  ];
  for (const step of steps.slice(0, -1)) {
    at = at.flatMap(({ keys, path }) => {
      const value = valueAt(example, keys);
      const inner = isObject(value) ? value[step] : undefined;
      if (Array.isArray(inner))
        return isObject(inner[0]) ? [{ keys: [...keys, step, 0], path: `${path}.${step}[0]` }] : [];
      return isObject(inner) ? [{ keys: [...keys, step], path: `${path}.${step}` }] : [];
    });
  }
  const last = steps.at(-1) ?? '';
  const stem = last.replace('[x]', '');
  return at.flatMap(({ keys, path }) => {
    const parent = valueAt(example, keys);
    if (!isObject(parent)) return [];
    const name = last.endsWith('[x]')
      ? Object.keys(parent).find((key) => key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length)))
      : Object.keys(parent).find((key) => key === last);
    return name === undefined ? [] : [{ parent: keys, name, path: `${path}.${stem}` }];
  });
}

const valueAt = (from: unknown, keys: readonly (string | number)[]): unknown =>
  keys.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], from);

function* errorsAt(example: Json, occurrence: ElementOccurrence, element: Element): Generator<Mutant> {
  const with_ = (change: (parent: Json) => void): Json => {
    const copy = structuredClone(example);
    change(valueAt(copy, occurrence.parent) as Json);
    return copy;
  };
  const { name, path } = occurrence;
  const value = (valueAt(example, occurrence.parent) as Json)[name];
  const first = Array.isArray(value) ? value[0] : value;
  const put = (one: unknown) => (parent: Json) => {
    parent[name] = Array.isArray(parent[name]) ? [one, ...parent[name].slice(1)] : one;
  };
  const isList = element.base?.max === '*' || element.max === '*';
  // Whether the element is the only one of its parent. Without it, the parent would be empty, which is another error.
  const isAlone = Object.keys(valueAt(example, occurrence.parent) as Json).length === 1;
  if (element.min > 0 && !element.slicing && !isAlone)
    yield { name: `${path}: missing`, resource: with_((parent) => remove(parent, name)), code: 'required', path };
  yield {
    name: `${path}: ${isList ? 'not in an array' : 'in an array'}`,
    resource: with_((parent) => {
      parent[name] = isList ? first : [value];
    }),
    code: 'structure',
    path,
  };
  const faults = [
    ...(isObject(first) ? [] : siblingErrors(name, value)),
    ...choiceErrors(name, value, element.constraint ?? []),
  ];
  for (const { kind, change, ...found } of faults)
    yield { name: `${path}: ${kind}`, resource: with_(change), path, ...found };
  yield* ofValue();

  function* ofValue(): Generator<Mutant> {
    const [{ code: type = '', targetProfile = [] } = {}] = element.type ?? [];
    if (element.type?.length !== 1) return;
    if (isObject(first)) {
      yield { name: `${path}: text instead of ${type}`, resource: with_(put('text')), code: 'structure', path };
      yield { name: `${path}: empty`, resource: with_(put({})), code: 'invariant', path };
      yield {
        name: `${path}: with what ${type} has not`,
        resource: with_(put({ ...first, nobodyKnows: 1 })),
        code: 'structure',
        path,
      };
    }
    const wrong = WRONG[type];
    if (wrong !== undefined && !isObject(first))
      yield { name: `${path}: no ${type}`, resource: with_(put(wrong)), code: 'value', path };
    for (const [kind, text] of Object.entries(NO_TEXT[type] ?? {}))
      yield { name: `${path}: ${kind}`, resource: with_(put(text)), code: 'value', path };
    if (type === 'Reference' && !targetProfile.some((url) => url.endsWith('/Resource')))
      yield { name: `${path}: to a Basic`, resource: with_(put({ reference: 'Basic/1' })), code: 'value', path };
    const { binding } = element;
    if (binding?.strength === 'required' && type === 'code' && !UNLISTED.test(binding.valueSet ?? ''))
      yield { name: `${path}: no code of its set`, resource: with_(put('nobody-knows')), code: 'code-invalid', path };
    if (element.patternCodeableConcept !== undefined)
      yield { name: `${path}: another concept`, resource: with_(put({ text: 'another' })), code: 'value', path };
  }
}

function remove(parent: Json, name: string): void {
  delete parent[name];
  delete parent[`_${name}`];
}

const WRONG: Readonly<Record<string, unknown>> = {
  boolean: 'true',
  code: ' two  blanks ',
  date: '2026-13-01',
  dateTime: '2026-04-31',
  instant: '2026-04-30',
  decimal: '1.5',
  integer: 1.5,
  positiveInt: 0,
  unsignedInt: -1,
  uri: 'with blanks in it',
  url: 'with blanks in it',
  canonical: 'with blanks in it',
  string: 7,
  markdown: 7,
  time: '25:00:00',
  base64Binary: '?',
};

/** Value sets whose codes can't be listed: languages, media types, units. */
const UNLISTED = /mimetypes|languages|ucum|currencies|timezones/;
