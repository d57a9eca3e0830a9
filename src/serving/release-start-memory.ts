import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seconds } from '../kernel/index.ts';

/** Milliseconds after the server listens in which it does the rest of its start. */
const AFTER_LISTENING = seconds(1);

/**
 * Returns the memory that only the start needed, a fifth of what a waiting server has. V8 would return it only after
 * requests have come and ended. The server answers nothing for about 0.1 s meanwhile.
 * @returns a function that cancels it
 */
export function releaseStartMemory(): () => void {
  const timer = setTimeout(collectGarbage, AFTER_LISTENING);
  return () => clearTimeout(timer);
}

/** Only this collection also returns memory. Node gives programs no access to it other than the flag of V8. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: (options: object) => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
