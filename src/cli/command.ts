import type { Writable } from 'node:stream';
import type { Config, Environment } from '../config/index.ts';
import type { CommandArguments, CommandDefinition } from './definition.ts';
import { oneLine, printable, printableJson } from './printable.ts';

/**
 * The environment in which a command runs: variables, current folder, output streams and signals. Tests run commands
 * inside one process, each with an environment of its own.
 */
export interface CommandEnvironment {
  readonly environment: Environment;
  readonly folder: string;
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  /**
   * Returns an AbortSignal that aborts on SIGINT, SIGTERM or SIGHUP. After the call, these signals no longer end the
   * process by themselves.
   */
  stopSignal(): AbortSignal;
}

/**
 * Input of a command. A command writes only its result to standard output (`print`), and progress and remarks to
 * standard error (`remark`).
 */
export interface CommandInput extends Pick<CommandEnvironment, 'environment' | 'stderr' | 'stopSignal'> {
  readonly config: Config;
  /** Folder that relative paths on the command line start from. */
  readonly folder: string;
  /** Whether standard output contains only JSON (option --json). */
  readonly json: boolean;
  print(text: string): void;
  remark(text: string): void;
}

/** Runs a command, closes everything that it opened, and returns the exit code. */
export type RunCommand<Definition extends CommandDefinition> = (
  input: CommandInput,
  given: CommandArguments<Definition>,
) => Promise<number>;

export interface CliCommand extends CommandDefinition {
  load(): Promise<RunCommand<CommandDefinition>>;
}

/** Prints the result of a command: as JSON with --json, otherwise as text. */
export function printResult(input: CommandInput, value: unknown, text: string): void {
  input.print(input.json ? printableJson(value) : printable(text));
}

/** Formats a table for a terminal. Columns are padded to their widest cell, and each cell is reduced to one line. */
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
