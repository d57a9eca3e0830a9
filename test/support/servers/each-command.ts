import { expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { cliDatabase } from './cli-database.ts';
import { cliProcess } from './processes.ts';

/** Commands whose output has times, new keys or the command itself, so that it differs between runs. */
const VARYING: readonly string[] = ['audit search', 'doctor', 'keys rotate'];

/** All commands except `serve`, which serve.test.ts covers. */
export const COMMAND_NAMES = COMMANDS.map(({ name }) => name).filter((name) => name !== 'serve');

/**
 * Runs commands without arguments, in a separate process and in this one, and compares the results. Most commands
 * succeed, and others report what is missing.
 */
export function sameInProcess(names: readonly string[]): void {
  const { url, print } = cliDatabase();
  it.each(names)(
    '%s has the same output and exit code in a separate process as in this one',
    { timeout: 60_000 },
    async (name) => {
      const words = name.split(' ');
      const here = await print(words);
      const there = await cliProcess(words, { DATABASE_URL: url, SANDBOX: 'off' });
      expect(there).toEqual(VARYING.includes(name) ? { ...here, out: expect.stringMatching(/\S/) } : here);
    },
  );
}
