import { beforeAll, describe, expect, it } from 'vitest';
import { BENCH_PATHS } from '../../bench/against/bench-paths.ts';
import { readBaseline } from '../../bench/against/checkout.ts';
import { type ComparedPath, compareWith } from '../../bench/against/compare.ts';
import {
  cpuTime,
  dstu2Costs,
  findFailures,
  MAX_DSTU2_COST,
  printComparison,
  toRatio,
} from '../../bench/against/report.ts';
import { TURNS } from '../../bench/against/rounds.ts';
import { freePort } from '../support/servers/processes.ts';

/** Maximum CPU time per request of server and database, as a multiple of the baseline's. */
const MAX_GROWTH = 1.15;
const ROUNDS = 5;

/** The paths that are read once need a restart in each round, and are for the table of `npm run bench`. */
const paths = BENCH_PATHS.filter(({ ends }) => ends !== 'fresh');

describe.skipIf(process.platform !== 'linux')('CPU time per request, compared with bench/baseline (on Linux)', () => {
  let compared: readonly ComparedPath[];
  let failures: readonly string[];

  beforeAll(async () => {
    const comparison = await compareWith({
      ref: readBaseline(),
      paths,
      pinnings: ['one'],
      connections: [4],
      rounds: ROUNDS,
      seconds: undefined,
      warmUp: 5,
      withStarts: false,
      ports: [await freePort(), await freePort()],
      progress: () => {},
    });
    printComparison(comparison);
    compared = comparison.paths;
    failures = findFailures(comparison);
  }, 2_400_000);

  it('all paths succeed', () => {
    expect(failures).toEqual([]);
  });

  it.each(paths.map(({ name }) => name))('%s takes at most 1.15 times as much', (name) => {
    const { pairs = [] } = compared.find(({ path }) => path === name) ?? {};
    expect(pairs).toHaveLength(ROUNDS * TURNS);
    expect(toRatio(pairs, cpuTime).median).toBeLessThanOrEqual(MAX_GROWTH);
  });

  it('a DSTU2 page takes at most 1.5 times the CPU time of the same page in R4', () => {
    const [cost] = dstu2Costs(compared);
    expect(cost?.cost).toBeLessThanOrEqual(MAX_DSTU2_COST);
  });
});
