import type { LoadRate } from './load.ts';
import type { CpuTime } from './process-usage.ts';

/** Results of a measured path and of the reference that it is compared with, measured one after the other. */
export type RatePair = readonly [full: LoadRate, reference: LoadRate];

/** A row of the printed report. */
export interface Measurement {
  readonly name: string;
  readonly bytes: number;
  /** Name of the reference that the path is compared with. */
  readonly reference: string;
  /** Target for the rate, as a ratio to the reference's rate. Undefined if there is none. */
  readonly goal?: number;
  /** Target rate per second on any machine, for work that an operator waits for. */
  readonly goalPerSecond?: number;
  readonly pairs: readonly RatePair[];
}

const HEADER = ['path', 'bytes', 'held against', 'per second', 'reference', 'ratio', 'spread', 'cost', 'goal'];
const COSTS = ['server µs', 'reference', 'database µs', 'reference'];

/** Prints the report. Rates are medians; `spread` is the lowest and highest ratio of the rounds. */
export function printTable(all: readonly Measurement[]): void {
  printColumns([...HEADER, ...COSTS], all.map(toRow));
}

/** Prints rows with columns as wide as their widest cell. */
export function printColumns(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [header, ...rows])
    process.stdout.write(`${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}\n`);
}

function toRow({ name, bytes, reference, pairs, ...measured }: Measurement): string[] {
  const ratios = pairs.map(([full, bare]) => full.perSecond / bare.perSecond);
  const each = (which: 0 | 1, part: keyof CpuTime) => medianText(pairs.map((pair) => pair[which].each?.[part]));
  return [
    name,
    bytes.toLocaleString('en'),
    reference,
    medianText(pairs.map(([full]) => full.perSecond)),
    medianText(pairs.map(([, bare]) => bare.perSecond)),
    median(ratios).toFixed(2),
    `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    costRatio(pairs),
    goalText(measured),
    each(0, 'server'),
    each(1, 'server'),
    each(0, 'database'),
    each(1, 'database'),
  ];
}

/** Prints a target: a ratio without a unit, or a rate per second. */
const goalText = ({ goal, goalPerSecond }: Pick<Measurement, 'goal' | 'goalPerSecond'>): string =>
  [
    goal === undefined ? [] : `≥ ${goal}`,
    goalPerSecond === undefined ? [] : `≥ ${goalPerSecond.toLocaleString('en')}/s`,
  ]
    .flat()
    .join(', ');

/** CPU time of both processes as a multiple of the reference. */
function costRatio(pairs: readonly RatePair[]): string {
  const ratios = pairs.flatMap(([full, reference]) => {
    if (full.each === undefined || reference.each === undefined) return [];
    return [(full.each.server + full.each.database) / (reference.each.server + reference.each.database)];
  });
  return ratios.length === 0 ? '' : median(ratios).toFixed(2);
}

/** The middle value, or the mean of both middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

function medianText(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? '' : Math.round(median(known)).toLocaleString('en');
}
