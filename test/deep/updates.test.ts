import { afterAll, beforeAll, expect, it } from 'vitest';
import { projections } from '../../src/fhir/index.ts';
import { feedToken, makeBundle, putEntry, sendBundle } from '../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../support/fhir/fhir-server.ts';
import { seededRandom } from '../support/fuzzing/seeded-random.ts';
import { until } from '../support/runs/until.ts';

const PATIENTS = 6;
const RESOURCES = 3000;
const BUNDLE = 50;
const UPDATES = RESOURCES;

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir({ projections });
});
afterAll(() => server.close());

const patient = (id: number) => ({
  resourceType: 'Patient',
  id: `p${id}`,
  name: [{ family: `Name ${id}` }],
  gender: 'female',
  birthDate: '1980-02-03',
});
const observation = (id: number, value: number) => ({
  resourceType: 'Observation',
  id: `o${id}`,
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: `${2000 + (id % 50)}-7` }], text: 'Laboratory value' },
  subject: { reference: `Patient/p${id % PATIENTS}` },
  effectiveDateTime: `2026-01-${String(1 + (id % 28)).padStart(2, '0')}T03:04:05Z`,
  valueQuantity: { value, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  note: [{ text: 'A comment of the laboratory. '.repeat(12) }],
});

it('after as many updates as there are resources, the table and its indexes are at most 1.3 times their size', {
  timeout: 240_000,
}, async () => {
  const { db } = server;
  const token = await feedToken(server);
  const send = async (entries: readonly ReturnType<typeof putEntry>[]) => {
    const { statusCode } = await sendBundle(server, token, makeBundle('batch', ...entries));
    expect(statusCode).toBe(200);
  };
  const all = Array.from({ length: RESOURCES }, (_, id) => id);
  await send(all.slice(0, PATIENTS).map((id) => putEntry(patient(id))));
  for (let at = 0; at < RESOURCES; at += 500)
    await send(all.slice(at, at + 500).map((id) => putEntry(observation(id, 1))));
  await db.queryText('vacuum analyze resource', []);
  const size = async () =>
    (await db.queryText<{ bytes: number }>("select pg_total_relation_size('resource') as bytes", []))[0]?.bytes ?? 0;
  const fresh = await size();

  const pick = seededRandom(1);
  let dead = 0;
  const due = await vacuumThreshold();
  for (let done = 0; done < UPDATES; done += BUNDLE) {
    const ids = new Set<number>();
    while (ids.size < BUNDLE) ids.add(pick.below(RESOURCES));
    await send([...ids].map((id) => putEntry(observation(id, done + 2))));
    dead += BUNDLE;
    // Autovacuum comes too seldom for a test. This is what it does.
    if (dead > due) {
      await db.queryText('vacuum resource', []);
      dead = 0;
    }
  }
  expect((await size()) / fresh).toBeLessThan(1.3);
  // The version of a record isn't in an index, so its change needs no new entries there.
  const { all: updates, hot } = await countUpdates('record');
  expect(hot / updates).toBeGreaterThan(0.9);
});

/** Number of dead rows at which autovacuum begins, by the settings of the table. */
async function vacuumThreshold(): Promise<number> {
  const [row] = await server.db.queryText<{ rows: number }>(
    `select (50 + $1 * coalesce((select option_value from pg_class c, pg_options_to_table(c.reloptions)
       where c.oid = 'resource'::regclass and option_name = 'autovacuum_vacuum_scale_factor'),
       current_setting('autovacuum_vacuum_scale_factor'))::float8)::int4 as rows`,
    [RESOURCES],
  );
  return row?.rows ?? 0;
}

/** Waits until PostgreSQL has counted the updates of a table. `hot`: those that needed no new entries in indexes. */
async function countUpdates(table: string): Promise<{ readonly all: number; readonly hot: number }> {
  const read = async () =>
    (
      await server.db.queryText<{ all: number; hot: number }>(
        'select n_tup_upd as all, n_tup_hot_upd as hot from pg_stat_user_tables where relname = $1',
        [table],
      )
    )[0];
  await until(async () => ((await read())?.all ?? 0) >= UPDATES / BUNDLE);
  const found = await read();
  if (found === undefined) throw new Error(`${table} has no statistics`);
  return found;
}
