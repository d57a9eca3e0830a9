import { afterAll, beforeAll, expect, it } from 'vitest';
import { dstu2 as dstu2Version } from '../../../src/fhir/index.ts';
import { webEs } from '../../../src/i18n/es/web.ts';
import type { TestPatientsResponse } from '../../../src/portal-api/contract/explorer.ts';
import { EXPLORER_APP } from '../../support/apps/explorer.ts';
import { apiCaller, signInDeveloper } from '../../support/people/developer-portal.ts';
import { connectApp, DSTU2, getFhir, PatientBrowser, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const testPatients = async (session?: string) =>
  apiCaller(server, session).call<TestPatientsResponse>('GET', '/developer/test-patients');

it('lists every sandbox account that can authorize apps, and each of them can sign in', async () => {
  const { status, body } = await testPatients();
  expect(status).toBe(200);
  const published = await server.db.queryText<{ username: string }>(
    "select username from account where published and not sandbox_administrator and kind <> 'developer'",
    [],
  );
  expect(body.accounts.map(({ username }) => username).sort()).toEqual(
    published.map(({ username }) => username).sort(),
  );
  const { password } = body;
  for (const username of ['patientapitest', 'patient17', 'guardianapitest', 'staffapitest', 'deskapitest']) {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', { username, password });
    expect(browser.cookie('session')).toBeDefined();
  }
  const { session } = await signInDeveloper(server);
  expect((await testPatients(session)).body).toEqual(body);
});

it('counts the contents of a record, and what an app finds there', async () => {
  const { body } = await testPatients();
  const ana = body.accounts.find(({ username }) => username === 'patientapitest');
  const [record] = ana?.records ?? [];
  expect(ana).toMatchObject({ kind: 'patient', name: 'Ana Larkspur', about: expect.stringContaining('diabetes') });
  expect(record).toMatchObject({ relation: 'self', birthDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
  expect(record?.conditions).toContain('Type 2 diabetes');
  const { access_token, patient } = await connectApp(server.app, EXPLORER_APP.client(server), EXPLORER_APP.ask());
  expect(patient).toBe(record?.patientId);
  for (const [type, count] of Object.entries(record?.counts ?? {}))
    expect((await getFhir(server.app, `${R4}/${type}?_count=0`, access_token)).json().total).toBe(count);
  let dstu2 = 0;
  for (const { name } of dstu2Version.types.filter(({ compartment }) => compartment === 'record'))
    dstu2 += (await getFhir(server.app, `${DSTU2}/${name}?_count=0`, access_token)).json().total;
  expect(record?.dstu2).toBe(dstu2);
});

it('says who represents whom, and who is not a patient', async () => {
  const { accounts } = (await testPatients()).body;
  const guardian = accounts.find(({ kind }) => kind === 'representative');
  expect(guardian?.records.map(({ relation }) => relation)).toEqual(['self', 'representative', 'representative']);
  expect(accounts.filter(({ records }) => records.length === 0).map(({ kind }) => kind)).toEqual(['clinician', 'desk']);
});

it('for a person at two practices says which record is whose, and each record is chosen by its practice', async () => {
  const { accounts } = (await testPatients()).body;
  const maria = accounts.find(({ username }) => username === 'patient23');
  expect(maria?.covers).toContainEqual({ case: 'twoPractices', text: 'records at two practices' });
  expect(maria?.records.map(({ practice, relation }) => [practice, relation])).toEqual([
    ['Sandbox Family Practice', 'self'],
    ['Sandbox Heart Clinic', 'self'],
  ]);
  const [family, heart] = maria?.records ?? [];
  expect(family?.conditions).toContain('High blood pressure');
  expect(heart?.conditions).toEqual(['Atrial fibrillation']);
  expect(new Set([family?.patientId, heart?.patientId]).size).toBe(2);
});

it('reveals nothing about an account that existed before the sandbox', async () => {
  const other = await startServer();
  await other.db.queryText("update account set published = false where username = 'patient03'", []);
  const { body } = await apiCaller(other, undefined).call<TestPatientsResponse>('GET', '/developer/test-patients');
  expect(body.accounts.map(({ username }) => username)).not.toContain('patient03');
  await other.close();
});

it('does not exist where the sandbox is off', async () => {
  const other = await startServer({ SANDBOX: 'off' });
  const { status, body } = await apiCaller(other, undefined).call('GET', '/developer/test-patients');
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'not-found' });
  await other.close();
});

it('describes the uses of each account in Spanish too', async () => {
  const { accounts } = (await testPatients()).body;
  const undescribed = accounts.filter(
    ({ username, about }) => about !== '' && webEs.explorer.patients.about(username, about) === about,
  );
  expect(undescribed).toEqual([]);
  const cases = accounts.flatMap(({ covers }) => covers);
  expect(new Set(cases.map((one) => one.case)).size).toBeGreaterThan(50);
  expect(cases.filter((one) => webEs.explorer.patients.caseText(one.case, one.text) === one.text)).toEqual([]);
});
