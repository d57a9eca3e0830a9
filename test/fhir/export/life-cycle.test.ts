import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  ASYNC,
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
beforeAll(async () => {
  server = await startServer();
  await loadResources(server, LIVE, [
    patient(1),
    patient(2),
    observation(11, 1),
    observation(12, 1, 'vital-signs'),
    observation(21, 2),
    { resourceType: 'Practitioner', id: id(90), name: [{ family: 'Doctor' }] },
    {
      resourceType: 'DocumentReference',
      id: id(31),
      status: 'current',
      subject: { reference: `Patient/${id(1)}` },
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('a note').toString('base64') } }],
    },
  ]);
  app = await addBackendApp(server);
});
afterAll(() => server.close());

describe('Bulk Data 2.0: the life cycle of an export', () => {
  it('is started, polled, downloaded and removed', async () => {
    const token = await app.token();
    const kickOff = await callApi(server, token, '/Patient/$export?_outputFormat=ndjson', { headers: ASYNC });
    expect({ status: kickOff.statusCode, body: kickOff.body }).toEqual({ status: 202, body: '' });
    const job = String(kickOff.headers['content-location']);
    expect(job).toMatch(/^http:\/\/localhost:8080\/nge\/prod\/fhir-api-r4\/fhir\/r4\/export\/[0-9a-f-]{36}$/i);

    const waiting = await callApi(server, token, job);
    expect({
      status: waiting.statusCode,
      xProgress: waiting.headers['x-progress'],
      retryAfter: waiting.headers['retry-after'],
    }).toEqual({ status: 202, xProgress: 'waiting to start', retryAfter: '2' });
    const before = server.clock.now();
    await server.runExports();
    const response = await callApi(server, token, job);
    expect({
      status: response.statusCode,
      contentType: response.headers['content-type'],
      cacheControl: response.headers['cache-control'],
    }).toEqual({ status: 200, contentType: 'application/json; charset=utf-8', cacheControl: 'no-store' });
    const expires = new Date(String(response.headers['expires'])).getTime() - before.getTime();
    expect(Math.round(expires / 3_600_000)).toBe(24);
    const done = response.json();
    expect(done).toMatchObject({
      request: 'http://localhost:8080/nge/prod/fhir-api-r4/fhir/r4/Patient/$export?_outputFormat=ndjson',
      requiresAccessToken: true,
      deleted: [],
      error: [],
    });
    expect(Math.abs(new Date(done.transactionTime).getTime() - before.getTime())).toBeLessThan(5000);
    const files = await readFiles(server, token, done);
    expect([...files.keys()].sort()).toEqual(['DocumentReference', 'Observation', 'Patient', 'Practitioner']);
    expect(idsIn(files, 'Patient')).toEqual([id(1), id(2)]);
    expect(idsIn(files, 'Observation')).toEqual([id(11), id(12), id(21)]);
    expect(idsIn(files, 'Practitioner')).toEqual([id(90)]);

    const removed = await callApi(server, token, job, { method: 'DELETE' });
    expect(removed.statusCode).toBe(202);
    for (const path of [job, done.output[0].url]) {
      const gone = await callApi(server, token, path);
      expect({ status: gone.statusCode, resourceType: gone.json().resourceType }).toEqual({
        status: 404,
        resourceType: 'OperationOutcome',
      });
    }
    expect((await callApi(server, token, job, { method: 'DELETE' })).statusCode).toBe(404);
    const chunks = 'select from export_chunk where job_id = $1';
    expect(await server.db.queryText(chunks, [job.split('/').at(-1)])).toEqual([]);
  });

  it('resources are the same as in a search, and documents have a URL that works', async () => {
    const token = await app.token();
    const { done } = await runExport(server, token);
    const files = await readFiles(server, token, done);
    for (const type of ['Patient', 'Observation', 'DocumentReference', 'Practitioner']) {
      const found = (await callApi(server, token, `/${type}`))
        .json()
        .entry.map((one: { resource: object }) => one.resource);
      expect(new Set(files.get(type)?.map((one) => JSON.stringify(one)))).toEqual(
        new Set(found.map((one: object) => JSON.stringify(one))),
      );
    }
    const [note] = files.get('DocumentReference') ?? [];
    const [content] = (note?.['content'] ?? []) as { attachment: { url: string } }[];
    expect((await callApi(server, token, content?.attachment.url ?? '')).body).toBe('a note');
  });

  it('files are compressed for clients that accept it, and have the declared length', async () => {
    const token = await app.token();
    const { done } = await runExport(server, token);
    const url = done.output.find(({ type }) => type === 'Observation')?.url ?? '';
    const plain = await callApi(server, token, url);
    expect(Number(plain.headers['content-length'])).toBe(Buffer.byteLength(plain.body));
    const packed = await callApi(server, token, url, { headers: { 'accept-encoding': 'br;q=0, gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body);
    const unpacked = await callApi(server, token, url, { headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(unpacked.headers['content-encoding']).toBeUndefined();
    const head = await callApi(server, token, url, { method: 'HEAD' });
    expect({ status: head.statusCode, body: head.body }).toEqual({ status: 200, body: '' });
  });

  it('is what /metadata advertises', async () => {
    const { instantiates, rest } = (await callApi(server, undefined, '/metadata')).json();
    expect(instantiates).toContain('http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data');
    const operationsOf = (type: string) =>
      rest[0].resource.find((one: { type: string }) => one.type === type).operation;
    const definition = (name: string) => `http://hl7.org/fhir/uv/bulkdata/OperationDefinition/${name}`;
    expect(operationsOf('Group')).toEqual([{ name: 'export', definition: definition('group-export') }]);
    expect(operationsOf('Patient')).toContainEqual({ name: 'export', definition: definition('patient-export') });
    expect(rest[0].operation).toContainEqual({ name: 'export', definition: definition('export') });
  });

  it('an export that is canceled while it is queued isn’t processed', async () => {
    const token = await app.token();
    const job = await startExport(server, token);
    expect((await callApi(server, token, job, { method: 'DELETE' })).statusCode).toBe(202);
    await server.runExports();
    expect((await callApi(server, token, job)).statusCode).toBe(404);
    expect(await server.db.queryText('select from export_job where state <> $1', ['done'])).toEqual([]);
  });

  it('expired files are 404, whether or not they are purged yet', async () => {
    const own = await startServer({ EXPORT_HOURS: '1' });
    try {
      await loadResources(own, LIVE, [patient(1), observation(11, 1)]);
      const other = await addBackendApp(own);
      const { job, done } = await runExport(own, await other.token());
      own.clock.advance(3_599_000);
      await readManifest(own, await other.token(), job);
      own.clock.advance(2000);
      const token = await other.token();
      expect((await callApi(own, token, job)).statusCode).toBe(404);
      expect((await callApi(own, token, done.output[0]?.url ?? '')).statusCode).toBe(404);
      await own.purgeExpired();
      for (const table of ['export_job', 'export_chunk'])
        expect(await own.db.queryText(`select from ${table}`, [])).toEqual([]);
    } finally {
      await own.close();
    }
  });
});
