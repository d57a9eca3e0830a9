import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../src/config/index.ts';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { workingTree } from '../against/checkout.ts';
import { type NpmServer, startWithNpm } from '../against/npm-server.ts';
import { createBackendTokenSource } from '../backend-app.ts';
import { ORIGIN } from '../environment.ts';
import { R4 } from '../fhir.ts';
import { median, printColumns } from '../table.ts';
import { listMeasuredPaths, type MeasuredPath } from './measured-paths.ts';
import { type MeasuredPractice, prepareMeasuredPractice } from './measured-practice.ts';
import {
  type CountedStatement,
  readStatementCounts,
  requireStatementCounts,
  type StatementCounts,
  subtractCounts,
  sumCounts,
} from './statement-counts.ts';

/** Requests before the measured ones. A connection plans a statement each time in its first five executions. */
const WARM_UP = 30;
/** Batches of requests. A batch in which other work of the server ran differs from the median. */
const BATCHES = 5;
const BATCH = 8;
/** Bounds of a start. */
const START = { seconds: 3, buffers: 1000 };
/** Seconds for which an export is measured. */
const EXPORT_SECONDS = 20;

/**
 * Measures how much of a database each kind of request reads: pages of 8 kB and milliseconds of all its statements. It
 * measures the database of DATABASE_URL as it is, and adds accounts and apps to it.
 * @returns the exit code: 1 if a path exceeds its bound
 */
export async function runBuffers(): Promise<number> {
  const url = process.env['DATABASE_URL'];
  if (url === undefined) throw new Error('Set DATABASE_URL to the database to measure.');
  const db = openDatabase({ connectionString: url }, 2, 0);
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-buffers-'));
  const start = () => startServer(url, path.join(folder, 'server.log'));
  try {
    await requireStatementCounts(db);
    const practice = await prepareMeasuredPractice(db, readConfig({}));
    await printSize(db, practice);
    const rows = [await measureStart(db, start)];
    const server = await start();
    try {
      await server.listening;
      for (const one of await listMeasuredPaths(db, practice)) rows.push(await measurePath(db, one));
      printRows(rows);
      await measureExport(db, practice);
    } finally {
      await server.stop();
    }
    return rows.some(({ exceeds }) => exceeds) ? 1 : 0;
  } finally {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const startServer = async (databaseUrl: string, log: string): Promise<NpmServer> =>
  startWithNpm(
    workingTree(),
    {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      DATABASE_URL: databaseUrl,
      PORT: new URL(ORIGIN).port,
      SANDBOX: 'off',
      LOG_LEVEL: 'silent',
      FHIR_REQUESTS_PER_MINUTE: '1000000',
    },
    log,
  );

async function printSize(db: Database, { patient }: MeasuredPractice): Promise<void> {
  const [size] = await db.queryText<{ patients: number; resources: number; bytes: number }>(
    `select (select count(*) from record)::float8 as patients, pg_database_size(current_database())::float8 as bytes,
       (select reltuples from pg_class where oid = 'resource'::regclass)::float8 as resources`,
    [],
  );
  const { patients = 0, resources = 0, bytes = 0 } = size ?? {};
  process.stdout.write(
    `${count(patients)} patients, about ${count(resources)} resources, ${count(bytes / 1e6)} MB. The measured patient has ${count(patient.resources)} resources.\n\n`,
  );
}

interface MeasuredRow {
  readonly name: string;
  readonly buffers: number;
  readonly read: number;
  readonly milliseconds: number;
  readonly bound: string;
  readonly exceeds: boolean;
  /** The start of the statement with most buffers. */
  readonly statement: string;
}

/** Measures a warm start, from the command until the server listens. */
async function measureStart(db: Database, start: () => Promise<NpmServer>): Promise<MeasuredRow> {
  const cold = await start();
  await cold.listening;
  await cold.stop();
  const before = await readStatementCounts(db);
  const server = await start();
  const { startedIn } = await server.listening;
  const statements = subtractCounts(before, await readStatementCounts(db));
  await server.stop();
  const { buffers, read } = sumCounts(statements);
  return {
    name: 'start until the server listens',
    buffers,
    read,
    milliseconds: startedIn,
    bound: `${count(START.buffers)}, ${START.seconds} s`,
    exceeds: buffers > START.buffers || startedIn > START.seconds * 1000,
    statement: statements[0]?.text ?? '',
  };
}

async function measurePath(db: Database, { name, send, remembered, ...bound }: MeasuredPath): Promise<MeasuredRow> {
  const begun = performance.now();
  // A path that takes seconds is measured with fewer requests.
  await send();
  const isSlow = performance.now() - begun > 2000;
  for (let i = 0; i < (isSlow ? 2 : WARM_UP); i += 1) await send();
  // After a pause, the server no longer remembers the result.
  const sendLater = async () => {
    await pause(remembered ?? 0);
    await send();
  };
  const batches: (StatementCounts & { readonly statements: readonly CountedStatement[] })[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const before = await readStatementCounts(db);
    const size = isSlow || remembered !== undefined ? 1 : BATCH;
    for (let i = 0; i < size; i += 1) await sendLater();
    const statements = subtractCounts(before, await readStatementCounts(db));
    const { calls, buffers, read, milliseconds } = sumCounts(statements);
    batches.push({
      statements,
      calls: calls / size,
      buffers: buffers / size,
      read: read / size,
      milliseconds: milliseconds / size,
    });
  }
  const middle = (part: 'buffers' | 'read' | 'milliseconds') => median(batches.map((one) => one[part]));
  const [buffers, milliseconds] = [middle('buffers'), middle('milliseconds')];
  const parts = [
    bound.buffers === undefined ? [] : count(bound.buffers),
    bound.milliseconds === undefined ? [] : `${bound.milliseconds} ms`,
  ];
  return {
    name,
    buffers,
    read: middle('read'),
    milliseconds,
    bound: parts.flat().join(', '),
    exceeds:
      buffers > (bound.buffers ?? Number.POSITIVE_INFINITY) ||
      milliseconds > (bound.milliseconds ?? Number.POSITIVE_INFINITY),
    statement: batches[0]?.statements[0]?.text ?? '',
  };
}

function printRows(rows: readonly MeasuredRow[]): void {
  printColumns(
    ['path', 'buffers', 'of them read', 'ms', 'bound', '', 'statement with most buffers'],
    rows.map(({ name, buffers, read, milliseconds, bound, exceeds, statement }) => [
      name,
      count(buffers),
      count(read),
      milliseconds.toFixed(1),
      bound,
      exceeds ? 'exceeded' : '',
      exceeds || process.env['BENCH_STATEMENTS'] !== undefined ? statement.replaceAll(/\s+/g, ' ').slice(0, 100) : '',
    ]),
  );
}

/** Starts an export of all patients, and measures it for some seconds. */
async function measureExport(db: Database, { practiceId }: MeasuredPractice): Promise<void> {
  const token = await (await createBackendTokenSource({ db }, [practiceId]))();
  const headers = { authorization: `Bearer ${token}`, accept: 'application/fhir+json' };
  const response = await fetch(`${R4}/Patient/$export`, { headers: { ...headers, prefer: 'respond-async' } });
  const job = response.headers.get('content-location');
  if (job === null) throw new Error(`${response.status} ${await response.text()}`);
  const before = await readStatementCounts(db);
  const readProgress = async () => {
    const [row] = await db.queryText<{ lines: number; seconds: number | null }>(
      `select (select coalesce(sum(lines), 0) from export_chunk c where c.job_id = j.job_id)::float8 as lines,
         extract(epoch from coalesce(finished_at, clock_timestamp()) - transaction_at)::float8 as seconds
       from export_job j where job_id = $1`,
      [job.split('/').at(-1)],
    );
    return { lines: row?.lines ?? 0, seconds: row?.seconds ?? 0 };
  };
  const isRunning = async () => (await fetch(job, { headers })).status === 202;
  while ((await readProgress()).seconds < EXPORT_SECONDS && (await isRunning())) await pause(1000);
  const { lines, seconds } = await readProgress();
  const { buffers } = sumCounts(subtractCounts(before, await readStatementCounts(db)));
  await fetch(job, { method: 'DELETE', headers });
  process.stdout.write(
    `\nexport: ${count(lines / seconds)} resources per second, ${(buffers / lines).toFixed(1)} buffers each\n`,
  );
}

const count = (value: number): string => Math.round(value).toLocaleString('en');
