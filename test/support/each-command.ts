import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { cliDatabase } from './cli-database.ts';
import { cliProcess } from './processes.ts';

/** Commands whose output differs from run to run: times, and keys that are made. */
const VARYING: readonly string[] = ['doctor', 'keys rotate'];

/** All but `serve`, which has tests of its own. */
export const COMMAND_NAMES = COMMANDS.map(({ name }) => name).filter((name) => name !== 'serve');

/** Runs commands without arguments, each in a process and in this one. Most do their work, others say what is missing. */
export function sameInProcess(names: readonly string[]): void {
  const { url, print } = cliDatabase();
  it.each(names)('%s ends, and answers, as in this process', { timeout: 60_000 }, async (name) => {
    const words = name.split(' ');
    const here = await print(words);
    const there = await cliProcess(words, { DATABASE_URL: url, SANDBOX: 'off' });
    expect(there).toEqual(VARYING.includes(name) ? { ...here, out: expect.stringMatching(/\S/) } : here);
  });
}
