import { Writable } from 'node:stream';
import { runCommand } from '../../../src/cli/run-command.ts';
import type { CommandResult } from './processes.ts';

/**
 * Runs a command in this process.
 * @param isTerminal whether its standard output is a terminal
 * @returns its output and exit code
 */
export async function runCli(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  isTerminal = false,
): Promise<CommandResult> {
  const [stdout, stderr] = [collect(), collect()];
  const code = await runCommand(words, {
    environment,
    folder: '/',
    stdout: Object.assign(stdout.stream, { isTTY: isTerminal }),
    stderr: stderr.stream,
    stopSignal: () => new AbortController().signal,
  });
  return { code, out: stdout.text(), err: stderr.text() };
}

function collect(): { stream: Writable; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
