import type { CodeSystem, DefinedValueSet, Terminology } from '../core/terminology.ts';
import generated from './generated/value-sets.json' with { type: 'json' };

interface Defined {
  readonly version?: string;
  readonly name?: string;
  readonly title?: string;
  readonly include: readonly object[];
  readonly exclude?: readonly object[];
}

/** Compiled by scripts/compile-value-sets.mjs out of FHIR R4 and US Core. */
const TABLE = generated as unknown as {
  readonly codeSystems: Readonly<Record<string, CodeSystem>>;
  readonly valueSets: Readonly<Record<string, Defined>>;
  readonly elements: Readonly<Record<string, string>>;
};

export const r4Terminology: Terminology = {
  codeSystem: (url) => (Object.hasOwn(TABLE.codeSystems, url) ? TABLE.codeSystems[url] : undefined),
  valueSet(url) {
    const found = Object.hasOwn(TABLE.valueSets, url) ? TABLE.valueSets[url] : undefined;
    return found === undefined ? undefined : resourceOf(url, found);
  },
  boundTo: (element) => (Object.hasOwn(TABLE.elements, element) ? TABLE.elements[element] : undefined),
};

const resourceOf = (url: string, { include, exclude, ...described }: Defined): DefinedValueSet => ({
  resourceType: 'ValueSet',
  url,
  ...described,
  status: 'active',
  compose: { include, ...(exclude === undefined ? {} : { exclude }) },
});
