import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addRepresentation, endRepresentation } from '../../../src/identity/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import { listActiveRecords } from '../../../src/practices/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { textOf } from '../../support/browser/html.ts';
import { addLivePatient } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  type Fields,
  getFhir,
  PatientBrowser,
  R4,
  recordChoices,
  requestToken,
  type TokenAnswer,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const GUARDIAN = { username: 'guardianapitest', password: 'Password1!' };

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const ask = (browser: PatientBrowser, query: Fields = {}) =>
  browser.authorize(
    { response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri, ...query },
    GUARDIAN,
  );

interface HeldRecord {
  readonly account_id: string;
  readonly record_id: number;
  readonly patient_id: string;
  readonly practice_id: number;
  readonly relationship: string;
  readonly name: string;
  readonly related_person_id: string | null;
}
const held = (relationship: string) =>
  server.db.queryText<HeldRecord>(
    `select x.account_id, x.record_id, r.patient_id, r.practice_id, x.relationship, x.related_person_id, d.name
     from representation x join account a using (account_id) join record r using (record_id)
     join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
     where a.username = 'guardianapitest' and x.relationship = $1 order by d.name`,
    [relationship],
  );
const keyOf = ({ practice_id, patient_id }: HeldRecord) => `${practice_id}-${patient_id}`;

async function connectTo(record: HeldRecord, query: Fields = {}): Promise<TokenAnswer> {
  const browser = new PatientBrowser(server.app);
  const consent = await browser.chooseRecord(await ask(browser, query), keyOf(record));
  const code = authorizationCode(await browser.submitConsent(consent));
  return requestToken(server.app, { grant_type: 'authorization_code', code, ...app });
}
const first = async (relationship: string): Promise<HeldRecord> => {
  const [record] = await held(relationship);
  if (record === undefined) throw new Error(`the guardian has a record: ${relationship}`);
  return record;
};
const refresh = (token: TokenAnswer) =>
  requestToken(server.app, {
    grant_type: 'refresh_token',
    refresh_token: token.refresh_token ?? '',
    client_id: app.client_id,
    client_secret: app.client_secret,
  });

describe('an account that represents several patients', () => {
  it('always asks which patient, by person and practice, whatever was chosen before', async () => {
    for (let time = 0; time < 2; time += 1) {
      const page = await ask(new PatientBrowser(server.app));
      const lines = recordChoices(page.body)
        .map((line) => JSON.stringify(line))
        .join('\n');
      for (const { name } of [...(await held('self')), ...(await held('representative'))])
        expect(lines).toContain(name);
      expect(lines).toContain('Sandbox Family Practice');
      await connectTo(await first('representative'));
    }
  });

  it('gets one grant for each record, and each token is only for its own record', async () => {
    const [own, child] = [await first('self'), await first('representative')];
    const [ownToken, childToken] = [await connectTo(own), await connectTo(child)];
    expect({ ofOwn: ownToken.patient, ofChild: childToken.patient }).toEqual({
      ofOwn: own.patient_id,
      ofChild: child.patient_id,
    });
    expect((await getFhir(server.app, `${R4}/Patient/${child.patient_id}`, ownToken.access_token)).statusCode).toBe(
      404,
    );
    const grants = await server.db.queryText<{ grant_id: string }>(
      'select grant_id from consent_grant where account_id = $1 and client_id = $2',
      [own.account_id, app.client_id],
    );
    expect(new Set(grants.map(({ grant_id }) => grant_id)).size).toBeGreaterThanOrEqual(2);
  });

  it('cannot choose a record of someone else', async () => {
    const [other] = await server.db.queryText<{ patient_id: string }>(
      'select patient_id from record where practice_id = 1 and record_id not in (select record_id from representation where account_id = $1) limit 1',
      [(await first('self')).account_id],
    );
    const browser = new PatientBrowser(server.app);
    const page = await browser.chooseRecord(await ask(browser), keyOf(await first('representative')));
    const forged = await browser.submitConsent(page, { record: `1-${other?.patient_id}` });
    expect({ status: forged.status, location: forged.location }).toEqual({ status: 400, location: undefined });
  });
});

describe('twins', () => {
  const child = (id: string, given: string, birthDate: string) =>
    JSON.stringify({ resourceType: 'Patient', id, name: [{ family: 'Rivera', given: [given] }], birthDate });

  it('are distinguished by name, and from a parent of the same name by birth date; the own record comes first', async () => {
    const mother = await addLivePatient(server, [textInput('mother', child('m', 'Eva', '1990-05-05'))]);
    const known = new Set((await listActiveRecords(server.db)).map(({ recordId }) => recordId));
    await addLivePatient(server, [
      textInput('twins', [child('a', 'Ava', '2021-03-02'), child('e', 'Eva', '2021-03-02')].join('\n')),
    ]);
    const twins = (await listActiveRecords(server.db)).filter(({ recordId }) => !known.has(recordId));
    for (const { recordId } of twins) {
      const representation = { accountId: mother.accountId, recordId, relatedPersonId: random.uuid() };
      expect(await server.db.transaction((tx) => addRepresentation(tx, representation))).toBe(true);
    }
    const browser = new PatientBrowser(server.app);
    const { client_id, redirect_uri } = app;
    const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, mother);
    const texts = recordChoices(page.body).map(({ text }) => text.trim());
    expect(texts).toEqual([
      'Eva Rivera, born May 5, 1990 Live practice. Your own record.',
      'Ava Rivera, born March 2, 2021 Live practice. You act for this person.',
      'Eva Rivera, born March 2, 2021 Live practice. You act for this person.',
    ]);
    const consent = await browser.chooseRecord(page, 'Eva Rivera, born March 2, 2021');
    expect(textOf(consent)).toMatch(/You act for Eva Rivera , born March 2, 2021/);
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: authorizationCode(await browser.submitConsent(consent)),
      ...app,
    });
    const eva = twins.find(({ name }) => name === 'Eva Rivera');
    expect(token.patient).toBe(eva?.patientId);
  });
});

describe('SMART App Launch 2.2 §3.0.2.3: fhirUser of a representative', () => {
  it('is the RelatedPerson, patient is the represented record, and both can be read', async () => {
    const child = await first('representative');
    const token = await connectTo(child, { scope: 'openid fhirUser launch/patient patient/Patient.rs' });
    const fhirUser = String(decodeJwt(token.id_token ?? '')['fhirUser']);
    expect(token.patient).toBe(child.patient_id);
    expect(fhirUser).toBe(`http://localhost:8080${R4}/RelatedPerson/${child.related_person_id}`);
    const read = await getFhir(server.app, new URL(fhirUser).pathname, token.access_token);
    expect(read.json()).toMatchObject({
      resourceType: 'RelatedPerson',
      patient: { reference: expect.stringContaining(child.patient_id) },
    });
  });
  it('is the Patient for their own record', async () => {
    const own = await first('self');
    const token = await connectTo(own, { scope: 'openid fhirUser patient/Patient.rs' });
    expect(decodeJwt(token.id_token ?? '')['fhirUser']).toBe(`http://localhost:8080${R4}/Patient/${own.patient_id}`);
  });
});

describe('a representation that has ended', () => {
  afterEach(async () => {
    await server.db.queryText('update representation set ended_at = null, ended_for = null where account_id = $1', [
      (await first('self')).account_id,
    ]);
  });

  it('while the page is open shares nothing, and never another record than the page named', async () => {
    const children = await held('representative');
    const browser = new PatientBrowser(server.app);
    const page = await browser.chooseRecord(await ask(browser), keyOf(await first('representative')));
    const ids = (child: HeldRecord) => ({ accountId: child.account_id as never, recordId: child.record_id as never });
    for (const child of children) await endRepresentation(server.db, server.clock, { ...ids(child), reason: 'x' });
    const done = await browser.submitConsent(page);
    expect({ status: done.status, location: done.location }).toEqual({ status: 400, location: undefined });
    expect(done.body).toContain('can no longer be shared');
  });

  it('ends the tokens within a second, and refreshes are rejected with the reason', async () => {
    const child = await first('representative');
    const token = await connectTo(child, { scope: 'offline_access patient/*.rs' });
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
    const ids = { accountId: child.account_id as never, recordId: child.record_id as never };
    await endRepresentation(server.db, server.clock, { ...ids, reason: 'came of age' });
    server.clock.advance(1000);
    const denial = await getFhir(server.app, `${R4}/Patient`, token.access_token);
    expect(denial.statusCode).toBe(401);
    expect(denial.json().issue[0].details.text).toMatch(/no longer represents/);
    expect(await refresh(token)).toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: expect.stringMatching(/no longer represents/),
    });
  });
});
