import { type Clock, later } from '../kernel/index.ts';
import { type ExceededLimit, type RateLimit, toExceeded } from './limit.ts';

export interface MemoryRateLimit extends RateLimit {
  /**
   * If true, the windows of all keys start at multiples of the window length. By default a key's window starts with its
   * first use.
   */
  readonly aligned?: boolean;
}

let processes = 1;

/**
 * Tells how many processes share the port, before any counts are created. Each process then allows its part of every
 * limit in memory, so that all of them together allow what a single process does.
 */
export function shareLimits(count: number): void {
  processes = count;
}

/** Counts the uses of one rate limit in the memory of this process. */
export interface MemoryCounts {
  /** Counts one use of the key. @returns undefined if the use is allowed */
  count(key: string): ExceededLimit | undefined;
  /** Un-counts one use of the key. */
  uncount(key: string): void;
  /**
   * Tells whether a further use of the key would be allowed, and counts nothing. It is for limits on failures: requests
   * are checked before they run, and counted only if they fail. All requests that run at the same time pass the check
   * if the limit wasn't reached before.
   * @returns undefined if the use would be allowed
   */
  check(key: string): ExceededLimit | undefined;
}

/**
 * Maximum number of keys whose uses are counted. The oldest keys are dropped, so that many new keys can't fill the
 * memory.
 */
const MAX_KEYS = 10_000;

/**
 * Creates the counts of one rate limit in the memory of this process, initially without any use. Other processes don't
 * see these counts, and the counts end with the process. At most 10,000 keys are counted. If the limit is exceeded, the
 * methods return a value that says so; they never throw an error for it. The `window` of the limit is in milliseconds.
 */
export function createMemoryCounts(clock: Clock, { max, window, aligned = false }: MemoryRateLimit): MemoryCounts {
  const allowed = Math.ceil(max / processes);
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
      return known.count > allowed ? toExceeded(known.ends, now) : undefined;
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
      return known !== undefined && known.count >= allowed ? toExceeded(known.ends, now) : undefined;
    },
  };
}
