import type { Spent } from './cpu.ts';
import type { Rate } from './load.ts';

/** One measurement of a path, and the one beside it of what it is held against. */
export type Pair = readonly [full: Rate, reference: Rate];

/** What is printed of a path. */
export interface Measured {
  readonly name: string;
  readonly bytes: number;
  /** What it is held against. */
  readonly reference: string;
  /** The ratio that is wanted; undefined: none was set. */
  readonly goal?: number;
  readonly pairs: readonly Pair[];
}

const HEADER = ['path', 'bytes', 'held against', 'per second', 'reference', 'ratio', 'spread', 'goal'];
const COSTS = ['server µs', 'reference', 'database µs', 'reference'];

/** Rates are medians; `spread` is the least and the greatest ratio of the rounds. */
export function printTable(all: readonly Measured[]): void {
  const rows = all.map(rowOf);
  const header = [...HEADER, ...COSTS];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [header, ...rows])
    process.stdout.write(`${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}\n`);
}

function rowOf({ name, bytes, reference, goal, pairs }: Measured): string[] {
  const ratios = pairs.map(([full, bare]) => full.perSecond / bare.perSecond);
  const each = (which: 0 | 1, part: keyof Spent) => medianOf(pairs.map((pair) => pair[which].each?.[part]));
  return [
    name,
    bytes.toLocaleString('en'),
    reference,
    medianOf(pairs.map(([full]) => full.perSecond)),
    medianOf(pairs.map(([, bare]) => bare.perSecond)),
    median(ratios).toFixed(2),
    `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    goal === undefined ? '' : `≥ ${goal}`,
    each(0, 'server'),
    each(1, 'server'),
    each(0, 'database'),
    each(1, 'database'),
  ];
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function medianOf(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? '' : Math.round(median(known)).toLocaleString('en');
}
