import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createOnDemandUpgrade,
  dstu2,
  type Projection,
  projections,
  type Resource,
  refreshIndex,
  refreshProjections,
} from '../../../src/fhir/index.ts';
import { importFiles, textInput } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom as random } from '../../../src/kernel/index.ts';
import { replaceConverted } from '../../support/database/conversions.ts';
import { markAsEarlierRelease, markIndexAsEarlierRelease } from '../../support/database/earlier-release.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const NOBODY = 'f0000000-0000-4000-8000-000000000000';

const observation = (number: number, subject: string): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  category: [{ coding: [{ code: 'laboratory' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '1' }] },
  effectiveDateTime: '2024-05-01',
});
const chart = [patient(ANN, 'Ann'), patient(BOB, 'Bob'), observation(1, ANN), observation(2, ANN), observation(3, BOB)];

let server: FhirServer;
afterEach(() => server.close());

const staff = (scope = 'system/*.rs') => server.token(ANN, { practices: [1], scope, record: false, backend: 'app' });
const totalOf = async (token: string, path: string): Promise<number> => {
  const answer = await server.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().total;
};
/** Advances the clock by ten seconds, so that no cache entry is valid. */
const later = () => server.clock.set(new Date(server.clock.now().getTime() + 10_000));

describe('records that an earlier release indexed', () => {
  beforeEach(async () => {
    server = await startFhir({ upkeep: true });
    await server.load(chart);
    // Makes the rows look like those of an earlier release: without index values and without their practice.
    await server.db.queryText(
      `update resource set indexed_by = 0, flags = '{}', codes = '{}', dates = '{}', practice_id = null`,
      [],
    );
    await markIndexAsEarlierRelease(server.db);
  });

  it('are indexed before they are searched, each when it is requested', async () => {
    expect(await totalOf(await server.token(ANN), '/Observation?category=laboratory')).toBe(2);
    const left = await server.db.queryText<{ patient_id: string }>(
      'select patient_id::text from record where indexed_by < 5',
      [],
    );
    expect(left).toEqual([{ patient_id: BOB }]);
  });

  it('make a search over all of them 503 until they are indexed, while a search for one patient works', async () => {
    const token = await staff();
    const answer = await server.get(token, '/Observation?category=laboratory');
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'transient' }] });
    expect(await totalOf(token, `/Observation?category=laboratory&patient=${BOB}`)).toBe(1);
    expect(await refreshIndex(server.db)).toBeGreaterThan(0);
    later();
    expect(await totalOf(token, '/Observation?category=laboratory')).toBe(3);
  });

  it('are found by what every release indexes: ids and last-updated times', async () => {
    const token = await staff();
    expect(await totalOf(token, '/Observation?_lastUpdated=ge2000-01-01')).toBe(3);
    expect(await totalOf(token, '/Observation?_lastUpdated=ge2000-01-01&_sort=_lastUpdated')).toBe(3);
    expect(await totalOf(token, `/Observation?_id=${id(1)}`)).toBe(1);
    expect(await totalOf(token, '/Observation')).toBe(3);
  });

  it('are indexed by several processes at once, each row once, and resumed where one was stopped', async () => {
    let looked = 0;
    const stopped = () => {
      looked += 1;
      return looked > 2;
    };
    const upkeep = createOnDemandUpgrade(server.db, server.clock, []);
    await upkeep.upgradeAll({ stopped });
    const [{ behind = 0 } = {}] = await server.db.queryText<{ behind: number }>(
      'select count(*)::int as behind from record where indexed_by < 5',
      [],
    );
    expect(behind).toBeGreaterThan(0);
    const made = await Promise.all([refreshIndex(server.db), refreshIndex(server.db)]);
    expect(made[0] + made[1]).toBeGreaterThan(0);
    expect(await refreshIndex(server.db)).toBe(0);
    const rows = await server.db.queryText<{ practice_id: number }>('select distinct practice_id from resource', []);
    expect(rows).toEqual([{ practice_id: 1 }]);
    later();
    expect(await totalOf(await staff(), '/Observation?category=laboratory')).toBe(3);
  });
});

describe('records of this release', () => {
  beforeEach(async () => {
    server = await startFhir({ upkeep: true });
    await server.load(chart);
  });

  it('are out of date as soon as a process of the previous release writes to them, and not before', async () => {
    expect(await refreshIndex(server.db)).toBe(0);
    const token = await staff();
    expect(await totalOf(token, '/Observation?category=laboratory')).toBe(3);
    await server.db.queryText(
      `insert into resource (record_id, type, id, version, last_updated, digest, content, indexed_by)
       select record_id, type, $1::uuid, 1, last_updated, digest, replace(content, id::text, ($1::uuid)::text), 4
       from resource where id = $2::uuid`,
      [id(9), id(3)],
    );
    later();
    expect(await totalOf(token, '/Observation?_lastUpdated=ge2000-01-01')).toBe(4);
    expect(await refreshIndex(server.db)).toBe(1);
    later();
    expect(await totalOf(token, '/Observation?category=laboratory')).toBe(4);
    expect(await totalOf(token, '/Observation?_sort=-_lastUpdated')).toBe(4);
  });

  it('are at the current index version when they are loaded', async () => {
    await refreshIndex(server.db);
    await server.load([observation(4, BOB), patient(NOBODY, 'New'), observation(5, NOBODY)]);
    expect(await refreshIndex(server.db)).toBe(0);
    const behind = await server.db.queryText(
      `select from record where indexed_by < 5
       union all select from practice where practice_id = 1 and least(indexed_by, records_indexed_by) < 5`,
      [],
    );
    expect(behind).toEqual([]);
  });
});

describe('rows that a newer conversion hides', () => {
  const order = (number: number, intent: string): Resource => ({
    resourceType: 'MedicationRequest',
    id: id(number),
    status: 'active',
    intent,
    subject: { reference: `Patient/${ANN}` },
    medicationCodeableConcept: { text: 'Aspirin' },
  });
  const PROPOSED = 12;

  beforeEach(async () => {
    server = await startFhir({ version: dstu2, projections, upkeep: true });
    await server.load([...chart, order(11, 'order'), order(PROPOSED, 'proposal')]);
    // Makes the row look as if an older converter had shown a resource that the current one hides.
    await server.db.queryText("delete from conversion where id = $1 and name = 'dstu2'", [id(PROPOSED)]);
    await replaceConverted(server.db, 1, ({ id: one }) =>
      one === id(PROPOSED) ? JSON.stringify({ resourceType: 'MedicationOrder', id: one }) : undefined,
    );
    await markAsEarlierRelease(server.db);
  });

  it('are hidden before the record is served', async () => {
    const token = await server.token(ANN, { scope: 'patient/*.read' });
    expect((await server.get(token, `/MedicationOrder/${id(PROPOSED)}`)).statusCode).toBe(404);
    expect((await server.get(token, '/MedicationOrder')).json()).toMatchObject({ total: 1, entry: [{}] });
  });

  it('make a search over all records 503 until they are hidden in all', async () => {
    const token = await staff('user/*.read');
    expect((await server.get(token, '/MedicationOrder')).statusCode).toBe(503);
    expect((await server.get(token, `/MedicationOrder/${id(PROPOSED)}`)).statusCode).toBe(503);
    expect(await refreshProjections(server.db, { projections })).toBe(1);
    later();
    expect(await totalOf(token, '/MedicationOrder')).toBe(1);
  });

  it('are recognized as out of date again when an older process writes', async () => {
    await refreshProjections(server.db, { projections });
    const older = projections.map((one): Projection => ({ ...one, converterVersion: one.converterVersion - 1 }));
    const elsewhere = await openWriter(older);
    expect(elsewhere.created).toBe(1);
    expect(await refreshProjections(server.db, { projections })).toBeGreaterThan(0);
    expect(await refreshProjections(server.db, { projections })).toBe(0);
  });

  /** Starts a load by a process that has another version of the converter. */
  const openWriter = (by: readonly Projection[]) =>
    importFiles(
      server.db,
      { practiceId: 1 as PracticeId, source: 'test', projections: by, clock: server.clock, random },
      [textInput('more.ndjson', JSON.stringify(order(13, 'order')))],
    );
});

describe('the versions in the schema', () => {
  beforeEach(async () => {
    server = await startFhir();
  });

  it('match the code: no index covers rows of a version, and the triggers are for the releases before 5', async () => {
    const indexes = await server.db.queryText<{ definition: string }>(
      "select indexdef as definition from pg_indexes where schemaname = 'public' and indexdef ~ 'indexed_by|maker|converted_with|conversion_version'",
      [],
    );
    expect(indexes).toEqual([]);
    const triggers = await server.db.queryText<{ definition: string }>(
      "select pg_get_triggerdef(oid) as definition from pg_trigger where tgname = 'written_by_earlier_release'",
      [],
    );
    const code = readFileSync(new URL('../../../src/fhir/store/index/index-definitions.ts', import.meta.url), 'utf8');
    const [, since] = /PRACTICE_COLUMN_SINCE = (\d+)/.exec(code) ?? [];
    expect(triggers.length).toBe(2);
    for (const { definition } of triggers) expect(definition).toContain(`new.indexed_by < ${since}`);
  });
});
