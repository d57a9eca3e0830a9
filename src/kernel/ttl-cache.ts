import { type Clock, seconds } from './clock.ts';

/**
 * Milliseconds for which a look-up result is cached. It is the longest time for which a revoked token, app or grant may
 * still count as valid.
 */
export const CACHE_TTL_MS = seconds(1);

/** Caches the results of look-ups for at most a second. */
export interface TtlCache<Value> {
  /**
   * Returns the cached value if it is younger than a second, otherwise looks it up. A look-up that finds nothing is not
   * cached.
   */
  get(key: string): Promise<Value | undefined>;
  /** Returns the cached value if it is younger than a second, otherwise undefined. It never looks the value up. */
  peek(key: string): Value | undefined;
  /** Looks the value up now, and replaces the cached value. */
  refresh(key: string): Promise<Value | undefined>;
  /**
   * Removes the matching values from the cache. Results of look-ups that are running now aren't cached either, because
   * they may be outdated.
   */
  invalidate(is: (key: string) => boolean): void;
}

/**
 * Creates a cache for the results of a look-up.
 * @param load looks a value up by its key
 * @param maxEntries maximum number of cached values; beyond it the oldest are dropped
 */
export function ttlCache<Value>(
  clock: Clock,
  load: (key: string) => Promise<Value | undefined>,
  maxEntries = 10_000,
): TtlCache<Value> {
  // The entries are in the order of insertion, the oldest first.
  const known = new Map<string, { readonly at: number; readonly value: Value }>();
  let invalidations = 0;

  /**
   * Tells whether an entry is younger than a second. An entry from the future is outdated, so that setting the clock
   * back makes no entry valid again.
   */
  const isFresh = (at: number, now: number): boolean => at <= now && now - at < CACHE_TTL_MS;

  function remembered(key: string): Value | undefined {
    const entry = known.get(key);
    return entry !== undefined && isFresh(entry.at, clock.now().getTime()) ? entry.value : undefined;
  }

  async function ask(key: string): Promise<Value | undefined> {
    const before = invalidations;
    // The value counts as cached since the start of the look-up, because it can't be older than that.
    const at = clock.now().getTime();
    const value = await load(key);
    known.delete(key);
    if (value !== undefined && before === invalidations) store(key, { at, value });
    return value;
  }

  function store(key: string, entry: { at: number; value: Value }): void {
    known.set(key, entry);
    for (const [oldest, { at }] of known) {
      if (known.size <= maxEntries && isFresh(at, entry.at)) return;
      known.delete(oldest);
    }
  }

  return {
    peek: remembered,
    refresh: ask,
    async get(key) {
      return remembered(key) ?? ask(key);
    },
    invalidate(is) {
      invalidations += 1;
      for (const key of known.keys()) if (is(key)) known.delete(key);
    },
  };
}
