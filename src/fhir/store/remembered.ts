/** As `remembered`, of what a text names. */
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

/** Letters. What is longer is rarely the same again, and would be kept for nothing. */
const LONGEST = 128;

/**
 * A function of a short text that remembers what it made: a load has the same dates, names and codes again and again.
 * @param most texts; when there are more it begins anew
 */
export const remembered = <Made>(make: (text: string) => Made, most?: number): ((text: string) => Made) =>
  rememberedBy((text: string) => text, make, most);
