import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, setAppState } from '../../support/apps/apps.ts';
import { connectApp } from '../../support/people/patient.ts';
import { addStaffMember } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  ASYNC,
  addBackendApp,
  type BackendApp,
  callApi,
  id,
  LIVE,
  loadResources,
  observation,
  patient,
  readManifest,
  runExport,
  startExport,
} from './export-client.ts';

let server: TestServer;
let app: BackendApp;
beforeAll(async () => {
  server = await startServer();
  await loadResources(server, LIVE, [patient(1), observation(11, 1)]);
  app = await addBackendApp(server);
});
afterAll(() => server.close());

const kick = async (path: string, more: Parameters<typeof callApi>[3] = {}, token?: string) => {
  const response = await callApi(server, token ?? (await app.token()), path, { headers: ASYNC, ...more });
  const { resourceType, issue } = response.body === '' ? { resourceType: '', issue: [] } : response.json();
  if (response.statusCode === 202)
    await callApi(server, await app.token(), String(response.headers['content-location']), { method: 'DELETE' });
  return { status: response.statusCode, resourceType, text: String(issue[0]?.details?.text ?? '') };
};

describe('Bulk Data 2.0, kick-off: an unsupported request is rejected', () => {
  it.each([
    ['Prefer is missing', '/Patient/$export', { accept: 'application/fhir+json' }, 'respond-async'],
    ['Accept is CSV', '/Patient/$export', { ...ASYNC, accept: 'text/csv' }, 'Accept'],
    ['the output format is CSV', '/Patient/$export?_outputFormat=text/csv', ASYNC, '_outputFormat'],
    ['an unknown type', '/Patient/$export?_type=Patient,Pokemon', ASYNC, '_type'],
    ['an invalid _since', '/Patient/$export?_since=yesterday', ASYNC, '_since'],
    ['two values of _since', '/Patient/$export?_since=2024-01-01&_since=2024-01-02', ASYNC, '_since'],
    ['includeAssociatedData', '/Patient/$export?includeAssociatedData=LatestProvenanceResources', ASYNC, 'Provenance'],
    ['an unknown parameter', '/Patient/$export?organizeOutputBy=Patient', ASYNC, 'parameter'],
    ['the patient parameter by GET', `/Patient/$export?patient=Patient/${id(1)}`, ASYNC, 'POST'],
    ['an empty _typeFilter', '/Patient/$export?_typeFilter=Observation', ASYNC, '_typeFilter'],
    ['a parameter that the type lacks', '/Patient/$export?_typeFilter=Observation%3Fcolour%3Dred', ASYNC, 'colour'],
    ['an invalid value', '/Patient/$export?_typeFilter=Observation%3Fdate%3Dnever', ASYNC, 'date'],
    ['a result parameter', '/Patient/$export?_typeFilter=Observation%3F_count%3D1', ASYNC, '_count'],
    ['a search for a patient', `/Patient/$export?_typeFilter=Observation%3Fpatient%3D${id(1)}`, ASYNC, 'patient'],
    [
      'a search of a type that isn’t requested',
      '/Patient/$export?_type=Patient&_typeFilter=Observation%3Fstatus%3Dfinal',
      ASYNC,
      '_type',
    ],
    [
      'several chains',
      `/Patient/$export?_typeFilter=${encodeURIComponent('Observation?status=final,Observation?subject:Patient.name=x')}`,
      ASYNC,
      'chain',
    ],
  ])('%s', async (_what, path, headers, named) => {
    const { status, resourceType, text } = await kick(path, { headers });
    expect({ status, resourceType }).toEqual({ status: 400, resourceType: 'OperationOutcome' });
    expect(text).toContain(named);
  });

  it('handling=lenient ignores what it can', async () => {
    const headers = { ...ASYNC, prefer: 'respond-async, handling=lenient' };
    for (const query of [
      '_type=Patient,Pokemon',
      '_outputFormat=text/csv',
      'organizeOutputBy=Patient',
      'includeAssociatedData=x',
    ])
      expect((await kick(`/Patient/$export?${query}`, { headers })).status).toBe(202);
    expect((await kick('/Patient/$export?_type=Pokemon', { headers })).status).toBe(400);
  });

  it.each([
    ['invalid JSON', 'application/fhir+json', '{"resourceType":"Para'],
    ['another resource', 'application/fhir+json', '{"resourceType":"Patient"}'],
    ['a parameter without a value', 'application/json', '{"resourceType":"Parameters","parameter":[{"name":"_type"}]}'],
    ['null', 'application/json', 'null'],
    ['XML', 'application/fhir+xml', '<Parameters xmlns="http://hl7.org/fhir"/>'],
  ])('a body is rejected: %s', async (_what, type, payload) => {
    const { status, resourceType } = await kick('/Patient/$export', {
      method: 'POST',
      headers: { ...ASYNC, 'content-type': type },
      payload,
    });
    expect({ status, resourceType }).toEqual({ status: 400, resourceType: 'OperationOutcome' });
  });

  it('an unknown group is 404, whatever its id', async () => {
    for (const path of [id(7), 'no-uuid', '%00', '..%2f'])
      expect(await kick(`/Group/${path}/$export`)).toMatchObject({ status: 404, resourceType: 'OperationOutcome' });
  });

  it('patients of other practices are named in the error', async () => {
    const body = {
      parameter: [id(1), id(8)].map((one) => ({ name: 'patient', valueReference: { reference: `Patient/${one}` } })),
    };
    const answer = await kick('/Patient/$export', {
      method: 'POST',
      headers: { ...ASYNC, 'content-type': 'application/fhir+json' },
      payload: JSON.stringify({ resourceType: 'Parameters', ...body }),
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`Patient/${id(8)}`);
    expect(answer.text).not.toContain(id(1));
  });
});

describe('Bulk Data 2.0, security: exports are accessible to', () => {
  it('no client without a valid token', async () => {
    for (const path of [
      '/Patient/$export',
      `/Group/${id(1)}/$export`,
      `/export/${id(1)}`,
      `/export/${id(1)}/Patient.ndjson`,
    ])
      for (const token of [undefined, 'made.up'])
        expect((await callApi(server, token, path, { headers: ASYNC })).statusCode).toBe(401);
  });

  it('no token of a patient or of staff: 403 with an explanation, at every URL', async () => {
    const patientToken = await connectApp(server.app, await addApp(server));
    const staffApp = await addApp(server, {
      kind: 'staff',
      scope: 'launch/patient user/*.rs patient/*.rs',
      apis: ['r4'],
    });
    const staffToken = await connectApp(server.app, staffApp, { scope: 'user/*.rs' }, {}, await addStaffMember(server));
    expect({
      patientStatus: patientToken.status,
      staffStatus: staffToken.status,
      staffScope: staffToken.scope,
    }).toEqual({ patientStatus: 200, staffStatus: 200, staffScope: 'user/*.rs' });
    const { job, done } = await runExport(server, await app.token());
    const paths = ['/Patient/$export', `/Group/${id(1)}/$export`, job, done.output[0]?.url ?? ''];
    for (const { access_token } of [patientToken, staffToken]) {
      for (const path of paths) {
        const answer = await callApi(server, access_token, path, { headers: ASYNC });
        expect(answer.statusCode).toBe(403);
        expect(answer.json().issue[0].details.text).toContain(
          'Only backend apps (client_credentials and system/ scopes)',
        );
      }
      expect((await callApi(server, access_token, job, { method: 'DELETE' })).statusCode).toBe(403);
    }
    await readManifest(server, await app.token(), job);
  });

  it('only the app that started it: others get 404, and can’t remove it', async () => {
    const { job, done } = await runExport(server, await app.token());
    const other = await addBackendApp(server);
    for (const path of [job, ...done.output.map(({ url }) => url)])
      expect((await callApi(server, await other.token(), path)).statusCode).toBe(404);
    expect((await callApi(server, await other.token(), job, { method: 'DELETE' })).statusCode).toBe(404);
    await readManifest(server, await app.token(), job);
    await callApi(server, await app.token(), job, { method: 'DELETE' });
  });

  it('no app that lost the API, even while its export runs', async () => {
    const changed = await addBackendApp(server);
    await startExport(server, await changed.token());
    await server.db.queryText("update app set apis = array['dstu2'] where client_id = $1", [changed.client_id]);
    server.clock.advance(1000);
    await server.runExports();
    const [row] = await server.db.queryText<{ state: string; fault: string }>(
      'select state, fault from export_job where client_id = $1',
      [changed.client_id],
    );
    expect(row).toMatchObject({ state: 'failed', fault: expect.stringContaining('no longer has access to this API') });
  });

  it('no app that was suspended, even while its export runs', async () => {
    const stopped = await addBackendApp(server);
    const token = await stopped.token();
    const job = await startExport(server, token);
    await setAppState(server, { ...stopped, client_id: stopped.client_id as never, redirect_uri: '' }, 'suspended');
    server.clock.advance(1000);
    expect((await callApi(server, token, job)).statusCode).toBe(401);
    await server.runExports();
    const [row] = await server.db.queryText<{ state: string; fault: string }>(
      'select state, fault from export_job where client_id = $1',
      [stopped.client_id],
    );
    expect(row).toMatchObject({ state: 'failed', fault: expect.stringContaining('has ended') });
    expect(
      await server.db.queryText('select from export_chunk c join export_job j using (job_id) where j.client_id = $1', [
        stopped.client_id,
      ]),
    ).toEqual([]);
  });
});

describe('Bulk Data 2.0: requests over the limits are 429, with Retry-After', () => {
  it('a fourth concurrent export of an app, until one is removed', async () => {
    const busy = await addBackendApp(server);
    const token = await busy.token();
    const jobs = [await startExport(server, token), await startExport(server, token), await startExport(server, token)];
    const fourth = await callApi(server, token, '/Patient/$export', { headers: ASYNC });
    expect({ status: fourth.statusCode, hasRetryAfter: Number(fourth.headers['retry-after']) > 0 }).toEqual({
      status: 429,
      hasRetryAfter: true,
    });
    expect(fourth.json().issue[0].code).toBe('throttled');
    await callApi(server, token, jobs[0] ?? '', { method: 'DELETE' });
    await startExport(server, token);
    await server.runExports();
  });

  it('all but three of many exports that are started at the same moment', async () => {
    const busy = await addBackendApp(server);
    const token = await busy.token();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => callApi(server, token, '/Patient/$export', { headers: ASYNC })),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 202)).toHaveLength(3);
    await server.runExports();
  });

  it('polling without a pause', async () => {
    const token = await app.token();
    const job = await startExport(server, token);
    expect((await callApi(server, token, job)).statusCode).toBe(202);
    const soon = await callApi(server, token, job);
    expect({ status: soon.statusCode, retryAfter: soon.headers['retry-after'] }).toEqual({
      status: 429,
      retryAfter: '2',
    });
    server.clock.advance(2000);
    expect((await callApi(server, token, job)).statusCode).toBe(202);
    await server.runExports();
    await readManifest(server, token, job);
    await readManifest(server, token, job);
  });
});
