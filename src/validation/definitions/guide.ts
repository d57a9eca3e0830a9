import { expandValueSet, type ValidationCodeSystem, type ValidationValueSet } from '../terminology/expand-value-set.ts';
import { createValueSets, type ListedCodes, type ValueSetCodes } from '../terminology/value-sets.ts';
import type { ElementRule, ProfileRules } from './profile-rules.ts';
import { readStructureDefinition, type StructureDefinition, withoutVersion } from './read-structure-definition.ts';

/** An implementation guide: its profiles and the codes of the value sets that they bind as required. */
export interface ImplementationGuide {
  readonly profiles: readonly ProfileRules[];
  readonly codes: Readonly<Record<string, ListedCodes>>;
}

/** FHIR's own value sets and code systems, to which an implementation guide may refer. */
export interface BaseTerminology {
  readonly valueSets: ValueSetCodes;
  /** All codes of each code system, by the URL of the system. */
  readonly systems: Readonly<Record<string, readonly string[]>>;
}

/**
 * Builds an implementation guide.
 * @param resources resources of the guide's package; only definitions, code systems and value sets are used
 */
export function buildGuide(
  resources: readonly { readonly resourceType: string }[],
  base: BaseTerminology,
): ImplementationGuide {
  const profiles = resources.filter(isStructureDefinition).flatMap((one) => readStructureDefinition(one) ?? []);
  const systems = new Map(resources.filter(isCodeSystem).map((one) => [one.url, one]));
  const sets = new Map(resources.filter(isValueSet).map((one) => [one.url, one]));
  const known = {
    codeSystem: (url: string) => systems.get(url) ?? baseCodeSystem(url, base),
    valueSet: (url: string) => sets.get(url) ?? baseValueSet(url, base),
  };
  const bound = new Set(profiles.flatMap(({ rule }) => requiredBindings(rule)));
  const codes = [...bound].flatMap((url): readonly (readonly [string, ListedCodes])[] => {
    const set = sets.get(url);
    const listed = set === undefined ? undefined : expandValueSet(set, known);
    return listed === undefined ? [] : [[url, listed]];
  });
  return { profiles, codes: Object.fromEntries(codes) };
}

const baseCodeSystem = (url: string, { systems }: BaseTerminology): ValidationCodeSystem | undefined =>
  Object.hasOwn(systems, url)
    ? { resourceType: 'CodeSystem', url, concept: (systems[url] ?? []).map((code) => ({ code })) }
    : undefined;

function baseValueSet(url: string, { valueSets }: BaseTerminology): ValidationValueSet | undefined {
  const codes = valueSets.getCodes(withoutVersion(url));
  if (codes === undefined) return undefined;
  const include = [...codes].map(([system, all]) => ({ system, concept: [...all].map((code) => ({ code })) }));
  return { resourceType: 'ValueSet', url, compose: { include } };
}

export const createGuideValueSets = (
  base: Readonly<Record<string, ListedCodes>>,
  guides: readonly ImplementationGuide[],
): ValueSetCodes => createValueSets(base, ...guides.map(({ codes }) => codes));

const isStructureDefinition = (one: { readonly resourceType: string }): one is StructureDefinition =>
  one.resourceType === 'StructureDefinition';
const isCodeSystem = (one: { readonly resourceType: string }): one is ValidationCodeSystem =>
  one.resourceType === 'CodeSystem';
const isValueSet = (one: { readonly resourceType: string }): one is ValidationValueSet =>
  one.resourceType === 'ValueSet';

function requiredBindings({ binding, children = {}, slices = {} }: ElementRule): readonly string[] {
  const inner = [...Object.values(children), ...Object.values(slices)].flatMap(requiredBindings);
  return binding === undefined ? inner : [binding, ...inner];
}
