import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addRepresentation,
  createRepresentativeAccount,
  endRepresentation,
  lockAccount,
} from '../../src/identity/index.ts';
import { type AccountId, systemRandom as random } from '../../src/kernel/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { authorizationCode, connectApp, getFhir, PatientBrowser, R4, requestToken } from '../support/people/patient.ts';
import { SANDBOX_GUARDIAN } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const authorizationQuery = () => ({ response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri });

async function connectFor(name: string) {
  const browser = new PatientBrowser(server.app);
  const choice = await browser.authorize(authorizationQuery(), SANDBOX_GUARDIAN);
  const consent = await browser.chooseRecord(choice, name);
  const done = await browser.submitConsent(consent);
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    ...app,
  });
  return { choice, token };
}

describe('the sandbox’s guardian connects an app', () => {
  it('and chooses the patient, by person and practice', async () => {
    const { choice } = await connectFor('Milo');
    for (const name of ['Claire Elise Meadowlark', 'June Alma Meadowlark', 'Milo Rowan Meadowlark'])
      expect(choice.body).toContain(name);
    expect(choice.body).toContain('Sandbox Family Practice');
  });

  it('SMART App Launch 2.2 §3.0.2.3: for a child fhirUser is a readable RelatedPerson, and patient is the child', async () => {
    const { token } = await connectFor('Milo');
    const patient = (await getFhir(server.app, `${R4}/Patient/${token.patient}`, token.access_token)).json();
    expect(patient.name[0].text).toBe('Milo Rowan Meadowlark');
    const fhirUser = new URL(String(decodeJwt(token.id_token ?? '')['fhirUser']));
    const related = (await getFhir(server.app, fhirUser.pathname, token.access_token)).json();
    expect(related).toMatchObject({
      resourceType: 'RelatedPerson',
      patient: { reference: `Patient/${token.patient}` },
      name: [{ text: 'Claire Meadowlark' }],
    });
  });

  it('and for herself fhirUser is the Patient', async () => {
    const { token } = await connectFor('Claire');
    expect(String(decodeJwt(token.id_token ?? '')['fhirUser'])).toMatch(new RegExp(`/Patient/${token.patient}$`));
  });
});

describe('a representative’s apps lose access', () => {
  let child: LivePerson;
  let person: { username: string; password: string; accountId: AccountId };
  beforeAll(async () => {
    child = await addLivePatient(server);
  });
  beforeEach(async () => {
    const account = { username: `father-${random.bytes(4).toString('hex')}`, password: 'a long password' };
    const accountInput = { ...account, displayName: 'A Father', published: false };
    const accountId = await createRepresentativeAccount(
      server.db,
      { clock: server.clock, random, passwordCost },
      accountInput,
    );
    if (accountId === undefined) throw new Error('the username is new');
    person = { ...account, accountId };
    const recordId = await findRecordId(server, child);
    await addRepresentation(server.db, { accountId, recordId, relatedPersonId: random.uuid() });
  });
  const read = async (token: string) => {
    // Advances the clock beyond the time for which the server caches tokens.
    server.clock.advance(1001);
    return (await getFhir(server.app, `${R4}/Patient`, token)).statusCode;
  };

  it('when the representation ends', async () => {
    const recordId = await findRecordId(server, child);
    const { access_token, refresh_token = '', patient } = await connectApp(server.app, app, {}, {}, person);
    expect({ patient, read: await read(access_token) }).toEqual({ patient: child.patientId, read: 200 });
    await endRepresentation(server.db, server.clock, { accountId: person.accountId, recordId, reason: '' });
    expect(await read(access_token)).toBe(401);
    const { client_id, client_secret } = app;
    const refreshed = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token,
      client_id,
      client_secret,
    });
    expect({ status: refreshed.status, error: refreshed.error }).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('when the account is locked', async () => {
    const { access_token } = await connectApp(server.app, app, {}, {}, person);
    expect(await read(access_token)).toBe(200);
    await server.db.transaction((tx) => lockAccount(tx, server.clock, person.username, ''));
    expect(await read(access_token)).toBe(401);
  });
});
