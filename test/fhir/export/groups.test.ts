import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addGroup, changeGroupMembers } from '../../../src/fhir/index.ts';
import { systemRandom } from '../../../src/kernel/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { connectApp } from '../../support/people/patient.ts';
import { addStaffMember } from '../../support/people/staff.ts';
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
  runExport,
  SANDBOX,
  startExport,
} from './export-client.ts';

let server: TestServer;
let app: BackendApp;
let some: string;
let everyone: string;
let elsewhere: string;
beforeAll(async () => {
  server = await startServer();
  const numbers = [1, 2, 3, 4];
  await loadResources(server, LIVE, [
    ...numbers.map((n) => patient(n)),
    ...numbers.map((n) => observation(10 * n + 1, n)),
  ]);
  await loadResources(server, LIVE, [{ resourceType: 'Practitioner', id: id(90), name: [{ family: 'Doctor' }] }]);
  [some, everyone, elsewhere] = [
    await group('Some'),
    await group('Everyone', true),
    await group('Sandbox', true, SANDBOX),
  ];
  await members('add', 1, 2, 3);
  await server.db.queryText("update record set state = 'merged' where patient_id = $1", [id(3)]);
  app = await addBackendApp(server);
});
afterAll(() => server.close());

async function group(name: string, all = false, practiceId = LIVE): Promise<string> {
  const groupId = systemRandom.uuid();
  await addGroup(server.db, server.clock.now(), { groupId, practiceId, name, everyone: all });
  return groupId;
}
const members = (change: 'add' | 'remove', ...numbers: number[]) =>
  changeGroupMembers(server.db, server.clock.now(), some, change, numbers.map(id));

async function filesOf(path: string, sent?: Parameters<typeof runExport>[3]) {
  const token = await app.token();
  return readFiles(server, token, (await runExport(server, token, path, sent)).done);
}

describe('Bulk Data 2.0: Group/{id}/$export', () => {
  it('exports the active records of members, and no others', async () => {
    const files = await filesOf(`/Group/${some}/$export`);
    expect({ patient: idsIn(files, 'Patient'), observation: idsIn(files, 'Observation') }).toEqual({
      patient: [id(1), id(2)],
      observation: [id(11), id(21)],
    });
    expect(idsIn(files, 'Practitioner')).toEqual([id(90)]);
  });

  it('of everyone changes with the practice’s patients', async () => {
    expect(idsIn(await filesOf(`/Group/${everyone}/$export?_type=Patient`), 'Patient')).toEqual([id(1), id(2), id(4)]);
    await loadResources(server, LIVE, [patient(5)]);
    expect(idsIn(await filesOf(`/Group/${everyone}/$export?_type=Patient`), 'Patient')).toContain(id(5));
  });

  it('of a group at a practice that the app isn’t for is 404', async () => {
    const answer = await callApi(server, await app.token(), `/Group/${elsewhere}/$export`, { headers: ASYNC });
    expect({ status: answer.statusCode, code: answer.json().issue[0].code }).toEqual({
      status: 404,
      code: 'not-found',
    });
  });

  it('by POST exports the named members, and is rejected if others are named', async () => {
    const post = (number: number) => ({
      method: 'POST' as const,
      headers: { ...ASYNC, 'content-type': 'application/fhir+json' },
      payload: JSON.stringify({
        resourceType: 'Parameters',
        parameter: [{ name: 'patient', valueReference: { reference: `Patient/${id(number)}` } }],
      }),
    });
    expect(idsIn(await filesOf(`/Group/${some}/$export`, post(2)), 'Observation')).toEqual([id(21)]);
    for (const number of [3, 4]) {
      const answer = await callApi(server, await app.token(), `/Group/${some}/$export`, post(number));
      expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
        status: 400,
        text: expect.stringContaining(id(number)),
      });
    }
  });

  it('has no member who left the group before it ran, and ends when the group is removed', async () => {
    const token = await app.token();
    const job = await startExport(server, token, `/Group/${some}/$export?_type=Patient`);
    await members('remove', 2);
    await server.runExports();
    const files = await readFiles(server, token, (await callApi(server, token, job)).json());
    expect(idsIn(files, 'Patient')).toEqual([id(1)]);
    await members('add', 2);

    const doomed = await group('Doomed', true);
    const other = await startExport(server, token, `/Group/${doomed}/$export`);
    await server.db.queryText('delete from patient_group where group_id = $1', [doomed]);
    await server.runExports();
    const ended = await callApi(server, token, other);
    expect({ status: ended.statusCode, text: ended.json().issue[0].details.text }).toEqual({
      status: 403,
      text: expect.stringContaining('group'),
    });
  });
});

describe('FHIR R4 Group', () => {
  it('is listed with its number of members, and read with its members', async () => {
    const token = await app.token('system/Group.rs');
    const list = (await callApi(server, token, '/Group')).json();
    expect(list.total).toBe(2);
    expect(list.entry.map(({ resource }: { resource: { name: string } }) => resource.name)).toEqual([
      'Everyone',
      'Some',
    ]);
    expect(JSON.stringify(list)).not.toContain('member');
    expect((await callApi(server, token, '/Group?name=so')).json().total).toBe(1);
    expect((await callApi(server, token, `/Group?_id=${everyone}`)).json().entry[0].resource.id).toBe(everyone);
    const one = await callApi(server, token, `/group/${some}`);
    expect(one.json()).toMatchObject({
      resourceType: 'Group',
      id: some,
      type: 'person',
      actual: true,
      quantity: 2,
      member: expect.arrayContaining([{ entity: { reference: `Patient/${id(1)}` } }]),
    });
    expect(one.headers['etag']).toMatch(/^W\/"\d+"$/);
    expect(one.body).not.toContain(id(3));
    const disclosed = await server.db.queryText<{ patient_id: string }>(
      `select r.patient_id from audit_event e cross join lateral jsonb_object_keys(e.detail -> 'disclosed') d (id)
       join record r on r.record_id = d.id::int8 where e.request_id = $1`,
      [one.headers['x-request-id']],
    );
    expect(disclosed.map(({ patient_id }) => patient_id).sort()).toEqual([id(1), id(2)]);
  });

  it('of everyone has no version, because no counter tracks its members (FHIR R4 §3.1.0.3)', async () => {
    const token = await app.token();
    const one = await callApi(server, token, `/Group/${everyone}`);
    expect(one.json()).toMatchObject({ resourceType: 'Group', id: everyone, quantity: expect.any(Number) });
    expect(one.json().meta).toBeUndefined();
    expect({ etag: one.headers['etag'], lastModified: one.headers['last-modified'] }).toEqual({
      etag: undefined,
      lastModified: undefined,
    });
    const [listed] = (await callApi(server, token, `/Group?_id=${everyone}`)).json().entry;
    expect(Object.keys(listed.resource.meta)).toEqual(['tag']);
  });

  it('is visible to apps of its practice alone, with a scope that names it', async () => {
    expect((await callApi(server, await app.token(), `/Group/${elsewhere}`)).statusCode).toBe(404);
    expect((await callApi(server, await app.token('system/Patient.rs'), '/Group')).statusCode).toBe(403);
    expect((await callApi(server, await app.token('system/Patient.rs'), `/Group/${some}`)).statusCode).toBe(403);
  });

  it('is never shown to a token of a patient or of staff, and can’t be granted to one', async () => {
    const patientApp = await addApp(server, { scope: 'launch/patient patient/*.rs patient/Group.rs' });
    const staffApp = await addApp(server, {
      kind: 'staff',
      scope: 'launch/patient user/*.rs user/Group.rs',
      apis: ['r4'],
    });
    const tokens = [
      await connectApp(server.app, patientApp, { scope: 'patient/*.rs patient/Group.rs system/Group.rs' }),
      await connectApp(server.app, staffApp, { scope: 'user/*.rs user/Group.rs' }, {}, await addStaffMember(server)),
    ];
    for (const { access_token, scope } of tokens) {
      expect(scope).not.toContain('Group');
      for (const path of [
        '/Group',
        `/Group/${some}`,
        `/GROUP/${some}`,
        `/Group?_id=${some}`,
        `/Group/${some}/_history`,
      ]) {
        const answer = await callApi(server, access_token, path);
        expect([403, 404]).toContain(answer.statusCode);
        expect(answer.body).not.toContain('Some');
        expect(answer.body).not.toContain(id(1));
      }
    }
  });
});
