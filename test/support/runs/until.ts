import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition is true. The time limit of the test ends the wait. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(5);
}
