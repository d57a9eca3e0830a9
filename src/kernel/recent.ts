import { type Clock, seconds } from './clock.ts';

/** What has ended may be taken for good this long: the rule for everything that is remembered here. */
export const FRESH = seconds(1);

/** Answers of a look-up, remembered for at most a second. */
export interface Recent<Value> {
  /** As it was less than a second ago, or is now. What is not found is not remembered. */
  find(key: string): Promise<Value | undefined>;
  /** What `find` would answer without asking. */
  remembered(key: string): Value | undefined;
  /** As it is now. */
  ask(key: string): Promise<Value | undefined>;
  /** What is being asked for at this moment is not remembered either. */
  forget(is: (key: string) => boolean): void;
}

/** @param most of them remembered at once: beyond that the oldest go */
export function recent<Value>(
  clock: Clock,
  look: (key: string) => Promise<Value | undefined>,
  most = 10_000,
): Recent<Value> {
  // In the order they came: the oldest are first.
  const known = new Map<string, { readonly at: number; readonly value: Value }>();
  let forgotten = 0;

  /** A clock that was set back makes nothing fresh. */
  const isFresh = (at: number, now: number): boolean => at <= now && now - at < FRESH;

  function remembered(key: string): Value | undefined {
    const entry = known.get(key);
    return entry !== undefined && isFresh(entry.at, clock.now().getTime()) ? entry.value : undefined;
  }

  async function ask(key: string): Promise<Value | undefined> {
    const before = forgotten;
    // The instant of the question: the answer is no younger than that.
    const at = clock.now().getTime();
    const value = await look(key);
    known.delete(key);
    if (value !== undefined && before === forgotten) keep(key, { at, value });
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
    remembered,
    ask,
    async find(key) {
      return remembered(key) ?? ask(key);
    },
    forget(is) {
      forgotten += 1;
      for (const key of known.keys()) if (is(key)) known.delete(key);
    },
  };
}
