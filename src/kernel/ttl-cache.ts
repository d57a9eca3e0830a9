import { type Clock, seconds } from './clock.ts';

/**
 * Longest time in milliseconds for which a revoked token, app or grant may still count as valid. It
 * applies to every cache made here.
 */
export const CACHE_TTL_MS = seconds(1);

/** Results of a look-up, cached for at most a second. */
export interface TtlCache<Value> {
  /** Returns the cached value if it is younger than a second, else looks it up. A missing value is not cached. */
  get(key: string): Promise<Value | undefined>;
  /** Returns the cached value without a look-up. */
  peek(key: string): Value | undefined;
  /** Looks the value up now and replaces the cached one. */
  refresh(key: string): Promise<Value | undefined>;
  /** Removes the matching entries. Look-ups that are under way are not cached either. */
  invalidate(is: (key: string) => boolean): void;
}

/** Creates a cache over a look-up. @param most most entries; beyond that the oldest are dropped */
export function ttlCache<Value>(
  clock: Clock,
  look: (key: string) => Promise<Value | undefined>,
  most = 10_000,
): TtlCache<Value> {
  // The entries are in insertion order: the oldest come first.
  const known = new Map<string, { readonly at: number; readonly value: Value }>();
  let invalidations = 0;

  /** An entry from the future is stale, so setting the clock back makes nothing fresh. */
  const isFresh = (at: number, now: number): boolean => at <= now && now - at < CACHE_TTL_MS;

  function remembered(key: string): Value | undefined {
    const entry = known.get(key);
    return entry !== undefined && isFresh(entry.at, clock.now().getTime()) ? entry.value : undefined;
  }

  async function ask(key: string): Promise<Value | undefined> {
    const before = invalidations;
    // The time at which the look-up starts. The value can't be older than that.
    const at = clock.now().getTime();
    const value = await look(key);
    known.delete(key);
    if (value !== undefined && before === invalidations) keep(key, { at, value });
    return value;
  }

  function keep(key: string, entry: { at: number; value: Value }): void {
    known.set(key, entry);
    for (const [oldest, { at }] of known) {
      if (known.size <= most && isFresh(at, entry.at)) return;
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
