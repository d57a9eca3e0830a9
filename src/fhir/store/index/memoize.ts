/** Memoizes a function whose arguments are identified by a text. See `memoize`. */
export function memoizeBy<Args extends readonly unknown[], Result>(
  keyOf: (...args: Args) => string,
  make: (...args: Args) => Result,
  most = 5000,
): (...args: Args) => Result {
  const cache = new Map<string, Result>();
  return (...args) => {
    const key = keyOf(...args);
    if (key.length > MAX_KEY_LENGTH) return make(...args);
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    if (cache.size >= most) cache.clear();
    const result = make(...args);
    cache.set(key, result);
    return result;
  };
}

/** Maximum text length in characters. Longer texts rarely repeat and would only use memory. */
const MAX_KEY_LENGTH = 128;

/**
 * Memoizes a function of a short text. Imports meet the same dates, names and codes again and again.
 * @param most maximum number of cached texts; a full cache is cleared
 */
export const memoize = <Result>(make: (text: string) => Result, most?: number): ((text: string) => Result) =>
  memoizeBy((text: string) => text, make, most);
