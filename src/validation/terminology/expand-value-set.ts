import type { ListedCodes } from './value-sets.ts';

/** Those parts of a CodeSystem that an expansion uses. */
export interface ValidationCodeSystem {
  readonly resourceType: 'CodeSystem';
  readonly url: string;
  readonly content?: string;
  readonly concept?: readonly CodeSystemConcept[];
}
interface CodeSystemConcept {
  readonly code: string;
  readonly concept?: readonly CodeSystemConcept[];
  readonly property?: readonly { readonly code: string; readonly valueCode?: string }[];
}

export interface ValidationValueSet {
  readonly resourceType: 'ValueSet';
  readonly url: string;
  readonly compose?: { readonly include?: readonly ComposeRule[]; readonly exclude?: readonly ComposeRule[] };
  readonly expansion?: { readonly contains?: readonly ExpansionEntry[] };
}
interface ComposeRule {
  readonly system?: string;
  readonly concept?: readonly { readonly code: string }[];
  readonly filter?: readonly { readonly property: string; readonly op: string; readonly value: string }[];
  readonly valueSet?: readonly string[];
}
interface ExpansionEntry {
  readonly system?: string;
  readonly code?: string;
  readonly contains?: readonly ExpansionEntry[];
}

/** Finds code systems and value sets that an expansion needs. */
export interface TerminologySource {
  codeSystem(url: string): ValidationCodeSystem | undefined;
  valueSet(url: string): ValidationValueSet | undefined;
}

/** Maximum number of codes of an expansion. No required binding in use has more. */
const MAX_CODES = 20_000;

/**
 * Lists all codes of a ValueSet (FHIR R4 §4.9.5). Returns undefined if they can't be listed from the known code systems
 * and value sets.
 */
export function expandValueSet(
  valueSet: ValidationValueSet,
  terminology: TerminologySource,
  expanding: readonly string[] = [],
): ListedCodes | undefined {
  if (expanding.includes(valueSet.url)) return undefined;
  const { include = [], exclude = [] } = valueSet.compose ?? {};
  if (include.length === 0) return listExpansion(valueSet);
  const codes = new Map<string, Set<string>>();
  for (const rule of include) {
    const partCodes = listPartCodes(rule, terminology, [...expanding, valueSet.url]);
    if (partCodes === undefined) return listExpansion(valueSet);
    for (const [system, all] of partCodes) codes.set(system, new Set([...(codes.get(system) ?? []), ...all]));
  }
  for (const rule of exclude) {
    const partCodes = listPartCodes(rule, terminology, [...expanding, valueSet.url]);
    if (partCodes === undefined) return undefined;
    for (const [system, all] of partCodes) for (const code of all) codes.get(system)?.delete(code);
  }
  const size = [...codes.values()].reduce((sum, all) => sum + all.size, 0);
  return size === 0 || size > MAX_CODES ? undefined : toListedCodes(codes);
}

const toListedCodes = (codes: ReadonlyMap<string, ReadonlySet<string>>): ListedCodes =>
  Object.fromEntries([...codes].map(([system, all]) => [system, [...all]]));

function listExpansion({ expansion }: ValidationValueSet): ListedCodes | undefined {
  const codes = new Map<string, Set<string>>();
  const visit = (all: readonly ExpansionEntry[]): void => {
    for (const { system = '', code, contains = [] } of all) {
      if (code !== undefined) codes.set(system, (codes.get(system) ?? new Set()).add(code));
      visit(contains);
    }
  };
  visit(expansion?.contains ?? []);
  return codes.size === 0 ? undefined : toListedCodes(codes);
}

type PartCodes = ReadonlyMap<string, ReadonlySet<string>>;

/** Lists the codes that are both in the code system and in each value set of one include or exclude. */
function listPartCodes(
  rule: ComposeRule,
  terminology: TerminologySource,
  expanding: readonly string[],
): PartCodes | undefined {
  const ofSystem = rule.system === undefined ? undefined : listSystemCodes(rule, terminology);
  if (rule.system !== undefined && ofSystem === undefined) return undefined;
  const sets: PartCodes[] = ofSystem === undefined ? [] : [new Map([[rule.system ?? '', ofSystem]])];
  for (const url of rule.valueSet ?? []) {
    const found = terminology.valueSet(url.split('|', 1)[0] ?? url);
    const codes = found === undefined ? undefined : expandValueSet(found, terminology, expanding);
    if (codes === undefined) return undefined;
    sets.push(new Map(Object.entries(codes).map(([system, all]) => [system, new Set(all)])));
  }
  return sets.length === 0 ? undefined : sets.reduce(intersect);
}

const intersect = (first: PartCodes, others: PartCodes): PartCodes =>
  new Map(
    [...first].map(([system, all]) => [system, new Set([...all].filter((code) => others.get(system)?.has(code)))]),
  );

function listSystemCodes(
  { system = '', concept, filter }: ComposeRule,
  terminology: TerminologySource,
): ReadonlySet<string> | undefined {
  if (concept !== undefined) return new Set(concept.map(({ code }) => code));
  const found = terminology.codeSystem(system);
  if (found?.concept === undefined || found.content === 'fragment' || found.content === 'example') return undefined;
  const all = flattenConcepts(found.concept);
  if (filter === undefined) return new Set(all.map(({ code }) => code));
  const lists = filter.map((one) => applyFilter(all, one));
  if (lists.some((list) => list === undefined)) return undefined;
  const [first = new Set<string>(), ...others] = lists as readonly ReadonlySet<string>[];
  return new Set([...first].filter((code) => others.every((list) => list.has(code))));
}

const flattenConcepts = (concepts: readonly CodeSystemConcept[]): readonly CodeSystemConcept[] =>
  concepts.flatMap((one) => [one, ...flattenConcepts(one.concept ?? [])]);

type ConceptFilter = NonNullable<ComposeRule['filter']>[number];

/**
 * Returns the codes that pass a filter. The hierarchy of codes comes from nested concepts or from the property
 * `subsumedBy`.
 */
function applyFilter(
  all: readonly CodeSystemConcept[],
  { property, op, value }: ConceptFilter,
): ReadonlySet<string> | undefined {
  if (property !== 'concept' || !['is-a', 'descendent-of', 'is-not-a'].includes(op)) return undefined;
  const below = new Set<string>([value]);
  for (let sizeBefore = 0; sizeBefore < below.size; ) {
    sizeBefore = below.size;
    for (const { code, concept = [], property: properties = [] } of all) {
      if (below.has(code)) for (const child of concept) below.add(child.code);
      if (properties.some(({ code: name, valueCode }) => name === 'subsumedBy' && below.has(valueCode ?? '')))
        below.add(code);
    }
  }
  if (op === 'descendent-of') below.delete(value);
  return op === 'is-not-a' ? new Set(all.map(({ code }) => code).filter((code) => !below.has(code))) : below;
}
