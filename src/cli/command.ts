import type { Writable } from 'node:stream';
import type { Config, Environment } from '../config/index.ts';
import { oneLine, printable, printableJson } from './printable.ts';

/** What a command uses of the process that it runs in. Tests run commands inside a process of their own. */
export interface Surroundings {
  readonly environment: Environment;
  /** The current folder. */
  readonly folder: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborts when the process is asked to stop, which from the call on no longer ends it by itself. */
  stopSignal(): AbortSignal;
}

/** What a command is given. Standard output is for its answer alone; progress and remarks go to standard error. */
export interface CommandInput extends Pick<Surroundings, 'environment' | 'stderr' | 'stopSignal'> {
  readonly config: Config;
  readonly arguments: readonly string[];
  /** Folder that paths on the command line are relative to. */
  readonly folder: string;
  /** Print JSON, and nothing else, on standard output. */
  readonly json: boolean;
  print(text: string): void;
  remark(text: string): void;
}

/** Does the work, closes all that it opened, and returns the exit code. */
export type Run = (input: CommandInput) => Promise<number>;

export interface Command {
  /** As typed: `apps add`. */
  readonly name: string;
  /** A former name, which still works with a notice on stderr. */
  readonly formerly?: string;
  readonly usage: string;
  readonly summary: string;
  /** Imports the module of the command. */
  load(): Promise<Run>;
}

/** Prints an answer in the form that was asked for. */
export function answer(input: CommandInput, value: unknown, text: string): void {
  input.print(input.json ? printableJson(value) : printable(text));
}

/** Columns padded to their widest cell. A cell is one line, whatever is in it. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(oneLine));
  const widths = header.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}
