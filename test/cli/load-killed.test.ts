import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type Database, openDatabase, startEmbedded } from '../../src/database/index.ts';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { postmasterOf, temporaryFolder } from '../support/database/folders.ts';
import { identities } from '../support/database/identities.ts';
import { SHARED_MEDICATION, samplePatient, samplePatientId } from '../support/fhir/sample-patients.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';
import { COMPILE_CACHE } from '../support/servers/processes.ts';

const PROGRAM = fileURLToPath(new URL('../support/database/load-program.ts', import.meta.url));

const DEEP = process.env['DEEP'] === '1';

/** The share of the load that is done at each kill. The second kill also hits the database. */
const KILLS = DEEP ? [0.25, 0.5, 0.8] : [0.25, 0.5];

/** Each patient has a different number of observations, so a partial record cannot look like another complete one. */
const SIZES = Array.from({ length: DEEP ? 48 : 24 }, (_, n) => 20 + (n % 9));
const PATIENTS = SIZES.map((observations, n) => samplePatient(n, observations));
const inBundle = (n: number): boolean => n % 3 === 0;
const TOTAL = PATIENTS.flat().length;

/**
 * Returns how many resources of a patient may be stored after a kill: all of the patient's Bundle, or those of whole
 * passes over the NDJSON lines.
 */
const allowed = new Map(
  PATIENTS.map(({ length }, n) => [samplePatientId(n), inBundle(n) ? [length] : [1, length - 1, length]] as const),
);

/** Each Bundle has one person. The NDJSON lines have the others. */
function writeInput(folder: string): readonly string[] {
  const onLines = [...PATIENTS.filter((_, n) => !inBundle(n)).flat(), SHARED_MEDICATION];
  const texts = PATIENTS.flatMap((life, n): readonly (readonly [string, string])[] => {
    const entry = life.map((resource) => ({ resource }));
    return inBundle(n)
      ? [[`life-${n}.json`, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry })]]
      : [];
  });
  const all = [...texts, ['lives.ndjson', onLines.map((one) => JSON.stringify(one)).join('\n')] as const];
  return all.map(([name, text]) => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  });
}

/**
 * Loads until this many resources are reported as done, and kills the process. @returns how many were reported by then
 */
async function loadUntilKilled(dataDir: string, files: readonly string[], until: number): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, dataDir, ...files], {
    env: COMPILE_CACHE,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise((resolve) => child.once('close', resolve));
  let lastCount = 0;
  for await (const line of createInterface(child.stdout)) {
    const event = JSON.parse(line) as { done?: number; report?: object };
    if (event.report !== undefined) throw new Error('it was done before it was killed');
    lastCount = event.done ?? lastCount;
    if (lastCount >= until) child.kill('SIGKILL');
  }
  await ended;
  return lastCount;
}

const embedded = async <Result>(dataDir: string, work: (db: Database) => Promise<Result>) => {
  const running = await startEmbedded({ dataDir, serving: false });
  const db = openDatabase(running.connection, 1);
  return work(db).finally(async () => {
    await db.close();
    await running.stop();
  });
};

/** Everything that is stored about each patient, without record numbers and times, which differ from run to run. */
const STATE = `
  with named as (select record_id, practice_id, patient_id from record)
  select n.patient_id::text as patient, jsonb_build_object(
    'demographics', (select jsonb_agg(to_jsonb(d) - 'record_id') from demographics d where d.record_id = n.record_id),
    'keys', (select jsonb_agg(to_jsonb(k) - 'record_id' order by k.value) from record_key k where k.record_id = n.record_id),
    'resources', (select jsonb_agg(to_jsonb(r) - 'record_id' - 'last_updated' || jsonb_build_object(
        'content', regexp_replace(r.content, '"lastUpdated":"[^"]*"', ''), 'converted', r.converted is not null) order by r.type, r.id)
      from resource r where r.record_id = n.record_id),
    'history', (select count(*) from resource_history h where h.record_id = n.record_id),
    'conversions', (select jsonb_agg(to_jsonb(c) - 'record_id'
        || jsonb_build_object('difference', c.difference is not null) order by c.name, c.type, c.id)
      from conversion c where c.record_id = n.record_id),
    'documents', (select jsonb_agg(to_jsonb(o) - 'record_id' order by o.id) from document o where o.record_id = n.record_id)
  )::text as state
  from named n order by 1`;

async function stateIn(db: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await db.queryText<{ patient: string; state: string }>(STATE, []);
  return new Map(rows.map(({ patient, state }) => [patient, state]));
}

async function countsIn(db: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await db.queryText<{ patient: string; count: number }>(
    `select o.patient_id::text as patient, count(r.id)::int as count from record o
     left join resource r on r.record_id = o.record_id and r.type <> 'Medication' group by 1`,
    [],
  );
  return new Map(rows.map(({ patient, count }) => [patient, count]));
}

const undisturbed = cliDatabase();
const newDataFolder = copyDataFolders(identities()[0]);

it('a load that is killed retains what it reported, stores nothing partly, and continues when it is started again', {
  timeout: 120_000,
}, async () => {
  const input = temporaryFolder();
  const files = writeInput(input);
  expect(await undisturbed.print(['load', input])).toMatchObject({ code: 0 });
  const whole = await stateIn(undisturbed.db());
  expect(whole.size).toBe(PATIENTS.length);

  const killed = newDataFolder();
  const command = (...args: readonly string[]) => runCli(args, { DATA_DIR: killed, SANDBOX: 'off' });
  await command('practices', 'list');
  let reported = 0;
  for (const [round, part] of KILLS.entries()) {
    reported = await loadUntilKilled(killed, files, TOTAL * part);
    const database = postmasterOf(killed);
    if (round === 1 && database !== undefined) process.kill(database, 'SIGKILL');
    const counts = await embedded(killed, countsIn);
    const stored = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(stored).toBeGreaterThanOrEqual(reported);
    expect(stored).toBeLessThan(TOTAL);
    for (const [patient, count] of counts) expect(allowed.get(patient)).toContain(count);
  }

  const last = await command('load', input);
  expect(last.code).toBe(0);
  const [, there] = /(\d+) skipped, because they are already stored/.exec(last.out) ?? [];
  expect(Number(there)).toBeGreaterThanOrEqual(reported);
  expect(await embedded(killed, stateIn)).toEqual(whole);
});
