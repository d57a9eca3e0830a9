import { generateSandbox, SANDBOX_SEED, type Sandbox } from '../../src/sandbox/generate/index.ts';

let made: Sandbox | undefined;

/** The sandbox data, generated once for all test files of a process. Tests only read it. */
export function sandboxData(): Sandbox {
  made ??= generateSandbox({ seed: SANDBOX_SEED });
  return made;
}
