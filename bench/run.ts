// Measures what bearer check, compartment and audit cost: each hot path as a ratio to the same work or the same bytes
// without them, measured in turns within one run. Absolute figures depend on the machine, ratios don't.
//   npm run bench                    everything
//   npm run bench -- fhir            only reads and pages; likewise `tokens`, `everything`, `export`
//   npm run bench -- load            the loader, new and unchanged, with and without validation; targets per second (/s)
//   npm run bench -- --large         pages of a large practice and of a large record
//   npm run bench -- --storage       bytes per resource of each table, index and column, as docs/performance.md describes
//   npm run bench -- --buffers       what each kind of request reads in the database of DATABASE_URL: docs/capacity.md
//   npm run bench -- --capacity      the tables of docs/capacity.md, computed from bench/capacity/constants.json
//   npm run bench -- --scale         the same for docs/scale.md
//   npm run bench -- --memory        memory at rest, during an hour of load, and after it; see docs/performance.md
//   npm run bench -- --feeds [REF]  several feeds to one practice, as docs/performance.md describes
//   npm run bench -- --citus [PATHS] a distributed database compared with one PostgreSQL, on the cluster of TEST_CITUS_URL
//   npm run bench -- --against REF   the working tree compared with a git ref, as docs/performance.md describes

import { runAgainst } from './against/run-against.ts';
import { runSustainedLoad } from './against/sustained-load.ts';
import { runBuffers } from './buffers/run-buffers.ts';
import { makeCapacityTables } from './capacity/capacity-tables.ts';
import { makeScaleTables } from './capacity/scale-tables.ts';
import { runCitus } from './citus.ts';
import { type BenchEnvironment, openBenchEnvironment } from './environment.ts';
import { measureEverything } from './everything.ts';
import { measureExport } from './export.ts';
import { runFeeds } from './feeds.ts';
import { measureFhir } from './fhir.ts';
import { ROUNDS, SECONDS } from './in-turns.ts';
import { measureLarge } from './large.ts';
import { measureLoading } from './loading.ts';
import { runStorageSize } from './storage-size.ts';
import { type Measurement, printTable } from './table.ts';
import { measureTokens } from './tokens.ts';

const SUITES: Readonly<Record<string, (world: BenchEnvironment) => Promise<readonly Measurement[]>>> = {
  fhir: measureFhir,
  everything: measureEverything,
  export: measureExport,
  tokens: measureTokens,
  load: measureLoading,
  '--large': measureLarge,
};
const args = process.argv.slice(2);
if (args.some((arg) => /^--against(=|$)/.test(arg))) process.exitCode = await runAgainst(args, SECONDS, ROUNDS);
else if (args[0] === '--citus') process.exitCode = await runCitus(args[1], SECONDS, ROUNDS);
else if (args[0] === '--feeds') await runFeeds(args[1], ROUNDS);
else if (args[0] === '--storage') await runStorageSize();
else if (args[0] === '--buffers') process.exitCode = await runBuffers();
else if (args[0] === '--capacity') process.stdout.write(`${Object.values(makeCapacityTables()).join('\n\n')}\n`);
else if (args[0] === '--scale') process.stdout.write(`${Object.values(makeScaleTables()).join('\n\n')}\n`);
else if (args[0] === '--memory')
  process.exitCode = await runSustainedLoad({
    minutes: numberFrom('BENCH_MINUTES', 60),
    pause: numberFrom('BENCH_PAUSE', 10),
    connections: numberFrom('BENCH_CONNECTIONS', 16),
  });
else await runSuites(args.length === 0 ? ['fhir', 'tokens', 'everything', 'export', 'load'] : args);

function numberFrom(name: string, standard: number): number {
  return Number(process.env[name] ?? standard);
}

async function runSuites(suites: readonly string[]): Promise<void> {
  const unknown = suites.find((name) => SUITES[name] === undefined);
  if (unknown !== undefined) throw new Error(`${unknown} is none of ${Object.keys(SUITES).join(', ')}`);
  const world = await openBenchEnvironment();
  try {
    process.stdout.write(
      world.pinned ? 'Server on one core, PostgreSQL and load on the other.\n' : 'Processes are not pinned.\n',
    );
    for (const name of suites) printTable((await SUITES[name]?.(world)) ?? []);
  } finally {
    await world.close();
  }
}
