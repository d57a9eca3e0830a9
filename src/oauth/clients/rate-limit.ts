import type { Clock } from '../../kernel/index.ts';

/**
 * Counts events by key within this process. Each key has a fixed window of its own, which starts with its first event.
 */
export interface RateLimit {
  /** Seconds until the key may try again. Undefined when it may now. */
  secondsToWait(key: string): number | undefined;
  count(key: string): void;
}

/** Maximum number of stored keys. The oldest are dropped, so that many new keys can't fill the memory. */
const MAX_KEYS = 10_000;

/**
 * Creates a rate limit.
 * @param options.most events allowed in a window
 * @param options.within length of the window in milliseconds
 */
export function createRateLimit(clock: Clock, options: { most: number; within: number }): RateLimit {
  const windows = new Map<string, { ends: number; count: number }>();
  return {
    secondsToWait(key) {
      const left = (windows.get(key)?.ends ?? 0) - clock.now().getTime();
      if (left <= 0 || (windows.get(key)?.count ?? 0) < options.most) return undefined;
      return Math.ceil(left / 1000);
    },
    count(key) {
      const now = clock.now().getTime();
      const known = windows.get(key);
      if (known !== undefined && known.ends > now) {
        known.count += 1;
        return;
      }
      windows.delete(key);
      windows.set(key, { ends: now + options.within, count: 1 });
      const [oldest] = windows.keys();
      if (windows.size > MAX_KEYS && oldest !== undefined) windows.delete(oldest);
    },
  };
}
