import type { Clock } from '../../kernel/index.ts';

/** Counts events against keys, in this process, each key in a window of its own. */
export interface RateLimit {
  /** Seconds until there may be another; undefined: now. */
  wait(key: string): number | undefined;
  count(key: string): void;
}

/** Keys remembered at most; the oldest are forgotten, so that no flood of new ones fills the memory. */
const MOST_KEYS = 10_000;

export function rateLimit(clock: Clock, options: { most: number; within: number }): RateLimit {
  const windows = new Map<string, { ends: number; count: number }>();
  return {
    wait(key) {
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
      if (windows.size > MOST_KEYS && oldest !== undefined) windows.delete(oldest);
    },
  };
}
