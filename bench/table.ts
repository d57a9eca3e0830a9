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
  /** So many a second are wanted, on whatever machine this runs: what an operator waits for is no ratio. */
  readonly goalPerSecond?: number;
  /** How many times the processor time of the reference it may take, of server and database together. */
  readonly mostCost?: number;
  readonly pairs: readonly Pair[];
}

const HEADER = ['path', 'bytes', 'held against', 'per second', 'reference', 'ratio', 'spread', 'cost', 'goal'];
const COSTS = ['server µs', 'reference', 'database µs', 'reference'];

/** Rates are medians; `spread` is the least and the greatest ratio of the rounds. */
export function printTable(all: readonly Measured[]): void {
  const rows = all.map(rowOf);
  const header = [...HEADER, ...COSTS];
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [header, ...rows])
    process.stdout.write(`${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}\n`);
}

function rowOf({ name, bytes, reference, pairs, ...measured }: Measured): string[] {
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
    costOf(pairs),
    goalsOf(measured),
    each(0, 'server'),
    each(1, 'server'),
    each(0, 'database'),
    each(1, 'database'),
  ];
}

/** Of the ratio without a unit, of the rate by the second. */
const goalsOf = ({ goal, goalPerSecond, mostCost }: Pick<Measured, 'goal' | 'goalPerSecond' | 'mostCost'>): string =>
  [
    goal === undefined ? [] : `≥ ${goal}`,
    goalPerSecond === undefined ? [] : `≥ ${goalPerSecond.toLocaleString('en')}/s`,
    mostCost === undefined ? [] : `cost ≤ ${mostCost}`,
  ]
    .flat()
    .join(', ');

/** Processor time of both processes, as so many times that of the reference. */
function costOf(pairs: readonly Pair[]): string {
  const ratios = pairs.flatMap(([full, reference]) => {
    if (full.each === undefined || reference.each === undefined) return [];
    return [(full.each.server + full.each.database) / (reference.each.server + reference.each.database)];
  });
  return ratios.length === 0 ? '' : median(ratios).toFixed(2);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function medianOf(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? '' : Math.round(median(known)).toLocaleString('en');
}
