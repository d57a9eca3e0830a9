import { type Clock, later } from '../kernel/index.ts';
import { type ExceededLimit, type RateLimit, toExceeded } from './limit.ts';

export interface MemoryRateLimit extends RateLimit {
  /** Windows start at multiples of their length, for all keys at once. */
  readonly aligned?: boolean;
}

/** The counts of one limit within this process. */
export interface MemoryCounts {
  /** Counts one use. @returns undefined while the use is allowed */
  count(key: string): ExceededLimit | undefined;
  /** Undoes one `count`. */
  uncount(key: string): void;
  /**
   * Returns what `count` would return, but counts nothing. For limits on failures that let any number of requests run
   * at the same time: they are counted when they fail.
   */
  check(key: string): ExceededLimit | undefined;
}

/** Maximum number of stored keys. The oldest are dropped, so that many new keys can't fill the memory. */
const MAX_KEYS = 10_000;

export function createMemoryCounts(clock: Clock, { most, window, aligned = false }: MemoryRateLimit): MemoryCounts {
  const windows = new Map<string, { readonly ends: Date; count: number }>();

  function find(key: string, now: Date) {
    const known = windows.get(key);
    return known !== undefined && known.ends > now ? known : undefined;
  }

  function start(key: string, now: Date): void {
    windows.delete(key);
    windows.set(key, { ends: later(now, aligned ? window - (now.getTime() % window) : window), count: 1 });
    const [oldest] = windows.keys();
    if (windows.size > MAX_KEYS && oldest !== undefined) windows.delete(oldest);
  }

  return {
    count(key) {
      const now = clock.now();
      const known = find(key, now);
      if (known === undefined) {
        start(key, now);
        return undefined;
      }
      known.count += 1;
      return known.count > most ? toExceeded(known.ends, now) : undefined;
    },
    uncount(key) {
      const known = find(key, clock.now());
      if (known === undefined) return;
      known.count -= 1;
      if (known.count === 0) windows.delete(key);
    },
    check(key) {
      const now = clock.now();
      const known = find(key, now);
      return known !== undefined && known.count >= most ? toExceeded(known.ends, now) : undefined;
    },
  };
}
