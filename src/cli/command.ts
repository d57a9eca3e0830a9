import type { Writable } from 'node:stream';
import type { Config, Environment } from '../config/index.ts';
import { oneLine, printable, printableJson } from './printable.ts';

/** The part of the process that a command uses. Tests run commands with their own instance inside one process. */
export interface CommandEnvironment {
  readonly environment: Environment;
  /** The current working directory. */
  readonly folder: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /**
   * Returns a signal that aborts on SIGINT, SIGTERM or SIGHUP. From the call on, these no longer end the process by
   * themselves.
   */
  stopSignal(): AbortSignal;
}

/** Input of a command. Standard output is reserved for its result; progress and remarks go to standard error. */
export interface CommandInput extends Pick<CommandEnvironment, 'environment' | 'stderr' | 'stopSignal'> {
  readonly config: Config;
  readonly arguments: readonly string[];
  /** Folder that relative paths on the command line refer to. */
  readonly folder: string;
  /** Print only JSON on standard output. */
  readonly json: boolean;
  print(text: string): void;
  remark(text: string): void;
}

/** Runs the command, closes everything it opened, and returns the exit code. */
export type RunCommand = (input: CommandInput) => Promise<number>;

export interface CliCommand {
  /** Words of the command as typed: `apps add`. */
  readonly name: string;
  /** A former name, which still works with a notice on stderr. */
  readonly formerly?: string;
  readonly usage: string;
  readonly summary: string;
  load(): Promise<RunCommand>;
}

/** Prints a result as JSON with --json, otherwise as text. */
export function printResult(input: CommandInput, value: unknown, text: string): void {
  input.print(input.json ? printableJson(value) : printable(text));
}

/** Formats columns padded to their widest cell. Each cell is reduced to one line. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
