/** The codes of one ValueSet, by system; '' for those whose system is not told. */
export type Codes = ReadonlyMap<string, ReadonlySet<string>>;

export interface ValueSets {
  /** undefined: it is not known, or its codes can't be listed. */
  codesOf(url: string): Codes | undefined;
}

/** As JSON, by system. */
export type ListedCodes = Readonly<Record<string, readonly string[]>>;

/** @param listed by URL of the ValueSet */
export function valueSetsOf(...listed: readonly Readonly<Record<string, ListedCodes>>[]): ValueSets {
  const known = new Map<string, Codes>();
  return {
    codesOf(url) {
      const found = known.get(url);
      if (found !== undefined) return found;
      const own = listed.findLast((one) => Object.hasOwn(one, url))?.[url];
      if (own === undefined) return undefined;
      const codes = new Map(Object.entries(own).map(([system, all]) => [system, new Set(all)] as const));
      known.set(url, codes);
      return codes;
    },
  };
}

/** @param system undefined: any, for an element of type `code` */
export const hasCode = (codes: Codes, system: string | undefined, code: string): boolean =>
  system === undefined ? [...codes.values()].some((all) => all.has(code)) : (codes.get(system)?.has(code) ?? false);
