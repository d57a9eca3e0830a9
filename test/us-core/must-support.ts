import { readFileSync } from 'node:fs';
import type { Resource } from '../../src/fhir/index.ts';

interface Type {
  readonly code: string;
  readonly flagged?: boolean;
  /** URL of the extension's definition. */
  readonly profile?: string;
  readonly targets?: readonly string[];
  readonly flaggedTargets?: readonly string[];
}
interface Element {
  readonly id: string;
  /** True if the element is marked as must support, or as an additional USCDI requirement. */
  readonly demanded?: boolean;
  readonly types?: readonly Type[];
  /** Paths of the discriminators of the element's slices. */
  readonly slicedBy?: readonly string[];
  /** Fixed value or pattern of the element. */
  readonly pattern?: unknown;
  readonly valueSet?: string;
}
interface Include {
  readonly system?: string;
  readonly codes?: readonly string[];
  readonly valueSets?: readonly string[];
}

/** Requirements of one version of US Core, as scripts/compile-us-core-must-support.mjs compiles them. */
export interface MustSupport {
  /** URLs of the profiles that a server declares. */
  readonly claimed: readonly string[];
  /** URL of the base definition of each definition. */
  readonly bases: Readonly<Record<string, string>>;
  /** Elements of each profile and of each complex extension. */
  readonly profiles: Readonly<Record<string, readonly Element[]>>;
  readonly valueSets: Readonly<Record<string, readonly Include[]>>;
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** Requirements by version of US Core. */
export const MUST_SUPPORT: Readonly<Record<string, MustSupport>> = JSON.parse(
  readFileSync(new URL('generated/must-support.json', import.meta.url), 'utf8'),
);

/** A value with its JSON name, which includes the type of a choice element. */
interface Node {
  readonly key: string;
  readonly value: unknown;
}
type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const capitalized = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

/**
 * Describes the elements of a profile that no resource has.
 * @param find returns the target of a reference
 */
export function missingElements(
  guide: MustSupport,
  profile: string,
  resources: readonly Resource[],
  find: (reference: string) => Resource | undefined,
): readonly string[] {
  const all = guide.profiles[profile] ?? [];
  const elements = new Map(all.map((element) => [element.id, element]));
  const demanded = all.filter((element) => element.demanded === true);
  return demanded.flatMap((element) => {
    const nodes = resources.flatMap((resource) => nodesAt(guide, elements, element.id, resource));
    if (nodes.length === 0) return [element.id];
    return [
      ...lackingTypes(element, nodes),
      ...lackingTargets(element, nodes, find),
      ...lackingParts(guide, element, nodes),
    ];
  });
}

/**
 * Returns the values at an element id, step by step from the resource: `Patient.name`,
 * `Observation.component:systolic.value[x]`.
 */
function nodesAt(guide: MustSupport, elements: ReadonlyMap<string, Element>, id: string, root: Json): readonly Node[] {
  const [first = '', ...steps] = id.split('.');
  let nodes: readonly Node[] = [{ key: first, value: root }];
  let at = first;
  for (const step of steps) {
    const [name = '', slice] = step.split(':');
    nodes = nodes.flatMap((node) => childrenOf(node, name));
    const sliced = elements.get(`${at}.${name}`);
    at = `${at}.${step}`;
    if (slice === undefined) continue;
    const own = elements.get(at);
    nodes = own === undefined ? [] : nodes.filter((node) => isInSlice(guide, elements, own, sliced, node));
  }
  return nodes;
}

/** Children of a value. The extensions of a primitive are in its sibling with an underscore (FHIR R4 JSON §2.6.2.3). */
function childrenOf({ value }: Node, name: string): readonly Node[] {
  if (!isJson(value)) return [];
  const stem = name.replace('[x]', '');
  const isOf = (key: string) =>
    key === name || (stem !== name && key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length)));
  return Object.entries(value)
    .filter(([key]) => isOf(key))
    .flatMap(([key, inner]) => {
      const besides = [value[`_${key}`] ?? []].flat();
      return [inner].flat().map((one, index) => ({
        key,
        value: isJson(one) || !isJson(besides[index]) ? one : { ...besides[index], value: one },
      }));
    });
}

function isInSlice(
  guide: MustSupport,
  elements: ReadonlyMap<string, Element>,
  slice: Element,
  sliced: Element | undefined,
  node: Node,
): boolean {
  const extension = slice.types?.find(({ code }) => code === 'Extension')?.profile;
  if (extension !== undefined) return isJson(node.value) && node.value['url'] === extension;
  const stem = /(\w+)\[x\]:\w+$/.exec(slice.id)?.[1];
  if (stem !== undefined) return (slice.types ?? []).some(({ code }) => node.key === stem + capitalized(code));
  const paths = (sliced?.slicedBy ?? []).map((path) => (path === '$this' ? [] : path.split('.')));
  return (
    paths.length > 0 &&
    paths.every((path) => {
      const values = valuesAt(node.value, path);
      return marksOf(elements, slice.id, path).every((discriminator) =>
        values.some((value) => matchesDiscriminator(guide, value, discriminator)),
      );
    })
  );
}

const valuesAt = (value: unknown, path: readonly string[]): readonly unknown[] =>
  path
    .reduce<readonly Node[]>((nodes, name) => nodes.flatMap((node) => childrenOf(node, name)), [{ key: '', value }])
    .map((node) => node.value);

type Discriminator = { readonly pattern: unknown } | { readonly valueSet: string };

/**
 * Values by which members of a slice are recognized: a fixed value or pattern at the discriminator's path or below it,
 * or a value set bound there.
 */
function marksOf(
  elements: ReadonlyMap<string, Element>,
  id: string,
  path: readonly string[],
): readonly Discriminator[] {
  const at = [id, ...path].join('.');
  const own = elements.get(at);
  if (own?.pattern !== undefined) return [{ pattern: own.pattern }];
  const below = [...elements.values()]
    .filter((element) => element.id.startsWith(`${at}.`) && !element.id.slice(at.length).includes(':'))
    .flatMap(({ id: inner, pattern }) => {
      const names = inner.slice(at.length + 1).split('.');
      return pattern === undefined
        ? []
        : [{ pattern: names.reduceRight<unknown>((all, name) => ({ [name]: all }), pattern) }];
    });
  if (below.length > 0) return below;
  return own?.valueSet === undefined ? [] : [{ valueSet: own.valueSet }];
}

const matchesDiscriminator = (guide: MustSupport, value: unknown, discriminator: Discriminator): boolean =>
  'pattern' in discriminator
    ? matches(value, discriminator.pattern)
    : codingsIn(value).some((one) => isMember(guide, discriminator.valueSet, one));

/** Whether a value has everything in a pattern (FHIR R4 ElementDefinition.pattern[x]). */
function matches(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(value) && !Array.isArray(pattern)) return value.some((one) => matches(one, pattern));
  if (Array.isArray(pattern))
    return Array.isArray(value) && pattern.every((one) => value.some((each) => matches(each, one)));
  if (!isJson(pattern)) return value === pattern;
  return isJson(value) && Object.entries(pattern).every(([key, one]) => matches(value[key], one));
}

interface Code {
  readonly system?: unknown;
  readonly code?: unknown;
}
const codingsIn = (value: unknown): readonly Code[] =>
  !isJson(value) ? [] : Array.isArray(value['coding']) ? (value['coding'] as readonly Code[]) : [value];

/**
 * Whether a value set has a code. If a code system is included completely, or the guide doesn't define the value set,
 * it has any code.
 */
function isMember(guide: MustSupport, url: string, { system, code }: Code): boolean {
  const known = guide.valueSets[url];
  return (
    known === undefined ||
    known.some(
      (one) =>
        (one.valueSets ?? []).some((other) => isMember(guide, other, { system, code })) ||
        (one.system !== undefined &&
          one.system === system &&
          (one.codes === undefined || one.codes.some((each) => each === code))),
    )
  );
}

/**
 * Types of a choice element that don't occur. Each flagged type must, or any one type if none is flagged (US Core, must
 * support: choices).
 */
function lackingTypes({ id, types = [] }: Element, nodes: readonly Node[]): readonly string[] {
  const stem = /(\w+)\[x\]$/.exec(id)?.[1];
  if (stem === undefined) return [];
  const keys = new Set(nodes.map(({ key }) => key));
  return types
    .filter(({ code, flagged }) => flagged === true && !keys.has(stem + capitalized(code)))
    .map(({ code }) => `${id} as ${code}`);
}

/**
 * Target types of a reference that don't occur. Each flagged type must, or any one type if none is flagged (US Core,
 * must support: references).
 */
function lackingTargets(
  { id, types = [] }: Element,
  nodes: readonly Node[],
  find: (reference: string) => Resource | undefined,
): readonly string[] {
  const { targets = [], flaggedTargets = [] } = types.find(({ code }) => code === 'Reference') ?? {};
  const found = nodes.flatMap(({ value }) => {
    const target = isJson(value) ? find(String(value['reference'])) : undefined;
    return target === undefined ? [] : [target];
  });
  const isFound = (canonical: string) => found.some((resource) => isOf(resource, canonical));
  if (flaggedTargets.length === 0)
    return targets.length === 0 || targets.some(isFound) ? [] : [`${id} to ${targets.map(nameOf).join(' or ')}`];
  return flaggedTargets.filter((canonical) => !isFound(canonical)).map((canonical) => `${id} to ${nameOf(canonical)}`);
}

const nameOf = (url: string): string => url.split('/').at(-1) ?? '';

/** Whether a resource declares a profile or one derived from it, with this version or without one. */
export const declaresProfile = (guide: MustSupport, version: string, profile: string, resource: Resource): boolean =>
  profilesOf(resource).some((claim) => {
    const [url = '', claimed = version] = claim.split('|');
    return claimed === version && isDerived(guide, url, profile);
  });

function isDerived(guide: MustSupport, url: string, from: string): boolean {
  const base = guide.bases[url];
  return url === from || (base !== undefined && isDerived(guide, base, from));
}

const profilesOf = (resource: Resource): readonly string[] =>
  (resource['meta'] as { readonly profile?: readonly string[] } | undefined)?.profile ?? [];

function isOf(resource: Resource, target: string): boolean {
  const name = nameOf(target);
  return target.startsWith('http://hl7.org/fhir/StructureDefinition/')
    ? name === 'Resource' || name === resource.resourceType
    : profilesOf(resource).some((claim) => claim.split('|', 1)[0] === target);
}

/** Describes the elements that an extension lacks by its own definition. */
function lackingParts(guide: MustSupport, { id, types = [] }: Element, nodes: readonly Node[]): readonly string[] {
  const [type] = types;
  if (type?.code !== 'Extension' || type.profile === undefined) return [];
  const values = nodes.map(({ value }) => value).filter(isJson) as unknown as readonly Resource[];
  return missingElements(guide, type.profile, values, () => undefined).map((part) => `${id}, its ${part}`);
}
