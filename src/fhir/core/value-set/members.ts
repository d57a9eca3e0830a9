import { Problem } from '../../../kernel/index.ts';
import { type CodeSystem, flattened, type Terminology } from '../terminology.ts';
import type { Resource } from '../version.ts';
import { listOf, textOf } from './json.ts';

/** One code of a value set. */
export interface Member {
  readonly system: string | undefined;
  readonly code: string;
  readonly display: string | undefined;
  readonly inactive: boolean;
  /** Designations as in R4's ValueSet. */
  readonly designation: readonly Record<string, unknown>[];
}

/** Sources of the codes of a value set. */
export interface Sources extends Pick<Terminology, 'codeSystem'> {
  /** Finds a value set that another one includes. @param url canonical URL with or without version */
  valueSet(url: string): Promise<Resource | undefined>;
}

/** Maximum codes of an expansion. Larger value sets need a terminology server. */
export const MOST_MEMBERS = 10_000;
/** Maximum nesting of value sets in value sets, and of codes in a stored expansion. */
const DEEPEST = 5;
const MOST_SETS = 20;

/**
 * Lists all codes of a value set in their order. FHIR R4 ValueSet, compose
 * @throws Problem 422 if some codes aren't known to this server or there are too many
 */
export function membersOf(valueSet: Resource, sources: Sources): Promise<readonly Member[]> {
  return membersWithin(valueSet, sources, { depth: 0, sets: { count: 0 } });
}

interface Way {
  readonly depth: number;
  readonly sets: { count: number };
}

async function membersWithin(valueSet: Resource, sources: Sources, progress: Way): Promise<readonly Member[]> {
  const [compose] = listOf(valueSet['compose']);
  const include = listOf(compose?.['include']);
  if (compose === undefined || include.length === 0) return expandedBefore(valueSet);
  const members = new Map<string, Member>();
  for (const one of include) addAll(members, await includedBy(one, sources, progress));
  for (const one of listOf(compose['exclude'])) {
    for (const { system, code } of await includedBy(one, sources, progress)) members.delete(keyOf(system, code));
  }
  return compose['inactive'] === false
    ? [...members.values()].filter(({ inactive }) => !inactive)
    : [...members.values()];
}

function addAll(members: Map<string, Member>, more: readonly Member[]): void {
  for (const member of more) {
    const key = keyOf(member.system, member.code);
    if (!members.has(key)) members.set(key, member);
  }
  if (members.size > MOST_MEMBERS) throw tooMany();
}

export const keyOf = (system: string | undefined, code: string): string => `${system ?? ''}|${code}`;

/** Codes that are in the code system and in all of the named value sets. */
async function includedBy(part: Record<string, unknown>, sources: Sources, progress: Way): Promise<readonly Member[]> {
  const system = textOf(part['system']);
  const urls = [part['valueSet']].flat().filter((one) => typeof one === 'string');
  const sets: (readonly Member[])[] = system === undefined ? [] : [ofSystem(system, part, sources)];
  for (const url of urls) sets.push(await importedBy(url, sources, progress));
  const [first = [], ...rest] = sets;
  const keys = rest.map((set) => new Set(set.map((one) => keyOf(one.system, one.code))));
  return first.filter((one) => keys.every((set) => set.has(keyOf(one.system, one.code))));
}

async function importedBy(url: string, sources: Sources, { depth, sets }: Way): Promise<readonly Member[]> {
  sets.count += 1;
  if (depth >= DEEPEST || sets.count > MOST_SETS)
    throw notKnown('it is made of value sets within value sets, too many of them');
  const found = await sources.valueSet(url);
  if (found === undefined) throw notKnown(`it is made of ${shown(url)}, which this server does not have`);
  return membersWithin(found, sources, { depth: depth + 1, sets });
}

function ofSystem(system: string, part: Record<string, unknown>, sources: Sources): readonly Member[] {
  const known = sources.codeSystem(system);
  const listed = listOf(part['concept']);
  if (listed.length > MOST_MEMBERS) throw tooMany();
  if (listed.length > 0) return listed.flatMap((one) => listedMember(system, one, known));
  if (known === undefined)
    throw notKnown(
      `it has codes of ${shown(system)} that it does not list, and this server does not know that code system`,
    );
  if (part['filter'] !== undefined) throw notKnown(`it has a filter on ${shown(system)}`);
  return flattened(known.concept)
    .filter(({ abstract }) => abstract !== true)
    .map(({ code, display, inactive = false }) => ({ system, code, display, inactive, designation: [] }));
}

function listedMember(
  system: string,
  concept: Record<string, unknown>,
  known: CodeSystem | undefined,
): readonly Member[] {
  const code = textOf(concept['code']);
  if (code === undefined) return [];
  const defined = known === undefined ? undefined : flattened(known.concept).find((one) => one.code === code);
  const display = textOf(concept['display']) ?? defined?.display;
  return [{ system, code, display, inactive: defined?.inactive ?? false, designation: listOf(concept['designation']) }];
}

/** Uses the expansion that came with the value set, if it is complete. */
function expandedBefore({ expansion }: Resource): readonly Member[] {
  const [stored] = listOf(expansion);
  if (stored === undefined) throw notKnown('it does not say what it is made of');
  const members = new Map<string, Member>();
  addAll(members, containedIn(listOf(stored['contains']), 0));
  if (Number(stored['total'] ?? members.size) > members.size) throw notKnown('only a part of its codes was kept');
  return [...members.values()];
}

/** Flattens a nested expansion. Abstract entries only group the codes below them. */
function containedIn(contains: readonly Record<string, unknown>[], depth: number): readonly Member[] {
  if (depth > DEEPEST) throw notKnown('its expansion is too deep');
  if (contains.length > MOST_MEMBERS) throw tooMany();
  return contains.flatMap((one) => {
    const code = one['abstract'] === true ? undefined : textOf(one['code']);
    const own: readonly Member[] =
      code === undefined
        ? []
        : [
            {
              system: textOf(one['system']),
              code,
              display: textOf(one['display']),
              inactive: one['inactive'] === true,
              designation: listOf(one['designation']),
            },
          ];
    return [...own, ...containedIn(listOf(one['contains']), depth + 1)];
  });
}

const shown = (url: string): string => url.slice(0, 200);

const notKnown = (why: string) =>
  new Problem('value-set-not-expandable', {
    status: 422,
    message: `This server can't list the codes of this value set: ${why}. It lists value sets whose codes are all named, or are those of a code system that it knows.`,
  });

const tooMany = () =>
  new Problem('value-set-too-costly', {
    status: 422,
    message: `This value set has more than ${MOST_MEMBERS} codes, more than this server lists.`,
  });
