import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSandboxRecord, findAccountByUsername, listAccountRecords } from '../../src/identity/index.ts';
import { setSandboxOpen } from '../../src/practices/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { authorizationCode, DSTU2, getFhir, PatientBrowser, R4, requestToken } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const PERSON = { username: 'patient23', password: 'Password1!' };

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const accountOf = async (username: string) => {
  const account = await findAccountByUsername(server.db, username);
  if (account === undefined) throw new Error(`there is ${username}`);
  return account;
};
const recordsOf = async (username: string) => listAccountRecords(server.db, (await accountOf(username)).accountId);

async function connectAt(practice: string) {
  const record = (await recordsOf(PERSON.username)).find(({ practiceName }) => practiceName === practice);
  const browser = new PatientBrowser(server.app);
  const request = { response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri };
  const choice = await browser.authorize(request, PERSON);
  const done = await browser.submitConsent(await browser.chooseRecord(choice, record?.key ?? ''));
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    ...app,
  });
  return { choice, token, patientId: record?.patientId };
}

describe('a person of the sandbox with records at two practices', () => {
  it('chooses the practice, and the app gets only that record, in both versions', async () => {
    const [family, heart] = [await connectAt('Sandbox Family Practice'), await connectAt('Sandbox Heart Clinic')];
    for (const name of ['Sandbox Family Practice', 'Sandbox Heart Clinic']) expect(family.choice.body).toContain(name);
    expect({ family: family.token.patient, heart: heart.token.patient }).toEqual({
      family: family.patientId,
      heart: heart.patientId,
    });
    for (const base of [R4, DSTU2]) {
      const read = async (one: typeof family, other: typeof family) =>
        (await getFhir(server.app, `${base}/Patient/${other.patientId}`, one.token.access_token)).statusCode;
      expect({ family: await read(family, family), heart: await read(family, heart) }).toEqual({
        family: 200,
        heart: 404,
      });
      expect({ heart: await read(heart, heart), family: await read(heart, family) }).toEqual({
        heart: 200,
        family: 404,
      });
    }
    const conditions = async (one: typeof family) =>
      (await getFhir(server.app, `${R4}/Condition?category=problem-list-item`, one.token.access_token)).body;
    expect(await conditions(family)).not.toContain('Atrial fibrillation');
    expect(await conditions(heart)).toContain('Atrial fibrillation');
    expect(await conditions(heart)).not.toContain('High blood pressure');
  });

  it('gets authors and locations from the directory of the record’s practice', async () => {
    const { token } = await connectAt('Sandbox Heart Clinic');
    const organizations = (await getFhir(server.app, `${R4}/Organization`, token.access_token)).body;
    expect(organizations).toContain('Sandbox Heart Clinic');
    expect(organizations).not.toContain('Sandbox Family Practice');
  });
});

describe('an additional own record of a shared account', () => {
  let person: LivePerson;
  beforeAll(async () => {
    person = await addLivePatient(server);
  });

  it('must belong to the sandbox: no record of a live practice can be added', async () => {
    const recordId = await findRecordId(server, person);
    const { accountId } = await accountOf(PERSON.username);
    expect(await addSandboxRecord(server.db, { accountId, recordId })).toBe(false);
    expect(await recordsOf(PERSON.username)).toHaveLength(2);
  });

  it('cannot be added to a private account', async () => {
    const { accountId } = await accountOf(person.username);
    const [createdRecord] = await recordsOf('patient05');
    if (createdRecord === undefined) throw new Error('patient05 has a record');
    expect(await addSandboxRecord(server.db, { accountId, recordId: createdRecord.recordId })).toBe(false);
    expect((await recordsOf(person.username)).map(({ key }) => key)).toEqual([person.key]);
  });

  it('with the sandbox off neither practice opens', async () => {
    const withoutSandbox = await startServer({ SANDBOX: 'off' });
    await setSandboxOpen(withoutSandbox.db, false);
    const { accountId } = (await findAccountByUsername(withoutSandbox.db, PERSON.username)) ?? { accountId: undefined };
    expect(accountId && (await listAccountRecords(withoutSandbox.db, accountId))).toEqual([]);
    await setSandboxOpen(withoutSandbox.db, true);
    expect(accountId && (await listAccountRecords(withoutSandbox.db, accountId))).toHaveLength(2);
    await withoutSandbox.close();
  });
});
