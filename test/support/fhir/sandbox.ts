import { type GeneratedSandbox, generateSandbox, SANDBOX_SEED } from '../../../src/sandbox/generator/index.ts';

let made: GeneratedSandbox | undefined;

/** The sandbox data, generated once for all test files of a process. Tests only read it. */
export function sandboxData(): GeneratedSandbox {
  made ??= generateSandbox({ seed: SANDBOX_SEED });
  return made;
}
