import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { generatePopulation } from '../src/sandbox/index.ts';
import type { BenchEnvironment } from './environment.ts';
import { ROUNDS } from './in-turns.ts';
import type { LoadRate } from './load.ts';
import type { LoadJob, LoadResult } from './loader.ts';
import type { Measurement, RatePair } from './table.ts';

/** Number of patients, who have about 650 resources each. */
const PATIENTS = 15;

/** How a file is loaded, and the target rate in resources per second when it is new. */
interface LoadMode {
  readonly name: string;
  readonly validation: LoadJob['validation'];
  readonly goalPerSecond: number;
}
const LOAD_MODES: readonly LoadMode[] = [
  { name: 'load', validation: 'off', goalPerSecond: 3000 },
  { name: 'validated load', validation: 'warn', goalPerSecond: 1000 },
];

/**
 * Measures `load` of generated patients, new and again unchanged, compared with PostgreSQL alone: the same finished
 * rows copied into tables with the same indexes, in one statement each. Once without validation, once validated against
 * R4.
 */
export async function measureLoading(world: BenchEnvironment): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-load-'));
  const loader = startLoader(world);
  try {
    const rows = LOAD_MODES.map((mode) => ({ way: mode, bytes: 0, fresh: [] as RatePair[], again: [] as RatePair[] }));
    // The first round isn't counted, because it includes compilation and planning.
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const row of rows) {
        const file = path.join(folder, `${row.way.validation}-${round}.ndjson`);
        row.bytes = await write(file, `bench ${row.way.validation} ${round}`);
        const before = await lastRecord(world);
        const fresh = await runLoader(world, loader, { ...row.way, file });
        const copied = await copyRows(world, before);
        const again = await runLoader(world, loader, { ...row.way, file });
        if (round === 0) continue;
        row.fresh.push([fresh, copied]);
        row.again.push([again, copied]);
      }
    }
    const reference = 'rows copied';
    return rows.flatMap(({ way: { name, goalPerSecond }, bytes, fresh, again }) => [
      { name: `${name}, new`, bytes, reference, goalPerSecond, pairs: fresh },
      { name: `${name}, unchanged`, bytes, reference, pairs: again },
    ]);
  } finally {
    loader.input.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface LoaderProcess {
  readonly input: Writable;
  /** The loader's answers, one line for each request. */
  readonly output: AsyncIterator<string>;
}

/** Starts the loader on the server's core, which is idle meanwhile, with the options of the command line. */
function startLoader({ databaseUrl, pinned }: BenchEnvironment): LoaderProcess {
  const program = [process.execPath, '--max-semi-space-size=64', path.join(import.meta.dirname, 'loader.ts')];
  const [command = '', ...rest] = pinned ? ['taskset', '-c', '0', ...program] : program;
  const { stdin, stdout } = spawn(command, rest, {
    env: { DATABASE_URL: databaseUrl },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return { input: stdin, output: createInterface(stdout)[Symbol.asyncIterator]() };
}

/** @returns average size of a resource in bytes */
async function write(file: string, seed: string): Promise<number> {
  let [size, count] = [0, 0];
  const lines = function* () {
    for (const resource of generatePopulation(seed, PATIENTS)) {
      const line = `${JSON.stringify(resource)}\n`;
      size += line.length;
      count += 1;
      yield line;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
  return Math.round(size / count);
}

async function runLoader(
  { meter }: BenchEnvironment,
  { input, output: results }: LoaderProcess,
  { file, validation }: LoadJob,
): Promise<LoadRate> {
  const before = meter();
  input.write(`${JSON.stringify({ file, validation } satisfies LoadJob)}\n`);
  const { value: line } = await results.next();
  const after = meter();
  const { count, seconds, spent }: LoadResult = JSON.parse(String(line));
  const database = before === undefined || after === undefined ? undefined : after.database - before.database;
  const each = database === undefined ? undefined : { server: spent / count, database: database / count };
  return { perSecond: count / seconds, sample: '', each };
}

const lastRecord = async ({ db }: BenchEnvironment): Promise<string> => {
  const [row] = await db.queryText<{ at: string }>('select clock_timestamp()::text as at', []);
  return row?.at ?? '';
};

/**
 * Copies rows within PostgreSQL.
 * @param since copies the rows that were loaded after this time
 */
async function copyRows({ db, meter }: BenchEnvironment, since: string): Promise<LoadRate> {
  await db.queryText('create table copy_of_resource (like resource including all)', []);
  await db.queryText('create table copy_of_conversion (like conversion including all)', []);
  const begun = performance.now();
  const before = meter();
  const rows = await db.queryText<{ n: number }>(
    `with copied as (insert into copy_of_resource select * from resource where last_updated > $1::timestamptz returning 1)
     select count(*)::int as n from copied`,
    [since],
  );
  await db.queryText(
    `insert into copy_of_conversion select c.* from conversion c
     join resource r on r.record_id = c.record_id and r.type = c.type and r.id = c.id where r.last_updated > $1::timestamptz`,
    [since],
  );
  const after = meter();
  const seconds = (performance.now() - begun) / 1000;
  await db.queryText('drop table copy_of_resource, copy_of_conversion', []);
  const count = rows[0]?.n ?? 0;
  const database = before === undefined || after === undefined ? undefined : after.database - before.database;
  return {
    perSecond: count / seconds,
    sample: '',
    each: database === undefined ? undefined : { server: 0, database: database / count },
  };
}
