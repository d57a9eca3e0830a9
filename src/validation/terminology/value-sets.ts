/** Codes of a ValueSet by system. The key '' holds codes whose system is unknown. */
export type CodesBySystem = ReadonlyMap<string, ReadonlySet<string>>;

export interface ValueSetCodes {
  /** Returns undefined if the value set is unknown or its codes can't be listed. */
  getCodes(url: string): CodesBySystem | undefined;
}

/** Codes by system, as stored in JSON. */
export type ListedCodes = Readonly<Record<string, readonly string[]>>;

/** @param listed codes by ValueSet URL; later arguments win */
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

/** @param system undefined matches any system, for elements of type `code` */
export const hasCode = (codes: CodesBySystem, system: string | undefined, code: string): boolean =>
  system === undefined ? [...codes.values()].some((all) => all.has(code)) : (codes.get(system)?.has(code) ?? false);
