import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endRepresentation, lockAccount, unlockAccount } from '../../src/identity/index.ts';
import { textInput } from '../../src/intake/index.ts';
import { type AccountId, systemClock as clock } from '../../src/kernel/index.ts';
import { endAccessThroughAccount } from '../../src/oauth/index.ts';
import { addApp, setAppState, type TestApp } from '../support/apps/apps.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { connectApp, encodeForm, type Fields, FORM, OAUTH } from '../support/people/patient.ts';
import { runCli } from '../support/servers/command-line.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const DAY = 86_400_000;
const LONG = { timeout: 60_000 };

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server, { name: 'Blood sugar' });
});
afterAll(() => server.close());

async function run(args: readonly string[], settings: { json?: boolean; env?: Record<string, string> } = {}) {
  const { json = true, env = {} } = settings;
  const ran = await runCli([...args, ...(json ? ['--json'] : [])], { DATABASE_URL: server.databaseUrl, ...env });
  return { ...ran, value: json && ran.out !== '' ? JSON.parse(ran.out) : undefined };
}

let personCount = 0;
function newPerson(): Promise<LivePerson> {
  personCount += 1;
  const patient = {
    resourceType: 'Patient',
    id: `g-${personCount}`,
    name: [{ family: `No ${personCount}` }],
    gender: 'other',
  };
  return addLivePatient(server, [textInput('people', JSON.stringify(patient))]);
}

const grantOf = async ({ username }: LivePerson, env = {}) =>
  (await run(['grants', 'list', '--username', username], { env })).value[0];
const lineOf = async ({ username }: LivePerson) =>
  (await run(['grants', 'list', '--username', username], { json: false })).out.split('\n')[2];
const end = (grantId: string, ...args: readonly string[]) => run(['grants', 'end', grantId, ...args]);

async function withAccess(query: Fields = {}, changes: Fields = {}, client = app) {
  const person = await newPerson();
  return { person, token: await connectApp(server.app, client, query, changes, person) };
}
const OFFLINE = { scope: 'offline_access patient/*.rs' };

describe('grants list: the state is what an app would experience', LONG, () => {
  it('active, until it is stopped or as chosen', async () => {
    const { person } = await withAccess();
    expect(await grantOf(person)).toMatchObject({ state: 'active', expires_at: null, app: 'Blood sugar' });
    expect(await lineOf(person)).toMatch(/ {2}no end date {2}active$/);
    const day = await withAccess(OFFLINE, { duration: 'P1D' });
    const { state, expires_at } = await grantOf(day.person);
    expect(state).toBe('active');
    expect(Math.abs(Date.parse(expires_at) - Date.now() - DAY)).toBeLessThan(60_000);
  });

  it('ended by the patient or by staff; the end date is unchanged', async () => {
    for (const by of ['patient', 'staff']) {
      for (const duration of ['P1D', '']) {
        const { person } = await withAccess(OFFLINE, duration === '' ? {} : { duration });
        const before = await grantOf(person);
        expect((await end(before.grant_id, '--by', by)).code).toBe(0);
        expect(await grantOf(person)).toMatchObject({
          state: `ended by ${by}`,
          ended_by: by,
          expires_at: before.expires_at,
          scope: '',
        });
        const until = duration === '' ? 'no end date' : before.expires_at;
        expect(await lineOf(person)).toMatch(new RegExp(` {2}${until} {2}ended by ${by}$`));
      }
    }
  });

  it('“until” is that of the last valid consent, not of a lapsed one', async () => {
    const person = await newPerson();
    server.clock.advance(-3 * DAY);
    await connectApp(server.app, app, {}, {}, person);
    server.clock.advance(3 * DAY);
    await connectApp(server.app, app, OFFLINE, { duration: 'P1D' }, person);
    const { grant_id, expires_at } = await grantOf(person);
    expect(expires_at).not.toBeNull();
    await end(grant_id, '--by', 'patient');
    expect((await grantOf(person)).expires_at).toBe(expires_at);
  });

  it('RFC 7009 §2.1: ended by app, if the app revoked its refresh token', async () => {
    const { person, token } = await withAccess();
    const { client_id, client_secret } = app;
    const payload = encodeForm({ token: token.refresh_token ?? '', client_id, client_secret });
    await server.app.inject({ method: 'POST', url: `${OAUTH}/token/revoke`, headers: FORM, payload });
    expect(await grantOf(person)).toMatchObject({ state: 'ended by app', scope: '' });
  });

  it('expired, when the chosen duration has passed', async () => {
    server.clock.advance(-2 * DAY);
    const { person } = await withAccess(OFFLINE, { duration: 'P1D' });
    server.clock.advance(2 * DAY);
    const { state, expires_at } = await grantOf(person);
    expect(state).toBe('expired');
    expect(Date.parse(expires_at)).toBeLessThan(Date.now());
  });

  it('lapsed, if no token is valid anymore, and then without “no end date”', async () => {
    server.clock.advance(-3 * DAY);
    const { person } = await withAccess();
    server.clock.advance(3 * DAY);
    expect((await grantOf(person)).state).toBe('lapsed');
    await server.purgeExpired();
    const line = await lineOf(person);
    expect(line).toMatch(/ lapsed$/);
    expect(line).not.toContain('no end date');
  });

  it('account locked, and active again', async () => {
    const { person } = await withAccess();
    await lockAccount(server.db, clock, person.username, 'lost phone');
    expect(await grantOf(person)).toMatchObject({ state: 'account locked', scope: '' });
    await unlockAccount(server.db, person.username);
    expect((await grantOf(person)).state).toBe('active');
  });

  it('no longer a representative, when a representation has ended', async () => {
    const { person } = await withAccess();
    const pair = { accountId: person.accountId as AccountId, recordId: await findRecordId(server, person) };
    await server.db.queryText(`update representation set relationship = 'representative' where account_id = $1`, [
      person.accountId,
    ]);
    await server.db.transaction(async (tx) => {
      await endRepresentation(tx, clock, { ...pair, reason: 'of age' });
      await endAccessThroughAccount(tx, clock.now(), { ...pair, reason: 'this person no longer acts for the patient' });
    });
    expect((await grantOf(person)).state).toBe('representation ended');
  });

  it('app suspended, retired, rejected, or not approved where provisional apps are inactive', async () => {
    const client = await addApp(server);
    const { person } = await withAccess({}, {}, client);
    for (const state of ['suspended', 'retired']) {
      await setAppState(server, client, state);
      expect(await grantOf(person)).toMatchObject({ state: `app ${state}`, scope: '' });
    }
    const fresh = await addApp(server, { state: 'provisional' });
    await connectApp(server.app, fresh);
    const list = ['grants', 'list', '--client', fresh.client_id];
    expect((await run(list)).value[0].state).toBe('active');
    expect((await run(list, { env: { PROVISIONAL_APPS: 'inactive' } })).value[0].state).toBe('app provisional');
    await setAppState(server, fresh, 'rejected');
    expect((await run(list)).value[0].state).toBe('app rejected');
  });
});

describe('grants list: what an app can see', LONG, () => {
  it('is the union of the scopes of all its consents, once each', async () => {
    const person = await newPerson();
    await connectApp(server.app, app, { scope: 'openid patient/Patient.rs patient/Immunization.rs' }, {}, person);
    await connectApp(server.app, app, { scope: 'patient/Patient.rs patient/Condition.rs' }, {}, person);
    expect((await grantOf(person)).scope.split(' ').toSorted()).toEqual([
      'openid',
      'patient/Condition.rs',
      'patient/Immunization.rs',
      'patient/Patient.rs',
    ]);
    expect(await lineOf(person)).toMatch(/ {2}(\w+, ){2}\w+ {2}\d{4}-/);
  });

  it('without what the person has withdrawn since', async () => {
    const { person } = await withAccess({ scope: 'patient/Patient.rs patient/Immunization.rs patient/Condition.rs' });
    const query = { scope: 'patient/Patient.rs patient/Immunization.rs patient/Condition.rs' };
    await connectApp(server.app, app, query, { allow: ['Patient'], earlier: 'yes' }, person);
    expect((await grantOf(person)).scope).toBe('patient/Patient.rs');
    expect(await lineOf(person)).toContain('  Patient  ');
  });

  it('is abbreviated: all, three types and how many more, or no data', async () => {
    const all = await withAccess({ scope: 'patient/*.rs' });
    expect(await lineOf(all.person)).toContain('  all  ');
    const types = ['Patient', 'Immunization', 'Condition', 'Encounter', 'Observation'];
    const some = await withAccess({ scope: types.map((type) => `patient/${type}.rs`).join(' ') });
    expect(await lineOf(some.person)).toMatch(/ {2}\w+, \w+, \w+ and 2 more {2}/);
    const part = await withAccess({ scope: 'patient/Observation.rs?category=laboratory' });
    expect(await lineOf(part.person)).toContain('  Observation (part)  ');
    const none = await withAccess({ scope: 'openid fhirUser' });
    expect(await lineOf(none.person)).toContain('  no data  ');
  });
});

describe('grants list: the person', LONG, () => {
  it('is found in any notation', async () => {
    const { person } = await withAccess();
    for (const args of [
      ['--username', ` ${person.username.toUpperCase()} `],
      ['--patient', person.patientId.toUpperCase()],
    ])
      expect((await run(['grants', 'list', ...args])).value).toEqual([await grantOf(person)]);
  });
  it('gets an error if unknown, and an empty list without grants', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    for (const [args, error] of [
      [['--username', 'nobody-here'], 'There is no account with the username nobody-here.'],
      [['--client', 'nothing'], 'There is no app with the client_id nothing.'],
      [['--patient', unknown], `No patient with the id ${unknown} is loaded.`],
      [['--patient', 'x'], '--patient must be a UUID.'],
    ] as const) {
      const { code, err } = await run(['grants', 'list', ...args]);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(error) });
    }
    const { username, patientId } = await newPerson();
    for (const args of [
      ['--username', username],
      ['--patient', patientId],
    ])
      expect(await run(['grants', 'list', ...args])).toMatchObject({ code: 0, value: [] });
  });
});

describe('grants end', LONG, () => {
  it('requires the name of the requester, and otherwise ends nothing', async () => {
    const { person } = await withAccess();
    const { grant_id } = await grantOf(person);
    expect(await end(grant_id)).toMatchObject({ code: 2, err: expect.stringContaining('--by is missing.') });
    expect((await end(grant_id, '--by', 'me')).err).toContain('patient, staff');
    expect((await grantOf(person)).state).toBe('active');
    expect(await end(grant_id, '--by', 'patient')).toMatchObject({ code: 0, value: { grant_id, ended: true } });
    expect((await end(grant_id, '--by', 'patient')).err).toContain('No active grant');
  });
});
