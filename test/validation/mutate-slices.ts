import type { Definition, Element, Json, Mutant } from './mutate.ts';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Matches the id of a slice, such as `category:us-core`. */
const SLICE = /^\w+\.(\w+):([^.]+)$/;
/** Matches the id of an element within one type of a choice, such as `value[x]:valueQuantity.system`. */
const OF_ONE_TYPE = /^\w+\.(\w+)\[x\]:(\w+)\.(\w+)$/;

/** Makes mutants with one error each, in slices of a resource or of its extensions. */
export function* makeSliceMutants(example: Json, { snapshot, type }: Definition): Generator<Mutant> {
  const { element } = snapshot;
  for (const one of element) {
    const [, list, slice] = SLICE.exec(one.id) ?? [];
    if (list !== undefined && slice !== undefined)
      yield* ofSlice(example, `${type}.${list}`, list, slice, one, element);
    const [, stem, name, child] = OF_ONE_TYPE.exec(one.id) ?? [];
    if (stem !== undefined && name !== undefined && child !== undefined)
      yield* ofOneType(example, `${type}.${stem}.${child}`, name, child, one);
  }
  yield* ofExtensions(example, type);
}

const put = (example: Json, name: string, value: unknown): Json => ({ ...structuredClone(example), [name]: value });

function* ofSlice(
  example: Json,
  path: string,
  list: string,
  slice: string,
  one: Element,
  all: readonly Element[],
): Generator<Mutant> {
  const members = objects(example[list]);
  if (members.length === 0) return;
  const place = `${path}:${slice}`;
  if (one.min > 0)
    yield {
      name: `${place}: slice missing`,
      resource: put(example, list, members.map(outsideSlices)),
      code: 'required',
      path: place,
    };
  const member = members.find(isOf(one, all));
  if (member === undefined || one.max !== '1') return;
  yield {
    name: `${place}: slice twice`,
    resource: put(example, list, [...members, member]),
    code: 'structure',
    path: place,
  };
}

const NOBODY = { coding: [{ system: 'urn:x', code: 'nobody-knows' }] };

/** Changes a member of a list so that it belongs to no slice. */
function outsideSlices(member: Json): Json {
  if ('url' in member) return { url: 'urn:nobody-knows', valueString: 'another' };
  return 'code' in member ? { ...member, code: NOBODY } : NOBODY;
}

/**
 * Whether a list item is a member of a slice. An extension is one by its URL, others are by the required code of the
 * slice or of its `code`.
 */
function isOf({ id, type, patternCodeableConcept }: Element, all: readonly Element[]): (member: Json) => boolean {
  const profile = type?.[0]?.profile;
  if (type?.[0]?.code === 'Extension') return ({ url }) => [profile].flat().includes(String(url));
  const pattern = patternCodeableConcept ?? all.find((one) => one.id === `${id}.code`)?.patternCodeableConcept;
  const code = isObject(pattern) ? objects(pattern['coding'])[0]?.['code'] : undefined;
  if (code === undefined) return () => false;
  return (member) => {
    const concept = isObject(member['code']) ? member['code'] : member;
    return objects(concept['coding']).some((coding) => coding['code'] === code);
  };
}

function* ofOneType(example: Json, path: string, name: string, child: string, one: Element): Generator<Mutant> {
  const value = example[name];
  if (!isObject(value) || value[child] === undefined) return;
  const { [child]: _gone, ...rest } = value;
  if (one.min > 0) yield { name: `${path}: part missing`, resource: put(example, name, rest), code: 'required', path };
  if (one.fixedUri !== undefined || one.fixedCode !== undefined)
    yield {
      name: `${path}: another than the fixed`,
      resource: put(example, name, { ...value, [child]: 'urn:x' }),
      code: 'value',
      path,
    };
}

function* ofExtensions(example: Json, type: string): Generator<Mutant> {
  const extensions = objects(example['extension']);
  for (const [at, extension] of extensions.entries()) {
    const path = `${type}.extension[${at}]`;
    const mutant = (kind: string, value: Json, code: string, place = path): Mutant => ({
      name: `${path}: ${kind}`,
      resource: put(example, 'extension', extensions.with(at, value)),
      code,
      path: place,
    });
    const { url, extension: inner } = extension;
    yield mutant('extension without url', { ...extension, url: undefined }, 'required', `${path}.url`);
    yield mutant('extension with an empty url', { ...extension, url: '' }, 'value', `${path}.url`);
    yield mutant('extension of nothing', { url }, 'invariant');
    yield mutant(
      'extension with value and extensions',
      {
        ...extension,
        ...(inner === undefined ? { extension: [{ url: 'urn:x', valueString: 'x' }] } : { valueString: 'x' }),
      },
      'invariant',
    );
    yield mutant('extension with what it has not', { ...extension, nobodyKnows: 1 }, 'structure');
    if (PROFILED.test(String(url)))
      yield mutant('extension of another type', { url, valueBase64Binary: 'AAAA' }, 'structure', `${path}.value`);
  }
}

/** URLs of the extensions that the guides define. The validator doesn't check others. */
const PROFILED = /^http:\/\/(hl7\.org\/fhir\/us\/core|fhir\.org\/guides\/argonaut)\/StructureDefinition\//;
