import { setImmediate as turn } from 'node:timers/promises';

/** Longest time in milliseconds that long work blocks the event loop, and thus delays other requests. */
const TIME_SLICE_MS = 10;

/**
 * Await this between two steps of long work. It yields to the event loop when the time slice is used
 * up, and otherwise returns undefined.
 */
type YieldWhenDue = () => Promise<void> | undefined;

/** Creates a function for long CPU-bound work that lets the event loop run from time to time. */
export function createYielder(): YieldWhenDue {
  let since = performance.now();
  return () => (performance.now() - since < TIME_SLICE_MS ? undefined : yieldNow());
  async function yieldNow(): Promise<void> {
    await turn();
    since = performance.now();
  }
}
