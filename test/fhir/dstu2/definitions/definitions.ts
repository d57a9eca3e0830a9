import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';

/** The parts of an ElementDefinition that a check of structure needs. */
export interface ElementDefinition {
  readonly path: string;
  readonly min?: number;
  readonly max?: string;
  readonly type?: readonly { readonly code: string; readonly profile?: readonly string[] }[];
  readonly nameReference?: string;
  readonly name?: string;
  readonly binding?: { readonly strength: string; readonly valueSetReference?: { readonly reference: string } };
}
interface Structure {
  readonly resourceType: string;
  readonly url: string;
  readonly snapshot?: { readonly element: readonly ElementDefinition[] };
}

const read = (file: string) => JSON.parse(readFileSync(path.join(SHARED_DATA ?? '', file), 'utf8'));
const resourcesIn = (file: string) => read(file).entry.map(({ resource }: { resource: unknown }) => resource);

/** DSTU2's own definitions of resources and datatypes, by name. */
export function readStructures(): ReadonlyMap<string, readonly ElementDefinition[]> {
  const folder = 'dstu2-definitions/structures';
  const all: Structure[] = [
    ...resourcesIn(`${folder}/profiles-types.json`),
    ...resourcesIn(`${folder}/profiles-resources.json`),
  ];
  const structures = all.filter((one) => one.resourceType === 'StructureDefinition' && one.snapshot !== undefined);
  return new Map(structures.map((one) => [one.url.split('/').at(-1) ?? '', one.snapshot?.element ?? []]));
}

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}
interface ValueSet {
  readonly resourceType: string;
  readonly url: string;
  readonly codeSystem?: { readonly system: string; readonly concept: readonly Concept[] };
  readonly compose?: {
    readonly import?: readonly string[];
    readonly include?: readonly {
      readonly system: string;
      readonly concept?: readonly Concept[];
      readonly filter?: unknown;
    }[];
  };
}

/** Returns the codes of a value set as `system|code`; undefined if it can't be enumerated (languages, media types). */
export type Expand = (url: string) => ReadonlySet<string> | undefined;

export function readValueSets(): Expand {
  const folder = 'dstu2-definitions/valuesets';
  const files = ['valuesets.json', 'v2-tables.json', 'v3-codesystems.json'];
  const all: ValueSet[] = files.flatMap((file) => resourcesIn(`${folder}/${file}`));
  const valueSets = new Map(all.filter((one) => one.resourceType === 'ValueSet').map((one) => [one.url, one]));
  const systems = new Map(
    all.flatMap((one) => (one.codeSystem === undefined ? [] : [[one.codeSystem.system, one.codeSystem]])),
  );
  const codes = (concepts: readonly Concept[]): readonly string[] =>
    concepts.flatMap((one) => [one.code, ...codes(one.concept ?? [])]);
  return (url) => {
    const valueSet = valueSets.get(url);
    if (valueSet === undefined || valueSet.compose?.import !== undefined) return undefined;
    const own = valueSet.codeSystem;
    const found = own === undefined ? [] : codes(own.concept).map((code) => `${own.system}|${code}`);
    for (const { system, concept, filter } of valueSet.compose?.include ?? []) {
      const listed = concept ?? systems.get(system)?.concept;
      if (listed === undefined || filter !== undefined) return undefined;
      found.push(...codes(listed).map((code) => `${system}|${code}`));
    }
    return new Set(found);
  };
}
