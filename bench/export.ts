import { backendOver } from './backend.ts';
import { R4 } from './fhir.ts';
import { growing, growPractice } from './grow.ts';
import { eachOf, type Rate } from './load.ts';
import type { Copied } from './raw-copy.ts';
import type { Measured, Pair } from './table.ts';
import { ROUNDS } from './turns.ts';
import { ORIGIN, type World } from './world.ts';

/** Patients with 20 resources each. */
const PATIENTS = Number(process.env['BENCH_PATIENTS'] ?? 2500);

/** Results of one round. */
interface Round {
  readonly bytes: number;
  readonly created: Rate;
  readonly fetched: Rate;
  readonly copiedBack: Rate;
  readonly copied: Rate;
}

/**
 * Measures an export of all patients, from the start of processing until its files are ready, and the download of the
 * files. The reference is COPY of the same rows by the same process: out of the database, and out and back into it,
 * which is where exports are stored.
 */
export async function measureExport(world: World): Promise<readonly Measured[]> {
  await growing(world.databaseUrl, (db) => growPractice(db, 1, PATIENTS));
  const token = await backendOver(world);
  await roundOf(world, token);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await roundOf(world, token));
  const bytes = rounds.at(-1)?.bytes ?? 0;
  const pairs = (which: 'created' | 'fetched', against: 'copiedBack' | 'copied'): readonly Pair[] =>
    rounds.map((round) => [round[which], round[against]]);
  return [
    { name: 'export made', bytes, reference: 'COPY out, and in', goal: 0.5, pairs: pairs('created', 'copiedBack') },
    { name: 'export made', bytes, reference: 'COPY out', pairs: pairs('created', 'copied') },
    { name: 'its files fetched', bytes, reference: 'COPY out', pairs: pairs('fetched', 'copied') },
  ];
}

async function roundOf({ meter }: World, token: () => Promise<string>): Promise<Round> {
  const headers = { authorization: `Bearer ${await token()}`, accept: 'application/fhir+json' };
  const request = { headers: { ...headers, prefer: 'respond-async' } };
  const job = (await answered(`${R4}/Patient/$export`, request)).headers.get('content-location') ?? '';
  /** @param work returns the number of resources that it processed */
  const timed = async (work: () => Promise<number>): Promise<Rate> => {
    const before = meter();
    const begun = performance.now();
    const count = await work();
    const seconds = (performance.now() - begun) / 1000;
    return { perSecond: count / seconds, sample: '', each: eachOf(before, meter(), count) };
  };
  let output: readonly { readonly url: string; readonly count: number }[] = [];
  const created = await timed(async () => {
    await answered(`${ORIGIN}/export-on`, { method: 'POST' });
    output = JSON.parse(await (await answered(job, { headers })).text()).output;
    return output.reduce((sum, { count }) => sum + count, 0);
  });
  let bytes = 0;
  const fetched = await timed(async () => {
    for (const { url } of output)
      for await (const part of (await answered(url, { headers })).body ?? []) bytes += part.length;
    return output.reduce((sum, { count }) => sum + count, 0);
  });
  await answered(job, { method: 'DELETE', headers });
  const copiedBack = await timed(async () => (await copiedBy('/raw-copy/out-and-in')).rows);
  const copied = await timed(async () => (await copiedBy('/raw-copy/out')).rows);
  return { bytes, created, fetched, copiedBack, copied };
}

const copiedBy = async (path: string): Promise<Copied> =>
  JSON.parse(await (await answered(`${ORIGIN}${path}`, { method: 'POST' })).text());

async function answered(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}
