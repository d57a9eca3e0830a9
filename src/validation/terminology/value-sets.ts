/** Codes of a ValueSet by code system. The key '' holds codes whose system is unknown. */
export type CodesBySystem = ReadonlyMap<string, ReadonlySet<string>>;

export interface ValueSetCodes {
  /** Returns the codes of a value set. Returns undefined if the value set is unknown or its codes can't be listed. */
  getCodes(url: string): CodesBySystem | undefined;
}

/** Codes of a ValueSet by code system, as the generated tables store them in JSON. */
export type ListedCodes = Readonly<Record<string, readonly string[]>>;

/**
 * Creates the lookup of codes by value set.
 * @param listed tables of codes by ValueSet URL; if two tables have the same URL, the later one wins
 */
export function createValueSets(...listed: readonly Readonly<Record<string, ListedCodes>>[]): ValueSetCodes {
  const known = new Map<string, CodesBySystem>();
  return {
    getCodes(url) {
      const found = known.get(url);
      if (found !== undefined) return found;
      const systems = listed.findLast((one) => Object.hasOwn(one, url))?.[url];
      if (systems === undefined) return undefined;
      const codes = new Map(Object.entries(systems).map(([system, all]) => [system, new Set(all)] as const));
      known.set(url, codes);
      return codes;
    },
  };
}

/**
 * Whether a value set contains a code.
 * @param system code system of the code; undefined matches any system, for elements of type `code`
 */
export const hasCode = (codes: CodesBySystem, system: string | undefined, code: string): boolean =>
  system === undefined ? [...codes.values()].some((all) => all.has(code)) : (codes.get(system)?.has(code) ?? false);
