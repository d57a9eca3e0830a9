import type { Spent } from './cpu.ts';
import type { Rate } from './load.ts';

/** Results of a path and of its reference, measured one after the other. */
export type Pair = readonly [full: Rate, reference: Rate];

/** A row of the report. */
export interface Measured {
  readonly name: string;
  readonly bytes: number;
  /** Name of the reference. */
  readonly reference: string;
  /** Target ratio; undefined if there is none. */
  readonly goal?: number;
  /** Target rate per second on any machine, for work that an operator waits for. */
  readonly goalPerSecond?: number;
  /** Maximum CPU time of server and database together, as a multiple of the reference. */
  readonly mostCost?: number;
  readonly pairs: readonly Pair[];
}

const HEADER = ['path', 'bytes', 'held against', 'per second', 'reference', 'ratio', 'spread', 'cost', 'goal'];
const COSTS = ['server µs', 'reference', 'database µs', 'reference'];

/** Prints the report. Rates are medians; `spread` is the lowest and highest ratio of the rounds. */
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

/** Targets: the ratio without a unit, the rate per second. */
const goalsOf = ({ goal, goalPerSecond, mostCost }: Pick<Measured, 'goal' | 'goalPerSecond' | 'mostCost'>): string =>
  [
    goal === undefined ? [] : `≥ ${goal}`,
    goalPerSecond === undefined ? [] : `≥ ${goalPerSecond.toLocaleString('en')}/s`,
    mostCost === undefined ? [] : `cost ≤ ${mostCost}`,
  ]
    .flat()
    .join(', ');

/** CPU time of both processes as a multiple of the reference. */
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
