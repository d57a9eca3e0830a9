import { type ListedCodes, type ValueSets, valueSetsOf } from './codes.ts';
import { type CodeSystem, expand, type ValueSet } from './expand.ts';
import type { Profile, Rule } from './profile/profile.ts';
import { readStructureDefinition, type StructureDefinition, unversioned } from './profile/read-structure-definition.ts';

/** An implementation guide: its profiles and the codes of their required bindings. */
export interface Guide {
  readonly profiles: readonly Profile[];
  readonly codes: Readonly<Record<string, ListedCodes>>;
}

/** FHIR's own value sets and code systems, which a guide may refer to. */
export interface Base {
  readonly valueSets: ValueSets;
  /** All codes of a system. */
  readonly systems: Readonly<Record<string, readonly string[]>>;
}

/**
 * @param resources resources of the guide's package; other types than definitions, code systems and value sets are
 * ignored
 */
export function guideOf(resources: readonly { readonly resourceType: string }[], base: Base): Guide {
  const profiles = resources.filter(isDefinition).flatMap((one) => readStructureDefinition(one) ?? []);
  const systems = new Map(resources.filter(isCodeSystem).map((one) => [one.url, one]));
  const sets = new Map(resources.filter(isValueSet).map((one) => [one.url, one]));
  const known = {
    codeSystem: (url: string) => systems.get(url) ?? systemOf(url, base),
    valueSet: (url: string) => sets.get(url) ?? setOf(url, base),
  };
  const bound = new Set(profiles.flatMap(({ rule }) => bindingsOf(rule)));
  const codes = [...bound].flatMap((url): readonly (readonly [string, ListedCodes])[] => {
    const set = sets.get(url);
    const listed = set === undefined ? undefined : expand(set, known);
    return listed === undefined ? [] : [[url, listed]];
  });
  return { profiles, codes: Object.fromEntries(codes) };
}

const systemOf = (url: string, { systems }: Base): CodeSystem | undefined =>
  Object.hasOwn(systems, url)
    ? { resourceType: 'CodeSystem', url, concept: (systems[url] ?? []).map((code) => ({ code })) }
    : undefined;

function setOf(url: string, { valueSets }: Base): ValueSet | undefined {
  const codes = valueSets.codesOf(unversioned(url));
  if (codes === undefined) return undefined;
  const include = [...codes].map(([system, all]) => ({ system, concept: [...all].map((code) => ({ code })) }));
  return { resourceType: 'ValueSet', url, compose: { include } };
}

export const valueSetsWith = (base: Readonly<Record<string, ListedCodes>>, guides: readonly Guide[]): ValueSets =>
  valueSetsOf(base, ...guides.map(({ codes }) => codes));

const isDefinition = (one: { readonly resourceType: string }): one is StructureDefinition =>
  one.resourceType === 'StructureDefinition';
const isCodeSystem = (one: { readonly resourceType: string }): one is CodeSystem => one.resourceType === 'CodeSystem';
const isValueSet = (one: { readonly resourceType: string }): one is ValueSet => one.resourceType === 'ValueSet';

function bindingsOf({ binding, children = {}, slices = {} }: Rule): readonly string[] {
  const inner = [...Object.values(children), ...Object.values(slices)].flatMap(bindingsOf);
  return binding === undefined ? inner : [binding, ...inner];
}
