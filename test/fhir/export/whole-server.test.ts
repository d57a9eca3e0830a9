import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  ASYNC,
  addBackendApp,
  callApi,
  id,
  idsIn,
  LIVE,
  loadResources,
  observation,
  patient,
  readFiles,
  runExport,
} from './export-client.ts';

let server: TestServer;
const second = 77 as PracticeId;
beforeAll(async () => {
  server = await startServer();
  await server.db.queryText("insert into practice (practice_id, kind, name) values ($1, 'live', 'Second')", [second]);
  await loadResources(server, LIVE, [
    patient(1),
    observation(11, 1),
    { resourceType: 'Practitioner', id: id(90), name: [{ family: 'Doctor' }] },
  ]);
  await loadResources(server, second, [patient(2), observation(21, 2)]);
});
afterAll(() => server.close());

async function all(token: string, path: string) {
  const { done } = await runExport(server, token, path);
  return { done, files: await readFiles(server, token, done) };
}

describe('an export of the whole server (Bulk Data 2.0, $export)', () => {
  it('contains the records and directories of the app’s practices, and of no other practice', async () => {
    const one = await addBackendApp(server, { practiceIds: [LIVE] });
    const { files, done } = await all(await one.token(), '/$export');
    expect([...files.keys()].sort()).toEqual(['Observation', 'Patient', 'Practitioner']);
    expect({ patient: idsIn(files, 'Patient'), observation: idsIn(files, 'Observation') }).toEqual({
      patient: [id(1)],
      observation: [id(11)],
    });
    expect(done.request).toBe(`http://localhost:8080${R4}/$export`);
    const both = await addBackendApp(server, { practiceIds: [LIVE, second] });
    const wide = await all(await both.token(), '/$export?_type=Patient');
    expect({ files: [...wide.files.keys()], idsIn: idsIn(wide.files, 'Patient') }).toEqual({
      files: ['Patient'],
      idsIn: [id(1), id(2)],
    });
  });

  it('is limited to the scopes of the token', async () => {
    const app = await addBackendApp(server, { scope: 'system/Observation.rs' });
    const { files } = await all(await app.token(), '/$export');
    expect([...files.keys()]).toEqual(['Observation']);
    const answer = await callApi(server, await app.token(), '/$export?_type=Patient', { headers: ASYNC });
    expect({ status: answer.statusCode, code: answer.json().issue[0].code }).toEqual({
      status: 403,
      code: 'forbidden',
    });
  });

  it('by POST takes the parameters of an export, and no patients', async () => {
    const token = await (await addBackendApp(server)).token();
    const post = (parameter: object) =>
      callApi(server, token, '/$export', {
        method: 'POST',
        headers: { ...ASYNC, 'content-type': 'application/fhir+json' },
        payload: JSON.stringify({ resourceType: 'Parameters', parameter: [parameter] }),
      });
    expect((await post({ name: '_type', valueString: 'Patient' })).statusCode).toBe(202);
    const rejected = await post({ name: 'patient', valueReference: { reference: `Patient/${id(1)}` } });
    expect({ status: rejected.statusCode, text: rejected.json().issue[0].details.text }).toEqual({
      status: 400,
      text: expect.stringContaining('Patient/$export'),
    });
  });

  it('is advertised by the CapabilityStatement', async () => {
    const { rest } = (await server.app.inject(`${R4}/metadata`)).json();
    expect(rest[0].operation).toEqual([
      { name: 'export', definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export' },
    ]);
  });
});
