import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPatientWithRecord, signInBrowser, subject } from '../../patient-portal/patients.ts';
import { textOf } from '../../support/browser/html.ts';
import { findRecordId, type LivePerson } from '../../support/people/live-patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import { addBackendApp, type BackendApp, callApi, runExport, startExport } from './export-client.ts';

let server: TestServer;
let app: BackendApp;
let [pat, sam]: LivePerson[] = [];
beforeAll(async () => {
  server = await startServer();
  const shot = {
    resourceType: 'Immunization',
    id: 'shot',
    status: 'completed',
    patient: subject,
    vaccineCode: { text: 'Flu' },
  };
  pat = await addPatientWithRecord(server, [shot]);
  sam = await addPatientWithRecord(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  app = await addBackendApp(server);
});

const events = async () =>
  server.db.queryText<{
    record_id: number | null;
    resources: number;
    outcome: string;
    detail: Record<string, unknown>;
  }>(
    `select record_id, resources, outcome, detail from audit_event where kind = 'export' and client_id = $1 order by at, id`,
    [app.client_id],
  );

/** Numbers of exported resources by patient record, in each event about patients. */
const disclosed = async () =>
  (await events()).flatMap(({ detail }) => (detail['disclosed'] === undefined ? [] : [detail['disclosed']]));

describe('every disclosure is recorded before the response is sent', () => {
  it('all patients are in one event per export, with its first file, and not before', async () => {
    const token = await app.token();
    const { job, done } = await runExport(server, token);
    expect((await events()).map(({ detail, record_id }) => [detail['action'], record_id])).toEqual([['start', null]]);
    for (const { url } of done.output) expect((await callApi(server, token, url)).statusCode).toBe(200);
    const all = await events();
    const [patId, samId] = [
      await findRecordId(server, pat as LivePerson),
      await findRecordId(server, sam as LivePerson),
    ];
    expect(await disclosed()).toEqual([{ [patId]: 2, [samId]: 1 }]);
    const downloads = all.filter(({ detail }) => detail['action'] === 'download');
    expect(downloads.map(({ detail, resources }) => [detail['file'], resources]).sort()).toEqual([
      ['Immunization', 1],
      ['Patient', 2],
    ]);
    await callApi(server, token, job, { method: 'DELETE' });
    expect((await events()).at(-1)?.detail).toMatchObject({ action: 'remove' });
  });

  it('simultaneous downloads create one entry', async () => {
    const token = await app.token();
    const { done } = await runExport(server, token);
    await Promise.all([...done.output, ...done.output].map(({ url }) => callApi(server, token, url)));
    expect(await disclosed()).toHaveLength(1);
  });

  it('no byte is sent if the audit log can’t be written', async () => {
    const token = await app.token();
    const { done } = await runExport(server, token);
    await server.db.queryText('alter table audit_event rename column resources to resources_hidden', []);
    try {
      const answer = await callApi(server, token, done.output[0]?.url ?? '');
      expect({ status: answer.statusCode, resourceType: answer.json().resourceType }).toEqual({
        status: 500,
        resourceType: 'OperationOutcome',
      });
    } finally {
      await server.db.queryText('alter table audit_event rename column resources_hidden to resources', []);
    }
    expect(await disclosed()).toEqual([]);
    await callApi(server, token, done.output[0]?.url ?? '');
    expect(await disclosed()).toHaveLength(1);
  });

  it('a patient sees it in the access log, in both languages and as an AuditEvent', async () => {
    const token = await app.token();
    const { done } = await runExport(server, token);
    for (const { url } of done.output) expect((await callApi(server, token, url)).statusCode).toBe(200);
    const browser = await signInBrowser(server, pat as LivePerson);
    const base = `/account/${pat?.key}`;
    const page = textOf(await browser.get(`${base}/log`));
    expect(page).toContain('Test App, running automatically for the practice');
    expect(page).toContain('An export of many patients');
    const bundle = JSON.parse((await browser.get(`${base}/log/fhir`)).body);
    const event = bundle.entry.find(
      ({ resource }: { resource: { type: { code: string } } }) => resource.type.code === '110106',
    );
    expect(event.resource).toMatchObject({ resourceType: 'AuditEvent', outcome: '0', action: 'R' });
    expect(event.resource).not.toHaveProperty('meta.profile');
  });

  it('rejections are in the audit log, and no log line has request parameters', async () => {
    const token = await app.token('system/Patient.rs');
    const path = '/Patient/$export?_type=Immunization&_typeFilter=Immunization%3Fstatus%3Dsecret-value';
    expect((await callApi(server, token, path, { headers: { prefer: 'respond-async' } })).statusCode).toBe(403);
    expect((await events()).at(-1)).toMatchObject({
      outcome: 'failure',
      detail: { action: 'start', problem: 'scope-denied' },
    });
    await startExport(server, await app.token(), '/Patient/$export?_typeFilter=Immunization%3Fstatus%3Dsecret-value');
    await server.runExports();
    expect(server.log.join('\n')).not.toMatch(/secret-value|Flu|_typeFilter/);
    expect(JSON.stringify(await events())).not.toContain('secret-value');
  });
});
