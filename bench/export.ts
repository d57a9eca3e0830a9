import { createBackendTokenSource } from './backend-app.ts';
import { type BenchEnvironment, ORIGIN } from './environment.ts';
import { R4 } from './fhir.ts';
import { growPractice, withGrowConnection } from './grow-database.ts';
import { ROUNDS } from './in-turns.ts';
import { type LoadRate, perRequest } from './load.ts';
import type { CopyResult } from './raw-copy.ts';
import type { Measurement, RatePair } from './table.ts';

/** Number of patients, who have 20 resources each. */
const PATIENTS = Number(process.env['BENCH_PATIENTS'] ?? 2500);

interface ExportRound {
  readonly bytes: number;
  readonly created: LoadRate;
  readonly fetched: LoadRate;
  readonly copiedBack: LoadRate;
  readonly copied: LoadRate;
}

/**
 * Measures an export of all patients, from the start of processing until its files are ready, and the download of the
 * files. The reference is COPY of the same rows by the same process: out of the database, and out and back into it,
 * which is where exports are stored.
 */
export async function measureExport(world: BenchEnvironment): Promise<readonly Measurement[]> {
  await withGrowConnection(world.databaseUrl, (db) => growPractice(db, 1, PATIENTS));
  const token = await createBackendTokenSource(world);
  await measureRound(world, token);
  const rounds: ExportRound[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measureRound(world, token));
  const bytes = rounds.at(-1)?.bytes ?? 0;
  const pairs = (which: 'created' | 'fetched', against: 'copiedBack' | 'copied'): readonly RatePair[] =>
    rounds.map((round) => [round[which], round[against]]);
  return [
    { name: 'export made', bytes, reference: 'COPY out, and in', goal: 0.5, pairs: pairs('created', 'copiedBack') },
    { name: 'export made', bytes, reference: 'COPY out', pairs: pairs('created', 'copied') },
    { name: 'its files fetched', bytes, reference: 'COPY out', pairs: pairs('fetched', 'copied') },
  ];
}

async function measureRound({ meter }: BenchEnvironment, token: () => Promise<string>): Promise<ExportRound> {
  const headers = { authorization: `Bearer ${await token()}`, accept: 'application/fhir+json' };
  const request = { headers: { ...headers, prefer: 'respond-async' } };
  const job = (await fetchOk(`${R4}/Patient/$export`, request)).headers.get('content-location') ?? '';
  /** @param work returns the number of resources that it processed */
  const timed = async (work: () => Promise<number>): Promise<LoadRate> => {
    const before = meter();
    const begun = performance.now();
    const count = await work();
    const seconds = (performance.now() - begun) / 1000;
    return { perSecond: count / seconds, sample: '', each: perRequest(before, meter(), count) };
  };
  let output: readonly { readonly url: string; readonly count: number }[] = [];
  const created = await timed(async () => {
    await fetchOk(`${ORIGIN}/export-on`, { method: 'POST' });
    output = JSON.parse(await (await fetchOk(job, { headers })).text()).output;
    return output.reduce((sum, { count }) => sum + count, 0);
  });
  let bytes = 0;
  const fetched = await timed(async () => {
    for (const { url } of output)
      for await (const part of (await fetchOk(url, { headers })).body ?? []) bytes += part.length;
    return output.reduce((sum, { count }) => sum + count, 0);
  });
  await fetchOk(job, { method: 'DELETE', headers });
  const copiedBack = await timed(async () => (await runCopy('/raw-copy/out-and-in')).rows);
  const copied = await timed(async () => (await runCopy('/raw-copy/out')).rows);
  return { bytes, created, fetched, copiedBack, copied };
}

const runCopy = async (path: string): Promise<CopyResult> =>
  JSON.parse(await (await fetchOk(`${ORIGIN}${path}`, { method: 'POST' })).text());

async function fetchOk(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}
