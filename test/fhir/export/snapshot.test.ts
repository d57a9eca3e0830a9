import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScopes } from '../../../src/access/index.ts';
import { createApp } from '../../../src/app.ts';
import { type ExportJobDeps, type Resource, r4, runExports } from '../../../src/fhir/index.ts';
import { hours, systemRandom } from '../../../src/kernel/index.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { DEEP, slice } from '../../support/runs/slice.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addBackendApp,
  type BackendApp,
  callApi,
  id,
  idsIn,
  LIVE,
  loadResources,
  observation,
  patient,
  readFiles,
  readManifest,
  runExport,
  startExport,
} from './export-client.ts';

let server: TestServer;
let app: BackendApp;
/** Starts a server with its own records, because each group of tests exports all records of the practice. */
async function startWith(resources: readonly Resource[]): Promise<void> {
  server = await startServer();
  await loadResources(server, LIVE, resources);
  app = await addBackendApp(server);
}

/**
 * Numbers of resources in one record, more than a page holds. Some resources are larger, so that the number of
 * resources on a page changes within the record.
 */
const [MANY, LARGE] = DEEP ? [9000, 4000] : [2600, 1900];
const copyOf = (number: number) => `aaaaaaaa-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
/**
 * Adds copies of an Observation.
 * @param length the number of characters by which each copy is longer
 */
async function copyObservation(from: number, to: number, length: number): Promise<void> {
  await server.db.queryText(
    `insert into resource (record_id, type, id, version, last_updated, digest, content, indexed_by)
     select r.record_id, r.type, n.id, 1, r.last_updated, r.digest,
       replace(replace(r.content, r.id::text, n.id::text), '"status"', '"language":"' || repeat('x', $4::int) || '","status"'), r.indexed_by
     from resource r cross join lateral (
       select ('aaaaaaaa-0000-4000-8000-' || lpad(to_hex(k), 12, '0'))::uuid as id
       from generate_series($2::int, $3::int) k) n
     where r.type = 'Observation' and r.id = $1`,
    [id(11), from, to, length],
  );
}

/**
 * Runs exports like a separate process that stops or dies when it has read the clock this many times. That is between
 * pages or within one.
 */
const processThat = (ends: { stops?: number; dies?: number }) => {
  let looks = 0;
  let questions = 0;
  const deps: ExportJobDeps = {
    db: server.db,
    clock: {
      now() {
        looks += 1;
        if (looks > (ends.dies ?? Number.POSITIVE_INFINITY)) throw new Error('killed');
        return server.clock.now();
      },
    },
    random: systemRandom,
    version: r4,
    base: 'http://localhost:8080/nge/prod/fhir-api-r4/fhir/r4',
    grants: {
      currentGrant: async ({ clientId, grantId, familyId, scope }) => ({
        clientId,
        grantId,
        familyId,
        scopes: parseScopes(scope).scopes,
        practices: [LIVE],
        apis: ['r4'],
        accountId: undefined,
        record: undefined,
        practiceEnabled: true,
        withheld: [],
        fhirUser: undefined,
      }),
    },
    retentionMs: hours(24),
  };
  const isStopping = () => {
    questions += 1;
    return questions > (ends.stops ?? Number.POSITIVE_INFINITY);
  };
  return runExports(deps, isStopping);
};

const rowOf = async (job: string) =>
  (
    await server.db.queryText<{ state: string; written: number; pages: number; turn: string | null }>(
      "select state, written, (place->>'pages')::int as pages, turn from export_job where job_id = $1",
      [job.split('/').at(-1)],
    )
  )[0];

async function requireWhole(job: string): Promise<void> {
  const token = await app.token();
  const files = await readFiles(server, token, await readManifest(server, token, job));
  const ids = idsIn(files, 'Observation');
  expect({ found: ids.length, distinct: new Set(ids).size }).toEqual({ found: MANY + 2, distinct: MANY + 2 });
  expect(idsIn(files, 'Patient')).toEqual([id(1), id(2)]);
  await callApi(server, token, job, { method: 'DELETE' });
}

describe('an export survives the process that works on it', () => {
  beforeAll(async () => {
    await startWith([patient(1), patient(2), observation(11, 1), observation(21, 2)]);
    await copyObservation(1, MANY, 3000);
    await server.db.queryText(
      "update resource set content = replace(content, repeat('x', 3000), repeat('x', 20000)) where id between $1 and $2",
      [copyOf(LARGE), copyOf(LARGE + 100)],
    );
  });
  afterAll(() => server.close());

  it('that stops between pages is continued by another server', async () => {
    const job = await startExport(server, await app.token());
    await processThat({ stops: 2 });
    const half = await rowOf(job);
    expect(half).toMatchObject({ state: 'running', pages: 1, turn: null });
    expect(half?.written).toBeGreaterThan(1000);
    server.clock.advance(2000);
    const progress = (await callApi(server, await app.token(), job)).headers['x-progress'];
    // The order of the two records isn't defined.
    expect([`0%, ${half?.written} resources`, `50%, ${half?.written} resources`]).toContain(progress);
    const other = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });
    await other.runExports();
    await other.app.close();
    await requireWhole(job);
  });

  it.each(slice([4, 5, 6, 7, 8], { share: 0.4 }))(
    'that is killed after %i reads of the clock is taken over when its lease expires',
    async (dies) => {
      const job = await startExport(server, await app.token());
      await expect(processThat({ dies })).rejects.toThrow('killed');
      const left = await rowOf(job);
      expect(left).toMatchObject({ state: 'running' });
      expect(left?.turn).not.toBeNull();
      // Another process may continue only when the lease has expired, because its owner could still be alive.
      await server.runExports();
      expect(await rowOf(job)).toEqual(left);
      server.clock.advance(61_000);
      await server.runExports();
      await requireWhole(job);
    },
  );

  it('a process that was thought dead writes nothing more when it comes back', async () => {
    const job = await startExport(server, await app.token());
    await processThat({ stops: 2 });
    const before = await rowOf(job);
    await server.db.queryText(
      "update export_job set turn = gen_random_uuid(), lease_until = now() + interval '1 h'",
      [],
    );
    await processThat({});
    expect((await rowOf(job))?.written).toBe(before?.written);
    await server.db.queryText('update export_job set turn = null, lease_until = null', []);
    await server.runExports();
    await requireWhole(job);
  });

  it('several processes at once write each line once', async () => {
    const jobs = [await startExport(server, await app.token()), await startExport(server, await app.token())];
    await Promise.all([server.runExports(), processThat({}), processThat({}), server.runExports()]);
    await server.runExports();
    for (const job of jobs) await requireWhole(job);
  });

  it('one that is removed while it is processed ends, and leaves nothing', async () => {
    const job = await startExport(server, await app.token());
    const token = await app.token();
    const [, removed] = await Promise.all([server.runExports(), callApi(server, token, job, { method: 'DELETE' })]);
    expect({ status: removed.statusCode, body: removed.body }).toEqual({ status: 202, body: '' });
    expect(await server.db.queryText('select from export_job', [])).toEqual([]);
    await server.purgeExpired();
    expect(await server.db.queryText('select from export_chunk', [])).toEqual([]);
  });
});

describe('Bulk Data 2.0: transactionTime', () => {
  beforeAll(async () => {
    await startWith([patient(1), patient(2), patient(3), observation(11, 1), observation(21, 2), observation(31, 3)]);
  });
  afterAll(() => server.close());

  const textOf = async (token: string, job: string, type: string) =>
    (await readFiles(server, token, await readManifest(server, token, job))).get(type) ?? [];

  it('a resource that changes while an export runs is in it as it was, and in the next one as it is', async () => {
    const token = await app.token();
    const job = await startExport(server, token, '/Patient/$export?_type=Patient,Practitioner,Observation');
    await processThat({ stops: 1 });
    await processThat({ stops: 2 });
    expect(await rowOf(job)).toMatchObject({ state: 'running' });
    server.clock.advance(1000);
    await loadResources(server, LIVE, [
      patient(2, 'Changed'),
      patient(5, 'New'),
      observation(21, 2, 'laboratory', { status: 'amended' }),
    ]);
    server.clock.advance(1000);
    await loadResources(server, LIVE, [patient(2, 'Changed again')]);
    server.clock.advance(1000);
    await server.runExports();
    const done = await readManifest(server, await app.token(), job);
    const patients = await textOf(await app.token(), job, 'Patient');
    expect(patients.map((one) => [one.id, JSON.stringify(one['name']).includes('Bulk')])).toEqual(
      expect.arrayContaining([
        [id(1), true],
        [id(2), true],
        [id(3), true],
      ]),
    );
    expect(patients).toHaveLength(3);
    const observations = await textOf(await app.token(), job, 'Observation');
    expect(observations.find((one) => one.id === id(21))).toMatchObject({ status: 'final', meta: { versionId: '1' } });

    const since = encodeURIComponent(done.transactionTime);
    const next = await runExport(server, await app.token(), `/Patient/$export?_since=${since}`);
    const files = await readFiles(server, await app.token(), next.done);
    expect(idsIn(files, 'Patient')).toEqual([id(2), id(5)]);
    expect(idsIn(files, 'Observation')).toEqual([id(21)]);
    expect(JSON.stringify(files.get('Patient'))).toContain('Changed again');
    const last = encodeURIComponent(next.done.transactionTime);
    expect((await runExport(server, await app.token(), `/Patient/$export?_since=${last}`)).done.output).toEqual([]);
  });

  it('a version that a filter no longer matches is in the export if it matched at that time', async () => {
    await loadResources(server, LIVE, [observation(31, 3, 'laboratory', { status: 'corrected' })]);
    const filter = encodeURIComponent('Observation?status=corrected');
    const job = await startExport(
      server,
      await app.token(),
      `/Patient/$export?_type=Patient,Observation&_typeFilter=${filter}`,
    );
    await processThat({ stops: 2 });
    expect(await rowOf(job)).toMatchObject({ state: 'running' });
    server.clock.advance(1000);
    await loadResources(server, LIVE, [observation(31, 3, 'laboratory', { status: 'final' })]);
    server.clock.advance(1000);
    await server.runExports();
    const found = await textOf(await app.token(), job, 'Observation');
    // The filter no longer matches the current version. Current access also limits which earlier versions are
    // disclosed.
    expect(found).toEqual([]);
  });

  const isBlocked = async (): Promise<boolean> => (await server.db.queryText(WAITING_FOR_LOCK, [])).length > 0;

  it('waits for writers at a practice, so that nothing before its time is missing', async () => {
    const job = await startExport(server, await app.token(), '/Patient/$export?_type=Patient');
    let exporting = Promise.resolve();
    await server.db.transaction(async (tx) => {
      await tx.queryText('select from practice where practice_id = $1 for update', [LIVE]);
      exporting = server.runExports();
      const made = server.clock.now();
      await until(isBlocked);
      await tx.queryText('update resource set last_updated = $2 where type = $3 and id = $1', [id(3), made, 'Patient']);
    });
    await exporting;
    expect((await textOf(await app.token(), job, 'Patient')).map((one) => one.id)).toContain(id(3));
  });
});

describe('a file that is being downloaded', () => {
  // The file is larger than the socket buffers, so the server waits until the client reads on.
  let address: string;
  beforeAll(async () => {
    await startWith([patient(1), observation(11, 1)]);
    await copyObservation(1, 400, 60_000);
    address = await server.app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => server.close());
  /**
   * Starts to download a file, and does something after its first bytes.
   * @returns how many bytes arrived, and how the download ended
   */
  async function readWhile(happens: (job: string, app: BackendApp) => Promise<unknown>) {
    const own = await addBackendApp(server);
    const token = await own.token();
    const { job, done } = await runExport(server, token, '/Patient/$export?_type=Observation');
    const { url = '' } = done.output[0] ?? {};
    const whole = Number((await callApi(server, token, url, { method: 'HEAD' })).headers['content-length']);
    const response = await fetch(`${address}${new URL(url).pathname}`, {
      headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity' },
    });
    let bytes = 0;
    try {
      for await (const chunk of response.body ?? []) {
        if (bytes === 0) await happens(job, own);
        bytes += chunk.length;
      }
    } catch {
      return { bytes, whole, ended: 'broken off' };
    }
    return { bytes, whole, ended: 'whole' };
  }

  it('outlasts its token, which is valid for five minutes', async () => {
    const { bytes, whole, ended } = await readWhile(async () => server.clock.advance(400_000));
    expect({ bytes, ended }).toEqual({ bytes: whole, ended: 'whole' });
  });

  it.each([
    ['the app is suspended', "update app set state = 'suspended' where client_id = $1"],
    ['the app loses the API', "update app set apis = array['dstu2'] where client_id = $1"],
    ['the app loses the practice', 'update app set practice_ids = array[1] where client_id = $1'],
    ['the export is removed', 'delete from export_job where client_id = $1'],
  ])('breaks off when %s', async (_what, change) => {
    const { bytes, whole, ended } = await readWhile(async (_job, own) => {
      await server.db.queryText(change, [own.client_id]);
      server.clock.advance(1000);
    });
    expect({ isPartial: bytes < whole, ended }).toEqual({ isPartial: true, ended: 'broken off' });
  });
});
