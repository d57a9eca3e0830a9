import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition. The test's own time limit ends the wait. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(5);
}
