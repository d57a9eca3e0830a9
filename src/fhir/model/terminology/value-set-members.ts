import { isObject, nonEmptyText, Problem } from '../../../kernel/index.ts';
import type { Resource } from '../fhir-version.ts';
import { type FhirTerminology, flattenConcepts, type KnownCodeSystem } from './code-systems.ts';

/** One code of a value set. */
export interface ValueSetMember {
  readonly system: string | undefined;
  readonly code: string;
  readonly display: string | undefined;
  readonly inactive: boolean;
  /** Translations and synonyms of the code, in the format of R4's ValueSet. */
  readonly designation: readonly Record<string, unknown>[];
}

/** Looks up the code systems and value sets that an expansion needs. */
export interface ValueSetSources extends Pick<FhirTerminology, 'codeSystem'> {
  /**
   * Finds another value set that the expanded value set includes.
   * @param url canonical URL with or without version
   */
  valueSet(url: string): Promise<Resource | undefined>;
}

/** Maximum number of codes in an expanded value set. Larger value sets need a terminology server. */
export const MAX_VALUE_SET_CODES = 10_000;
/** Maximum depth of value sets that include value sets, and of nested codes in a stored expansion. */
const MAX_DEPTH = 5;
const MAX_VALUE_SETS = 20;

/**
 * Lists all codes of a value set, in the order of its definition (FHIR R4 ValueSet, element `compose`).
 * @throws Problem 422 if the server doesn't know some of the codes, or if there are too many
 */
export function listValueSetMembers(valueSet: Resource, sources: ValueSetSources): Promise<readonly ValueSetMember[]> {
  return listMembersWithin(valueSet, sources, { depth: 0, sets: { count: 0 } });
}

interface ExpansionProgress {
  readonly depth: number;
  readonly sets: { count: number };
}

async function listMembersWithin(
  valueSet: Resource,
  sources: ValueSetSources,
  progress: ExpansionProgress,
): Promise<readonly ValueSetMember[]> {
  const [compose] = toObjects(valueSet['compose']);
  const include = toObjects(compose?.['include']);
  if (compose === undefined || include.length === 0) return readStoredExpansion(valueSet);
  const members = new Map<string, ValueSetMember>();
  for (const one of include) addMembers(members, await listIncluded(one, sources, progress));
  for (const one of toObjects(compose['exclude'])) {
    for (const { system, code } of await listIncluded(one, sources, progress)) members.delete(codeKey(system, code));
  }
  return compose['inactive'] === false
    ? [...members.values()].filter(({ inactive }) => !inactive)
    : [...members.values()];
}

function addMembers(members: Map<string, ValueSetMember>, more: readonly ValueSetMember[]): void {
  for (const member of more) {
    const key = codeKey(member.system, member.code);
    if (!members.has(key)) members.set(key, member);
  }
  if (members.size > MAX_VALUE_SET_CODES) throw tooMany();
}

export const codeKey = (system: string | undefined, code: string): string => `${system ?? ''}|${code}`;

/**
 * Lists the codes of one `include` or `exclude` of a value set. If it names a code system and other value sets, a code
 * must be in all of them.
 */
async function listIncluded(
  part: Record<string, unknown>,
  sources: ValueSetSources,
  progress: ExpansionProgress,
): Promise<readonly ValueSetMember[]> {
  const system = nonEmptyText(part['system']);
  const urls = [part['valueSet']].flat().filter((one) => typeof one === 'string');
  const sets: (readonly ValueSetMember[])[] = system === undefined ? [] : [listOfCodeSystem(system, part, sources)];
  for (const url of urls) sets.push(await listImported(url, sources, progress));
  const [first = [], ...rest] = sets;
  const keys = rest.map((set) => new Set(set.map((one) => codeKey(one.system, one.code))));
  return first.filter((one) => keys.every((set) => set.has(codeKey(one.system, one.code))));
}

async function listImported(
  url: string,
  sources: ValueSetSources,
  { depth, sets }: ExpansionProgress,
): Promise<readonly ValueSetMember[]> {
  sets.count += 1;
  if (depth >= MAX_DEPTH || sets.count > MAX_VALUE_SETS) throw notExpandable('it includes too many nested value sets');
  const found = await sources.valueSet(url);
  if (found === undefined) throw notExpandable(`it includes ${truncateUrl(url)}, which this server doesn’t have`);
  return listMembersWithin(found, sources, { depth: depth + 1, sets });
}

function listOfCodeSystem(
  system: string,
  part: Record<string, unknown>,
  sources: ValueSetSources,
): readonly ValueSetMember[] {
  const codeSystem = sources.codeSystem(system);
  const listed = toObjects(part['concept']);
  if (listed.length > MAX_VALUE_SET_CODES) throw tooMany();
  if (listed.length > 0) return listed.flatMap((one) => toMembers(system, one, codeSystem));
  if (codeSystem === undefined)
    throw notExpandable(
      `it includes codes of ${truncateUrl(system)} without listing them, and this server doesn’t have that code system`,
    );
  if (part['filter'] !== undefined) throw notExpandable(`it has a filter on ${truncateUrl(system)}`);
  return flattenConcepts(codeSystem.concept)
    .filter(({ abstract }) => abstract !== true)
    .map(({ code, display, inactive = false }) => ({ system, code, display, inactive, designation: [] }));
}

function toMembers(
  system: string,
  concept: Record<string, unknown>,
  codeSystem: KnownCodeSystem | undefined,
): readonly ValueSetMember[] {
  const code = nonEmptyText(concept['code']);
  if (code === undefined) return [];
  const defined =
    codeSystem === undefined ? undefined : flattenConcepts(codeSystem.concept).find((one) => one.code === code);
  const display = nonEmptyText(concept['display']) ?? defined?.display;
  return [
    { system, code, display, inactive: defined?.inactive ?? false, designation: toObjects(concept['designation']) },
  ];
}

/**
 * Reads the codes from the `expansion` of a value set that has no definition (`compose`).
 * @throws Problem 422 if the expansion is missing or incomplete
 */
function readStoredExpansion({ expansion }: Resource): readonly ValueSetMember[] {
  const [stored] = toObjects(expansion);
  if (stored === undefined) throw notExpandable('it has no definition');
  const members = new Map<string, ValueSetMember>();
  addMembers(members, flattenContains(toObjects(stored['contains']), 0));
  if (Number(stored['total'] ?? members.size) > members.size) throw notExpandable('only some of its codes are stored');
  return [...members.values()];
}

/** Lists all codes of a nested expansion. An abstract code only groups the codes below it, so it is left out. */
function flattenContains(contains: readonly Record<string, unknown>[], depth: number): readonly ValueSetMember[] {
  if (depth > MAX_DEPTH) throw notExpandable('its expansion is nested too deep');
  if (contains.length > MAX_VALUE_SET_CODES) throw tooMany();
  return contains.flatMap((one) => {
    const code = one['abstract'] === true ? undefined : nonEmptyText(one['code']);
    const own: readonly ValueSetMember[] =
      code === undefined
        ? []
        : [
            {
              system: nonEmptyText(one['system']),
              code,
              display: nonEmptyText(one['display']),
              inactive: one['inactive'] === true,
              designation: toObjects(one['designation']),
            },
          ];
    return [...own, ...flattenContains(toObjects(one['contains']), depth + 1)];
  });
}

const truncateUrl = (url: string): string => url.slice(0, 200);

const notExpandable = (why: string) =>
  new Problem('value-set-not-expandable', {
    status: 422,
    message: `This server can't list the codes of this value set: ${why}. It can expand value sets that list all their codes, or that use code systems it has.`,
  });

const tooMany = () =>
  new Problem('value-set-too-costly', {
    status: 422,
    message: `This value set has more than ${MAX_VALUE_SET_CODES} codes, more than this server lists.`,
  });

/**
 * Returns the objects of a JSON value as a list, whether the value is an array or a single object. Anything that isn't
 * an object is dropped.
 */
const toObjects = (value: unknown): readonly Record<string, unknown>[] => [value].flat().filter(isObject);
