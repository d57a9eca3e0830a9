import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog, type RecordReaderSummary } from '../../../src/audit/index.ts';
import { createEnrollments } from '../../../src/enrollment/index.ts';
import { projections } from '../../../src/fhir/index.ts';
import {
  type MergeDeps,
  mergePatients,
  retractFromPatient,
  textInput,
  unmergePatients,
} from '../../../src/intake/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import { createEmailQueue } from '../../../src/mail/index.ts';
import { LIVE } from '../../fhir/export/export-client.ts';
import { addPatientWithRecord, signInBrowser, subject } from '../../patient-portal/patients.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { inClear } from '../../support/in-clear.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../../support/people/live-patient.ts';
import { mergeNotifier } from '../../support/people/merged-people.ts';
import {
  authorizationCode,
  connectApp,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
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
const createPatient = () => addPatientWithRecord(server, [shot]);
const act = <Done>(work: (deps: MergeDeps) => Promise<Done | { readonly refused: string }>): Promise<Done> => {
  const { db, clock } = server;
  clock.advance(2000);
  return db.transaction(async (tx) => {
    const audit = createAuditLog({ db, clock, random });
    const done = await work({ tx, clock, random, projections, audit, notifier: mergeNotifier(clock) });
    if (typeof done === 'object' && done !== null && 'refused' in done) throw new Error(done.refused);
    return done as Done;
  });
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
const allow = (person: LivePerson) => connectApp(server.app, app, { scope: 'launch/patient patient/*.rs' }, {}, person);
const read = (token: TokenAnswer) => getFhir(server.app, `${R4}/Immunization`, token.access_token);
/** Returns the emails to an address, newest first. */
const mailTo = (email: string) =>
  server.db.queryText<{ subject: string; content: string }>(
    'select subject, content from mail where recipient = $1 order by created_at desc',
    [email],
  );
async function withAddress(person: LivePerson, language: 'en' | 'es'): Promise<string> {
  const email = `${person.username}@home.example`;
  await server.db.queryText('update account set email = $2, language = $3 where account_id = $1', [
    person.accountId,
    email,
    language,
  ]);
  return email;
}

describe('a person who can no longer open a record', () => {
  it('because it was merged is notified by email, in their language, and again when that is undone', async () => {
    const [remaining, merged] = [await createPatient(), await createPatient()];
    const [hers, theirs] = [await withAddress(merged, 'es'), await withAddress(remaining, 'en')];
    await merge(merged, remaining);
    const [mail, ...others] = await mailTo(hers);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('Su acceso a un expediente médico terminó');
    expect(mail?.content).toMatch(/^Hola, .*El expediente de Pat Number \d+ que su cuenta podía abrir/s);
    await unmerge(merged);
    expect((await mailTo(hers))[0]?.subject).toBe('Ya puede abrir de nuevo un expediente médico');
    expect(await mailTo(theirs)).toEqual([]);
  });

  it('because they were given access after the merge is notified when it is undone', async () => {
    const [remaining, merged, late] = [await createPatient(), await createPatient(), await createPatient()];
    const email = await withAddress(late, 'en');
    await merge(merged, remaining);
    server.clock.advance(1000);
    await server.db.queryText(
      `insert into representation (account_id, record_id, relationship, began_at) values ($1, $2, 'representative', $3)`,
      [late.accountId, await findRecordId(server, remaining), server.clock.now()],
    );
    await unmerge(merged);
    const [mail] = await mailTo(email);
    expect(mail?.subject).toBe('Your access to a health record has ended');
    expect(mail?.content).toContain('found that they belong to two patients');
  });

  it('and has no email address isn’t notified, and the merge succeeds', async () => {
    const [remaining, merged] = [await createPatient(), await createPatient()];
    await server.db.queryText('update account set email = null where account_id = $1', [merged.accountId]);
    expect(await merge(merged, remaining)).toMatchObject({ done: true, ended: [{ username: merged.username }] });
  });
});

it('who was invited to the merged record can’t use that invitation after it is separated; earlier invitations work', async () => {
  const { db, clock } = server;
  const merged = await createPatient();
  const address = [{ use: 'home', line: ['1 Main Street'], postalCode: '60601' }];
  const invited = { resourceType: 'Patient', id: random.uuid(), name: [{ text: 'Kay Kept' }], birthDate: '1974-07-04' };
  const remaining = await addLivePatient(server, [textInput('kept.ndjson', JSON.stringify({ ...invited, address }))]);
  await db.queryText('delete from representation where account_id = $1', [remaining.accountId]);
  const post = createEmailQueue({ clock, random, encryption: inClear, sends: false });
  const audit = createAuditLog({ db, clock, random });
  const enrollments = createEnrollments({ db, clock, random, audit, post, publicUrl: 'http://localhost' });
  const by = { accountId: undefined, requestId: 'test' };
  const recordId = await findRecordId(server, remaining);
  const invite = () =>
    enrollments.invite(by, { recordId, whom: { kind: 'patient' }, email: undefined, language: 'en' });
  const states = async () => (await enrollments.listForRecord(recordId)).map(({ state }) => state);
  await merge(merged, remaining);
  clock.advance(1000);
  await invite();
  expect(await states()).toEqual(['open']);
  expect(await unmerge(merged)).toMatchObject({ invitations: 1 });
  expect(await states()).toEqual(['cancelled']);
  clock.advance(1000);
  await invite();
  await merge(merged, remaining);
  expect(await unmerge(merged)).toMatchObject({ invitations: 0 });
  expect(await states()).toEqual(['open', 'cancelled']);
});

describe('a flow that was in progress when a record was merged', () => {
  const query = () => ({ response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri });

  it('a consent given afterwards grants nothing', async () => {
    const [remaining, merged] = [await createPatient(), await createPatient()];
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(query(), merged);
    await merge(merged, remaining);
    const { headers } = await browser.submitConsent(page);
    expect(String(headers.location)).toContain('error=access_denied');
  });

  it('an earlier code is invalid, and stays invalid when the merge is undone', async () => {
    const [remaining, merged] = [await createPatient(), await createPatient()];
    const browser = new PatientBrowser(server.app);
    const code = authorizationCode(await browser.submitConsent(await browser.authorize(query(), merged)));
    const exchange = () => requestToken(server.app, { grant_type: 'authorization_code', code, ...app });
    await merge(merged, remaining);
    expect(await exchange()).toMatchObject({ error: 'invalid_grant' });
    await unmerge(merged);
    expect(await exchange()).toMatchObject({ error: 'invalid_grant' });
  });

  it('a signed-in browser sees neither record with the account of the merged one', async () => {
    const [remaining, merged] = [await createPatient(), await createPatient()];
    const browser = await signInBrowser(server, merged);
    await merge(merged, remaining);
    for (const { key } of [remaining, merged])
      for (const page of ['log', 'record/about', 'record/download'])
        expect((await browser.get(`/account/${key}/${page}`)).status).toBe(404);
  });
});

describe('readers in the meantime', () => {
  const apps = (readers: readonly RecordReaderSummary[]) => readers.filter(({ clientId }) => clientId !== undefined);

  it('of retracted data include those before it arrived with a merge, and no others of that time', async () => {
    const [remaining, merged] = [await createPatient(), await createPatient()];
    const token = await allow(merged);
    const [{ resource }] = (await read(token)).json().entry;
    await read(await allow(remaining));
    await merge(merged, remaining);
    const { readers } = await act((deps) =>
      retractFromPatient(deps, {
        practiceId: LIVE,
        resources: [{ type: 'Immunization', id: resource.id }],
        to: undefined,
        author,
        namesOf: (type) => [type],
      }),
    );
    expect(apps(readers)).toMatchObject([{ person: merged.username, reads: 1, ofTypes: 1 }]);
  });

  it('of a separated record include those who read it in a third that both were merged into', async () => {
    const [a, b, c] = [await createPatient(), await createPatient(), await createPatient()];
    await merge(a, b);
    await merge(b, c);
    await read(await allow(c));
    expect(apps((await unmerge(b)).readers)).toMatchObject([{ person: c.username, reads: 1 }]);
    await read(await allow(c));
    expect(apps((await unmerge(a)).readers)).toMatchObject([{ person: c.username, reads: 1 }]);
  });
});
