import type { Resource } from '../../src/fhir/index.ts';

interface Extended {
  readonly extension?: readonly { readonly url: string; readonly valueBoolean?: boolean }[];
}
interface Type extends Extended {
  readonly code: string;
  readonly profile?: readonly string[];
  readonly targetProfile?: readonly string[];
  readonly _targetProfile?: readonly (Extended | null)[];
}
export interface Element extends Extended {
  readonly id: string;
  readonly mustSupport?: boolean;
  readonly type?: readonly Type[];
  readonly slicing?: { readonly discriminator?: readonly { readonly type: string; readonly path: string }[] };
  readonly binding?: { readonly valueSet?: string };
  readonly [fixedOrPattern: string]: unknown;
}
export interface Profile {
  readonly resourceType: string;
  readonly url: string;
  readonly kind: string;
  readonly type: string;
  readonly baseDefinition: string;
  readonly snapshot: { readonly element: readonly Element[] };
}
interface ValueSet {
  readonly resourceType: string;
  readonly url: string;
  readonly compose: {
    readonly include: readonly {
      readonly system?: string;
      readonly concept?: readonly { readonly code: string }[];
      readonly valueSet?: readonly string[];
    }[];
  };
}
interface CapabilityStatement {
  readonly resourceType: string;
  readonly rest: readonly { readonly resource: readonly { readonly supportedProfile?: readonly string[] }[] }[];
}

/** One version of US Core: its definitions of resources and extensions by URL, and the profiles that a server claims. */
export interface Guide {
  readonly version: string;
  readonly definitions: ReadonlyMap<string, Profile>;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
  readonly claimed: readonly Profile[];
  /** Of a value set that lists them, or of a code system. */
  codesOf(url: string): readonly string[];
}

const plain = (canonical: string): string => canonical.split('|', 1)[0] ?? canonical;

export function guideOf(files: readonly (readonly [name: string, json: unknown])[]): Guide {
  const all = files.map(([, json]) => json as { readonly resourceType: string; readonly url: string });
  const named = <T>(type: string) =>
    new Map(all.filter(({ resourceType }) => resourceType === type).map((one) => [one.url, one as unknown as T]));
  const definitions = named<Profile>('StructureDefinition');
  const valueSets = named<ValueSet>('ValueSet');
  const systems = named<{ readonly concept: readonly { readonly code: string }[] }>('CodeSystem');
  const [, server] = files.find(([name]) => name === 'CapabilityStatement-us-core-server.json') ?? [];
  const [, described] = files.find(([name]) => name === 'package.json') ?? [];
  const claimed = (server as CapabilityStatement).rest
    .flatMap(({ resource }) => resource.flatMap(({ supportedProfile = [] }) => supportedProfile.map(plain)))
    .flatMap((url) => definitions.get(url) ?? []);
  return {
    version: (described as { readonly version: string }).version,
    definitions,
    valueSets,
    claimed: [...new Set(claimed)],
    codesOf: (url) =>
      [
        ...(valueSets.get(url)?.compose.include.flatMap(({ concept = [] }) => concept) ?? []),
        ...(systems.get(url)?.concept ?? []),
      ].map(({ code }) => code),
  };
}

const REQUIRED = 'http://hl7.org/fhir/us/core/StructureDefinition/uscdi-requirement';
const TYPE_MUST_SUPPORT = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-type-must-support';
const flag = (one: Extended | null | undefined, url: string): boolean =>
  one?.extension?.some((each) => each.url === url && each.valueBoolean === true) === true;

/** US Core: what a server must support is marked `mustSupport`, or as an additional USCDI requirement. */
const isDemanded = (element: Element): boolean => element.mustSupport === true || flag(element, REQUIRED);

/** A value with the name it has in its parent: which of several types it is of is in the name. */
interface Node {
  readonly key: string;
  readonly value: unknown;
}
type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const capitalized = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

/** What a guide demands of a profile, in words, that none of the resources has. @param find a resource by its reference */
export function lackingIn(
  guide: Guide,
  profile: Profile,
  resources: readonly Resource[],
  find: (reference: string) => Resource | undefined,
): readonly string[] {
  const elements = new Map(profile.snapshot.element.map((element) => [element.id, element]));
  return profile.snapshot.element.filter(isDemanded).flatMap((element) => {
    const nodes = resources.flatMap((resource) => nodesAt(guide, elements, element.id, resource));
    if (nodes.length === 0) return [element.id];
    return [
      ...lackingTypes(element, nodes),
      ...lackingTargets(element, nodes, find),
      ...lackingParts(guide, element, nodes),
    ];
  });
}

/** Values at an element's id, step by step from the root: `Patient.name`, `Observation.component:systolic.value[x]`. */
function nodesAt(guide: Guide, elements: ReadonlyMap<string, Element>, id: string, root: Json): readonly Node[] {
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

/** Extensions of a primitive are beside it, under its name with a low line. FHIR R4 JSON §2.6.2.3 */
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
  guide: Guide,
  elements: ReadonlyMap<string, Element>,
  slice: Element,
  sliced: Element | undefined,
  node: Node,
): boolean {
  const [extension] = slice.type?.find(({ code }) => code === 'Extension')?.profile ?? [];
  if (extension !== undefined) return isJson(node.value) && node.value['url'] === plain(extension);
  const stem = /(\w+)\[x\]:\w+$/.exec(slice.id)?.[1];
  if (stem !== undefined) return (slice.type ?? []).some(({ code }) => node.key === stem + capitalized(code));
  const discriminators = sliced?.slicing?.discriminator ?? [];
  return (
    discriminators.length > 0 &&
    discriminators.every(({ path }) => {
      const values = path === '$this' ? [node.value] : valuesAt(node.value, path.split('.'));
      return marksOf(elements, slice.id, path === '$this' ? [] : path.split('.')).every((mark) =>
        values.some((value) => isMarked(guide, value, mark)),
      );
    })
  );
}

const valuesAt = (value: unknown, path: readonly string[]): readonly unknown[] =>
  path
    .reduce<readonly Node[]>((nodes, name) => nodes.flatMap((node) => childrenOf(node, name)), [{ key: '', value }])
    .map((node) => node.value);

type Mark = { readonly pattern: unknown } | { readonly valueSet: string };

/** What a slice is told by: a fixed value or pattern at the path or below it, or the value set that is bound there. */
function marksOf(elements: ReadonlyMap<string, Element>, id: string, path: readonly string[]): readonly Mark[] {
  const at = [id, ...path].join('.');
  const own = elements.get(at);
  const fixed = patternOf(own);
  if (fixed !== undefined) return [{ pattern: fixed }];
  const below = [...elements.values()]
    .filter((element) => element.id.startsWith(`${at}.`) && !element.id.slice(at.length).includes(':'))
    .flatMap((element) => {
      const pattern = patternOf(element);
      const names = element.id.slice(at.length + 1).split('.');
      return pattern === undefined
        ? []
        : [{ pattern: names.reduceRight<unknown>((all, name) => ({ [name]: all }), pattern) }];
    });
  if (below.length > 0) return below;
  const { valueSet } = own?.binding ?? {};
  return valueSet === undefined ? [] : [{ valueSet: plain(valueSet) }];
}

const patternOf = (element: Element | undefined): unknown =>
  Object.entries(element ?? {}).find(([key]) => /^(fixed|pattern)[A-Z]/.test(key))?.[1];

const isMarked = (guide: Guide, value: unknown, mark: Mark): boolean =>
  'pattern' in mark
    ? matches(value, mark.pattern)
    : codingsIn(value).some((one) => isMember(guide, mark.valueSet, one));

/** FHIR R4 ElementDefinition.pattern[x]: all that the pattern has is in the value. */
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

/** Of a code system that is taken whole each code is a member, and of a value set that the guide only refers to. */
function isMember(guide: Guide, url: string, { system, code }: Code): boolean {
  const known = guide.valueSets.get(url);
  return (
    known === undefined ||
    known.compose.include.some(
      (one) =>
        (one.valueSet ?? []).some((other) => isMember(guide, plain(other), { system, code })) ||
        (one.system !== undefined &&
          one.system === system &&
          (one.concept === undefined || one.concept.some((each) => each.code === code))),
    )
  );
}

/** Of a choice of types each that is flagged; where none is, one of them is enough. US Core: must support of choices */
function lackingTypes({ id, type = [] }: Element, nodes: readonly Node[]): readonly string[] {
  const stem = /(\w+)\[x\]$/.exec(id)?.[1];
  if (stem === undefined) return [];
  const keys = new Set(nodes.map(({ key }) => key));
  return type
    .filter((one) => flag(one, TYPE_MUST_SUPPORT) && !keys.has(stem + capitalized(one.code)))
    .map(({ code }) => `${id} as ${code}`);
}

/** Of the targets of a reference each that is flagged; where none is, one of them. US Core: must support, references */
function lackingTargets(
  { id, type = [] }: Element,
  nodes: readonly Node[],
  find: (reference: string) => Resource | undefined,
): readonly string[] {
  const reference = type.find(({ code }) => code === 'Reference');
  const targets = reference?.targetProfile ?? [];
  const flagged = targets.filter((_, index) => flag(reference?._targetProfile?.[index], TYPE_MUST_SUPPORT));
  const found = nodes.flatMap(({ value }) => {
    const target = isJson(value) ? find(String(value['reference'])) : undefined;
    return target === undefined ? [] : [target];
  });
  const isFound = (canonical: string) => found.some((resource) => isOf(resource, canonical));
  if (flagged.length === 0)
    return targets.length === 0 || targets.some(isFound) ? [] : [`${id} to ${targets.map(nameOf).join(' or ')}`];
  return flagged.filter((canonical) => !isFound(canonical)).map((canonical) => `${id} to ${nameOf(canonical)}`);
}

const nameOf = (canonical: string): string => plain(canonical).split('/').at(-1) ?? '';

/** Whether a resource claims a profile, or one that is derived from it, in the version of the guide or in none. */
export const meets = (guide: Guide, profile: Profile, resource: Resource): boolean =>
  profilesOf(resource).some((claim) => {
    const [url = '', version = guide.version] = claim.split('|');
    return version === guide.version && isDerived(guide, url, profile.url);
  });

function isDerived(guide: Guide, url: string, from: string): boolean {
  const definition = guide.definitions.get(url);
  return definition !== undefined && (url === from || isDerived(guide, definition.baseDefinition, from));
}

const profilesOf = (resource: Resource): readonly string[] =>
  (resource['meta'] as { readonly profile?: readonly string[] } | undefined)?.profile ?? [];

function isOf(resource: Resource, canonical: string): boolean {
  const name = nameOf(canonical);
  return plain(canonical).startsWith('http://hl7.org/fhir/StructureDefinition/')
    ? name === 'Resource' || name === resource.resourceType
    : profilesOf(resource).some((claimed) => plain(claimed) === plain(canonical));
}

/** Of an extension that has a definition of its own, what that demands. */
function lackingParts(guide: Guide, { id, type = [] }: Element, nodes: readonly Node[]): readonly string[] {
  const definition = guide.definitions.get(plain(type[0]?.profile?.[0] ?? ''));
  if (definition === undefined || type[0]?.code !== 'Extension') return [];
  const values = nodes.map(({ value }) => value).filter(isJson) as unknown as readonly Resource[];
  return lackingIn(guide, definition, values, () => undefined).map((part) => `${id}, its ${part}`);
}
