import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import { projections } from '../../../src/fhir/index.ts';
import { addRepresentation } from '../../../src/identity/index.ts';
import { type MergeDeps, mergePatients, retractFromPatient, unmergePatients } from '../../../src/intake/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import { addBackendApp, callApi, LIVE, runExport } from '../../fhir/export/export-client.ts';
import { addPatientWithRecord, addRepresentativeOf, signInBrowser, subject } from '../../patient-portal/patients.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { textOf, textsOf } from '../../support/browser/html.ts';
import { findRecordId, type LivePerson } from '../../support/people/live-patient.ts';
import { mergeNotifier } from '../../support/people/merged-people.ts';
import {
  authorizationCode,
  connectApp,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
  type TestUser,
  type TokenAnswer,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const shot = {
  resourceType: 'Immunization',
  id: 'shot',
  status: 'completed',
  patient: subject,
  vaccineCode: { text: 'Flu' },
};
const author = { by: 'test' };
/** Adds two patients, each with an account and one resource. */
const two = async (): Promise<readonly [LivePerson, LivePerson]> => [
  await addPatientWithRecord(server, [shot]),
  await addPatientWithRecord(server, [shot]),
];
const act = <Done>(work: (deps: MergeDeps) => Promise<Done>): Promise<Done> => {
  const { db, clock } = server;
  clock.advance(2000);
  return db.transaction((tx) =>
    work({
      tx,
      clock,
      random,
      projections,
      audit: createAuditLog({ db, clock, random }),
      notifier: mergeNotifier(clock),
    }),
  );
};
const merge = (merged: LivePerson, into: LivePerson) =>
  act((deps) =>
    mergePatients(deps, {
      practiceId: LIVE,
      patientId: merged.patientId,
      into: into.patientId,
      said: 'operator',
      source: undefined,
      author,
    }),
  );
const unmerge = ({ patientId }: LivePerson) =>
  act((deps) => unmergePatients(deps, { practiceId: LIVE, patientId, author }));
/** Connects an app that gets offline access. */
const allow = (person: TestUser, browser?: PatientBrowser) =>
  connectApp(server.app, app, { scope: 'launch/patient patient/*.rs offline_access' }, {}, person, browser);
const read = (token: TokenAnswer, path = 'Immunization') => getFhir(server.app, `${R4}/${path}`, token.access_token);
const statusOf = async (token: TokenAnswer, path?: string) => (await read(token, path)).statusCode;
const refresh = (token: TokenAnswer) =>
  requestToken(server.app, { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', ...app });

const recordNumber = async ({ patientId }: LivePerson) =>
  (
    await server.db.queryText<{ record_id: number }>('select record_id from record where patient_id = $1', [patientId])
  )[0]?.record_id;

describe('access to a record that is merged', () => {
  it('ends: neither its tokens nor its account read the remaining record, and undoing the merge restores no token', async () => {
    const [remaining, merged] = await two();
    const [remainingToken, goneToken] = [await allow(remaining), await allow(merged)];
    const done = await merge(merged, remaining);
    expect(done).toMatchObject({
      done: true,
      ended: [{ username: merged.username, relationship: 'self' }],
      askAgain: 0,
    });
    const ended = await server.db.queryText<object>(
      "select kind, account_id, client_id, outcome from audit_event where record_id = $1 and detail->>'for' = 'merge' order by kind",
      [await recordNumber(merged)],
    );
    expect(ended).toEqual([
      { kind: 'account', account_id: merged.accountId, client_id: null, outcome: 'success' },
      { kind: 'revocation', account_id: merged.accountId, client_id: app.client_id, outcome: 'success' },
    ]);
    expect(await statusOf(goneToken)).toBe(401);
    await expect(refresh(goneToken)).resolves.toMatchObject({ error: 'invalid_grant' });
    expect((await read(remainingToken)).json().total).toBe(2);
    const browser = await signInBrowser(server, merged);
    expect((await browser.get(`/account/${remaining.key}/log`)).status).toBe(404);
    expect((await browser.get(`/account/${merged.key}/log`)).status).toBe(404);

    expect(await unmerge(merged)).toMatchObject({ restored: [{ username: merged.username }], ended: [] });
    expect(await statusOf(goneToken)).toBe(401);
    await expect(refresh(goneToken)).resolves.toMatchObject({ error: 'invalid_grant' });
    expect((await browser.get(`/account/${merged.key}/log`)).status).toBe(200);
    expect((await read(await allow(merged))).json().total).toBe(1);
    expect((await read(remainingToken)).json().total).toBe(1);
  });

  it('by an app that one person gave access to both: the app has to request it again', async () => {
    const [remaining, merged] = await two();
    const caregiver = await addRepresentativeOf(server, remaining);
    const first = await allow(caregiver);
    await addRepresentation(server.db, {
      accountId: caregiver.accountId,
      recordId: await findRecordId(server, merged),
      relatedPersonId: random.uuid(),
    });
    const browser = new PatientBrowser(server.app);
    const query = { response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri };
    const page = await browser.chooseRecord(await browser.authorize(query, caregiver), merged.key);
    const code = authorizationCode(await browser.submitConsent(page));
    const second = await requestToken(server.app, { grant_type: 'authorization_code', code, ...app });
    expect({ first: await statusOf(first), second: await statusOf(second) }).toEqual({ first: 200, second: 200 });
    expect(await merge(merged, remaining)).toMatchObject({ askAgain: 1 });
    expect({ first: await statusOf(first), second: await statusOf(second) }).toEqual({ first: 401, second: 401 });
    expect((await read(await allow(caregiver))).json().total).toBe(2);
  });

  it('that was granted after the merge ends when it is undone, with the apps it was given to', async () => {
    const [remaining, merged] = await two();
    await merge(merged, remaining);
    server.clock.advance(1000);
    const late = await addRepresentativeOf(server, remaining);
    await server.db.queryText('update representation set began_at = $2 where account_id = $1', [
      late.accountId,
      server.clock.now(),
    ]);
    const token = await allow(late);
    expect((await read(token)).json().total).toBe(2);
    expect(await unmerge(merged)).toMatchObject({ ended: [{ username: late.username }] });
    expect(await statusOf(token)).toBe(401);
    const recordId = await findRecordId(server, remaining);
    await addRepresentation(server.db, { accountId: late.accountId, recordId, relatedPersonId: random.uuid() });
    expect(await statusOf(token)).toBe(401);
  });
});

describe('the access log', () => {
  /** Names of the apps in the rows of the access log page, newest first. */
  const log = async (person: LivePerson) =>
    textsOf(await (await signInBrowser(server, person)).get(`/account/${person.key}/log`), 'td').filter(
      (cell) => cell === 'Vaccinations',
    ).length;

  it('of the remaining record has the events of the other, and lists a reader of both once', async () => {
    const [remaining, merged] = await two();
    await read(await allow(merged));
    expect(await log(remaining)).toBe(0);
    await merge(merged, remaining);
    expect(await log(remaining)).toBe(1);
    await read(await allow(remaining));
    expect(await log(remaining)).toBe(2);
    const { readers } = (await unmerge(merged)) as Exclude<Awaited<ReturnType<typeof unmerge>>, { refused: string }>;
    expect(readers.filter(({ clientId }) => clientId !== undefined)).toMatchObject([
      { clientId: app.client_id, app: 'Test App', person: remaining.username, reads: 1 },
    ]);
    expect({ kept: await log(remaining), gone: await log(merged) }).toEqual({ kept: 1, gone: 1 });
  });

  it('lists readers of a record while it contained another person’s data', async () => {
    const [wrong, right] = await two();
    const token = await allow(wrong);
    const { entry } = (await read(token)).json();
    const key = { type: 'Immunization', id: entry[0].resource.id as string };
    const done = await act((deps) =>
      retractFromPatient(deps, {
        practiceId: LIVE,
        resources: [key],
        to: right.patientId,
        author,
        namesOf: (type) => [type],
      }),
    );
    expect(done).toMatchObject({
      readers: [{ clientId: app.client_id, person: wrong.username, reads: 1, ofTypes: 1 }],
    });
    expect(await statusOf(token, `Immunization/${key.id}`)).toBe(410);
  });
});

describe('the pages of the patient', () => {
  it('show both Patients, the active one first', async () => {
    const [remaining, merged] = await two();
    await merge(merged, remaining);
    const page = await (await signInBrowser(server, remaining)).get(`/account/${remaining.key}/record/about`);
    expect(page.status).toBe(200);
    const numbers = [...textOf(page).matchAll(/Pat Number (\d+)/g)].map(([, number]) => Number(number));
    const [older, newer] = [Math.min(...numbers), Math.max(...numbers)];
    expect(newer).toBe(older + 1);
    // The page header has the name of the active Patient too, so that number may occur more than once.
    expect(numbers.lastIndexOf(older)).toBeLessThan(numbers.indexOf(newer));
  });
});

describe('files of exports', () => {
  it('that contain since retracted or separated resources aren’t served any more', async () => {
    const service = await addBackendApp(server);
    const token = await service.token();
    const [remaining, merged] = await two();
    await merge(merged, remaining);
    server.clock.advance(1000);
    const { done } = await runExport(server, token, '/Patient/$export?_type=Immunization');
    const url = done.output[0]?.url ?? '';
    expect((await callApi(server, token, url)).statusCode).toBe(200);
    await unmerge(merged);
    expect((await callApi(server, token, url)).statusCode).toBe(404);

    const again = (await runExport(server, token, '/Patient/$export?_type=Immunization')).done.output[0]?.url ?? '';
    const sent = await callApi(server, token, again);
    expect(sent.statusCode).toBe(200);
    const one = sent.body.split('\n').find((line) => line.includes(remaining.patientId)) ?? '{}';
    server.clock.advance(1000);
    await act((deps) =>
      retractFromPatient(deps, {
        practiceId: LIVE,
        resources: [{ type: 'Immunization', id: JSON.parse(one).id }],
        to: undefined,
        author,
        namesOf: (type) => [type],
      }),
    );
    expect((await callApi(server, token, again)).statusCode).toBe(404);
  });
});
