import { setImmediate as turn } from 'node:timers/promises';

/** Longest time in milliseconds that CPU-bound work may block the event loop. Other requests are delayed that long. */
const TIME_SLICE_MS = 10;

/**
 * Await this function between two steps of CPU-bound work. It yields to the event loop if at least 10 ms have passed
 * since it last did so. Otherwise it returns undefined at once.
 */
type YieldWhenDue = () => Promise<void> | undefined;

/** Creates a function that CPU-bound work awaits between its steps, so that the event loop runs from time to time. */
export function createYielder(): YieldWhenDue {
  let since = performance.now();
  return () => (performance.now() - since < TIME_SLICE_MS ? undefined : yieldNow());
  async function yieldNow(): Promise<void> {
    await turn();
    since = performance.now();
  }
}
