import { setImmediate as turn } from 'node:timers/promises';

/** Milliseconds that long work takes at a time: what others wait for it. */
const STRETCH = 10;

/** To be awaited between two steps of long work: from time to time it lets others have their turn. */
type Pace = () => Promise<void> | undefined;

/** For work that would keep the one thread of this process for itself. */
export function pace(): Pace {
  let since = performance.now();
  return () => (performance.now() - since < STRETCH ? undefined : rest());
  async function rest(): Promise<void> {
    await turn();
    since = performance.now();
  }
}
