import type { Config } from '../config/index.ts';

/** What a command is given. Standard output is for its answer alone; progress and remarks go to standard error. */
export interface CommandInput {
  readonly config: Config;
  readonly arguments: readonly string[];
  /** Folder that paths on the command line are relative to. */
  readonly folder: string;
  /** Print JSON, and nothing else, on standard output. */
  readonly json: boolean;
  print(text: string): void;
  remark(text: string): void;
}

export interface Command {
  /** As typed: `apps add`. */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** Answers with the exit code. */
  run(input: CommandInput): Promise<number>;
}

/** Prints an answer in the form that was asked for. */
export function answer(input: CommandInput, value: unknown, text: string): void {
  input.print(input.json ? JSON.stringify(value, undefined, 2) : text);
}

/** Columns padded to their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
