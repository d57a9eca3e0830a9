import { median, printColumns } from '../table.ts';
import type { ComparedPath, Comparison, StartResult } from './compare.ts';
import type { TurnPair, TurnResult } from './rounds.ts';

/** Share of responses of a turn that may fail. */
const MAX_FAILED = 0.001;
/** Maximum CPU time of a DSTU2 page, as a multiple of the same page in R4. */
export const MAX_DSTU2_COST = 1.5;

export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Ratio of the working tree to the ref: the median, lowest and highest of the turns. */
export const toRatio = (pairs: readonly TurnPair[], read: (result: TurnResult) => number): Ratio => {
  const ratios = pairs.map(([working, reference]) => read(working) / read(reference));
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
};

export const cpuTime = ({ server, database }: TurnResult): number => server + database;

/** Prints the results. In columns with two numbers, the first is the working tree's and the second is the ref's. */
export function printComparison({ starts, paths }: Comparison): void {
  if (starts.length > 0) printStarts(starts);
  const header = ['path', 'cores', 'connections', 'bytes', 'per second', 'ratio', 'spread', 'p50 ms', 'p99 ms'];
  const cpu = ['server µs', 'database µs', 'CPU ratio', 'spread'];
  printColumns(
    [...header, ...cpu],
    paths.map(({ path, pinning, connections, pairs }) => {
      const rate = toRatio(pairs, ({ perSecond }) => perSecond);
      const cost = toRatio(pairs, cpuTime);
      const both = (read: (result: TurnResult) => number, digits = 0) =>
        [0, 1].map((which) => format(median(pairs.map((pair) => read(pair[which as 0 | 1]))), digits)).join(' / ');
      return [
        path,
        pinning,
        String(connections),
        both((one) => one.bytes),
        both((one) => one.perSecond),
        rate.median.toFixed(2),
        spread(rate),
        both((one) => one.p50, 2),
        both((one) => one.p99, 2),
        both((one) => one.server),
        both((one) => one.database),
        cost.median.toFixed(2),
        spread(cost),
      ];
    }),
  );
  for (const line of [...recordLines(paths), ...dstu2Lines(paths)]) process.stdout.write(`${line}\n`);
}

/** Returns what fails the bench: paths with failed responses, and DSTU2 pages that cost too much. */
export function findFailures({ paths }: Comparison): readonly string[] {
  const failed = paths.flatMap(({ path, pinning, connections, pairs }) =>
    pairs.flat().flatMap((round) => {
      if (round.failed <= round.requests * MAX_FAILED) return [];
      const what = round.failure === 0 ? 'lost connections' : `status ${round.failure}`;
      return [`${path}, ${pinning}, ${connections}: ${round.failed} of ${round.requests} requests failed, ${what}.`];
    }),
  );
  const costly = dstu2Costs(paths).filter(({ cost }) => cost > MAX_DSTU2_COST);
  return [
    ...new Set(failed),
    ...costly.map(({ level, cost }) => `dstu2-lab-page, ${level}: ${cost.toFixed(2)} times the CPU time of lab-page.`),
  ];
}

function printStarts(starts: readonly (readonly [StartResult, StartResult])[]): void {
  const row = (name: string, read: (one: StartResult) => number) => {
    const ratios = starts.map(([working, reference]) => read(working) / read(reference));
    return [
      name,
      ...[0, 1].map((which) => format(median(starts.map((pair) => read(pair[which as 0 | 1]))), 0)),
      median(ratios).toFixed(2),
      spread({ median: 0, min: Math.min(...ratios), max: Math.max(...ratios) }),
    ];
  };
  printColumns(
    ['at rest', 'working tree', 'ref', 'ratio', 'spread'],
    [
      row('npm start until it listens, ms', (one) => one.milliseconds),
      row('PSS of the server, MB', (one) => one.server),
      row('PSS of the database, MB', (one) => one.database),
    ],
  );
  process.stdout.write('\n');
}

/** Compares the ratios of both paths that a backend app reads, which differ only in the number of patients. */
function recordLines(paths: readonly ComparedPath[]): readonly string[] {
  return pairsOfPaths(paths, '20-patients', '2000-patients').map(([few, many]) => {
    const [once, often] = [many, few].map(({ pairs }) => toRatio(pairs, (one) => one.perSecond).median.toFixed(2));
    return `Rate of 2,000 patients read once: ${once} times the ref's; of 20 patients: ${often} times (${level(few)}).`;
  });
}

const dstu2Lines = (paths: readonly ComparedPath[]): readonly string[] =>
  dstu2Costs(paths).map(
    ({ level: at, cost }) => `A DSTU2 page takes ${cost.toFixed(2)} times the CPU time of R4's (at most 1.5; ${at}).`,
  );

/** CPU time of the working tree's DSTU2 page as a multiple of its R4 page. */
export const dstu2Costs = (paths: readonly ComparedPath[]): readonly { level: string; cost: number }[] =>
  pairsOfPaths(paths, 'lab-page', 'dstu2-lab-page').map(([r4, dstu2]) => {
    const [of, as] = [dstu2, r4].map(({ pairs }) => median(pairs.map(([working]) => cpuTime(working))));
    return { level: level(r4), cost: (of ?? 0) / (as ?? 1) };
  });

function pairsOfPaths(paths: readonly ComparedPath[], one: string, other: string): [ComparedPath, ComparedPath][] {
  const named = (name: string) => paths.filter(({ path }) => path === name);
  return named(one).flatMap((a) => named(other).flatMap((b) => (level(a) === level(b) ? [[a, b]] : [])));
}

const level = ({ pinning, connections }: ComparedPath): string => `${pinning}, ${connections}`;

const spread = ({ min, max }: Ratio): string => `${min.toFixed(2)}–${max.toFixed(2)}`;

const format = (value: number, digits: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
