import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { population } from '../src/sandbox/index.ts';
import type { Rate } from './load.ts';
import type { LoadTold } from './loader.ts';
import type { Measured, Pair } from './table.ts';
import { ROUNDS } from './turns.ts';
import type { World } from './world.ts';

/** Some 650 resources each. */
const PEOPLE = 15;

/**
 * `load` of made-up people, new and once more unchanged, held against PostgreSQL alone: the same finished rows copied into
 * tables with the same indexes, one statement each. Without validation.
 */
export async function measureLoading(world: World): Promise<readonly Measured[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-load-'));
  const loader = startLoader(world);
  try {
    const pairs: { fresh: Pair[]; again: Pair[] } = { fresh: [], again: [] };
    let bytes = 0;
    // The first is not counted: what is compiled and planned stays so.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const file = path.join(folder, `${round}.ndjson`);
      bytes = await write(file, `bench ${round}`);
      const before = await lastRecord(world);
      const fresh = await loaded(world, loader, file);
      const copied = await copy(world, before);
      const again = await loaded(world, loader, file);
      if (round === 0) continue;
      pairs.fresh.push([fresh, copied]);
      pairs.again.push([again, copied]);
    }
    const reference = 'rows copied';
    return [
      { name: 'load, new', bytes, reference, pairs: pairs.fresh },
      { name: 'load, unchanged', bytes, reference, pairs: pairs.again },
    ];
  } finally {
    loader.stdin?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** On the core that the server has, which is idle meanwhile. */
function startLoader({ databaseUrl, pinned }: World): ChildProcess {
  const program = [process.execPath, path.join(import.meta.dirname, 'loader.ts')];
  const [command = '', ...rest] = pinned ? ['taskset', '-c', '0', ...program] : program;
  return spawn(command, rest, { env: { DATABASE_URL: databaseUrl }, stdio: ['pipe', 'pipe', 'inherit'] });
}

/** @returns bytes of the average resource */
async function write(file: string, seed: string): Promise<number> {
  let [size, count] = [0, 0];
  const lines = function* () {
    for (const resource of population(seed, PEOPLE)) {
      const line = `${JSON.stringify(resource)}\n`;
      size += line.length;
      count += 1;
      yield line;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
  return Math.round(size / count);
}

async function loaded({ meter }: World, loader: ChildProcess, file: string): Promise<Rate> {
  const { stdin, stdout } = loader;
  if (stdin === null || stdout === null) throw new Error('the loader has no pipes');
  const before = meter();
  stdin.write(`${file}\n`);
  const [line] = await once(createInterface(stdout), 'line');
  const after = meter();
  const { count, seconds, spent }: LoadTold = JSON.parse(String(line));
  const database = before === undefined || after === undefined ? undefined : after.database - before.database;
  const each = database === undefined ? undefined : { server: spent / count, database: database / count };
  return { perSecond: count / seconds, sample: '', each };
}

const lastRecord = async ({ db }: World): Promise<string> => {
  const [row] = await db.queryText<{ at: string }>('select clock_timestamp()::text as at', []);
  return row?.at ?? '';
};

/** What was loaded since, as PostgreSQL copies it by itself. */
async function copy({ db, meter }: World, since: string): Promise<Rate> {
  await db.queryText('create table copy_of_resource (like resource including all)', []);
  await db.queryText('create table copy_of_projection (like projection including all)', []);
  const begun = performance.now();
  const before = meter();
  const rows = await db.queryText<{ n: number }>(
    `with copied as (insert into copy_of_resource select * from resource where last_updated > $1::timestamptz returning 1)
     select count(*)::int as n from copied`,
    [since],
  );
  await db.queryText(
    `insert into copy_of_projection select p.* from projection p
     join resource r on r.record_id = p.record_id and r.type = p.type and r.id = p.id where r.last_updated > $1::timestamptz`,
    [since],
  );
  const after = meter();
  const seconds = (performance.now() - begun) / 1000;
  await db.queryText('drop table copy_of_resource, copy_of_projection', []);
  const count = rows[0]?.n ?? 0;
  const database = before === undefined || after === undefined ? undefined : after.database - before.database;
  return {
    perSecond: count / seconds,
    sample: '',
    each: database === undefined ? undefined : { server: 0, database: database / count },
  };
}
