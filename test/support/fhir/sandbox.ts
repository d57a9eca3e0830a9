import { type GeneratedSandbox, generateSandbox, SANDBOX_SEED } from '../../../src/sandbox/generator/index.ts';

let made: GeneratedSandbox | undefined;

/** Returns the sandbox data, which is generated once for all test files of a process. Tests must not change it. */
export function sandboxData(): GeneratedSandbox {
  made ??= generateSandbox({ seed: SANDBOX_SEED });
  return made;
}
