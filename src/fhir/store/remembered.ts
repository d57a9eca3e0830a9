/** Memoizes a function whose arguments are identified by a text. See `memoize`. */
export function rememberedBy<Of extends readonly unknown[], Made>(
  nameOf: (...of: Of) => string,
  make: (...of: Of) => Made,
  most = 5000,
): (...of: Of) => Made {
  const known = new Map<string, Made>();
  return (...of) => {
    const name = nameOf(...of);
    if (name.length > LONGEST) return make(...of);
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= most) known.clear();
    const made = make(...of);
    known.set(name, made);
    return made;
  };
}

/** Maximum text length in characters. Longer texts rarely repeat and would only use memory. */
const LONGEST = 128;

/**
 * Memoizes a function of a short text. Imports meet the same dates, names and codes again and again.
 * @param most maximum number of cached texts; a full cache is cleared
 */
export const remembered = <Made>(make: (text: string) => Made, most?: number): ((text: string) => Made) =>
  rememberedBy((text: string) => text, make, most);
