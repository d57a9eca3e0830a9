/** Memoizes a function with any arguments. `keyOf` returns a text that identifies the arguments. */
export function memoizeBy<Args extends readonly unknown[], Result>(
  keyOf: (...args: Args) => string,
  make: (...args: Args) => Result,
  maxEntries = 5000,
): (...args: Args) => Result {
  const cache = new Map<string, Result>();
  return (...args) => {
    const key = keyOf(...args);
    if (key.length > MAX_KEY_LENGTH) return make(...args);
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    if (cache.size >= maxEntries) cache.clear();
    const result = make(...args);
    cache.set(key, result);
    return result;
  };
}

/**
 * Maximum length of an argument whose result is cached, in characters. Longer texts rarely occur twice, so their
 * results would only use memory.
 */
const MAX_KEY_LENGTH = 128;

/**
 * Memoizes a function of one short text. The resources of an import repeat the same dates, names and codes.
 * @param maxEntries maximum number of cached results; a full cache is emptied
 */
export const memoize = <Result>(make: (text: string) => Result, maxEntries?: number): ((text: string) => Result) =>
  memoizeBy((text: string) => text, make, maxEntries);
