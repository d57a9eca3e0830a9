import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { lockAccount, unlockAccount } from '../../../src/identity/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import { endGrant, listGrants } from '../../../src/oauth/index.ts';
import { addApp, setAppState, type TestApp } from '../../support/apps/apps.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import { connectApp, getFhir, R4, requestToken, type TokenAnswer } from '../../support/people/patient.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
let other: Awaited<ReturnType<typeof createApp>>['app'];
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
  ({ app: other } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } }));
});
afterAll(async () => {
  await other.close();
  await server.close();
});

const refresh = (token: TokenAnswer, client: TestApp = app) =>
  requestToken(server.app, {
    grant_type: 'refresh_token',
    refresh_token: token.refresh_token ?? '',
    client_id: client.client_id,
    client_secret: client.client_secret ?? '',
  });
const read = (token: TokenAnswer, process = server.app) => getFhir(process, `${R4}/Patient`, token.access_token);

/**
 * Puts the token into the caches of both processes and ends the grant. Expects that both reject the token a second
 * later, and that the refresh error states the reason.
 */
async function expectEnded(token: TokenAnswer, end: () => Promise<unknown>, reason: RegExp, client: TestApp = app) {
  for (const process of [server.app, other]) expect((await read(token, process)).statusCode).toBe(200);
  await end();
  server.clock.advance(1000);
  for (const process of [server.app, other]) {
    const denial = await read(token, process);
    expect(denial.statusCode).toBe(401);
    expect(denial.json().issue[0].details.text).toMatch(reason);
  }
  const denial = await refresh(token, client);
  expect(denial.status).toBe(400);
  expect(denial.error_description).toMatch(reason);
}

let personCount = 0;
/** Adds a person whom no other test of this file uses. */
function newPerson(): Promise<LivePerson> {
  personCount += 1;
  const name = [{ family: `Number ${personCount}` }];
  const patient = { resourceType: 'Patient', id: `ended-${personCount}`, name, gender: 'other' };
  return addLivePatient(server, [textInput('people', JSON.stringify(patient))]);
}

const grantOf = async (person: LivePerson) => {
  const [grant] = await listGrants(server.db, { username: person.username });
  if (grant === undefined) throw new Error('there is a grant');
  return grant.grant_id;
};

describe('a grant ends within a second in every process, and refreshes are rejected with the reason', () => {
  it('when the patient ends it, or staff at the patient’s request', async () => {
    for (const [by, reason] of [
      ['patient', /The patient ended this access/],
      ['staff', /The practice ended this access/],
    ] as const) {
      const person = await newPerson();
      const token = await connectApp(server.app, app, {}, {}, person);
      const grantId = await grantOf(person);
      await expectEnded(
        token,
        () => server.db.transaction((tx) => endGrant(tx, server.clock.now(), grantId, by)),
        reason,
      );
    }
  });
  it('and allowing the app again does not revive the old tokens', async () => {
    const person = await newPerson();
    const old = await connectApp(server.app, app, {}, {}, person);
    const grantId = await grantOf(person);
    await server.db.transaction((tx) => endGrant(tx, server.clock.now(), grantId, 'patient'));
    const fresh = await connectApp(server.app, app, {}, {}, person);
    server.clock.advance(1000);
    expect((await read(fresh)).statusCode).toBe(200);
    expect((await read(old)).statusCode).toBe(401);
    expect((await refresh(old)).error).toBe('invalid_grant');
    expect((await refresh(fresh)).status).toBe(200);
  });
  it('when an administrator suspends the app', async () => {
    const suspended = await addApp(server);
    const token = await connectApp(server.app, suspended);
    await expectEnded(token, () => setAppState(server, suspended, 'suspended'), /suspended/, suspended);
  });
  it('when staff lock the account, and unlocking restores it', async () => {
    const person = await newPerson();
    const token = await connectApp(server.app, app, {}, {}, person);
    await expectEnded(token, () => lockAccount(server.db, server.clock, person.username, 'lost phone'), /locked/);
    await unlockAccount(server.db, person.username);
    expect((await read(token)).statusCode).toBe(200);
  });
  it('when the duration that the patient chose has passed, whatever the tokens’ own expiry', async () => {
    const person = await newPerson();
    const token = await connectApp(
      server.app,
      app,
      { scope: 'offline_access patient/*.rs' },
      { duration: 'P1D' },
      person,
    );
    const end = new Date(String((token as { access_grant_expiration?: string }).access_grant_expiration));
    expect(Math.abs(end.getTime() - server.clock.now().getTime() - 86_400_000)).toBeLessThan(60_000);
    server.clock.advance(86_400_000 - 600_000);
    const late = await refresh(token);
    expect(late).toMatchObject({ status: 200 });
    expect(late.expires_in).toBeLessThanOrEqual(600);
    await expectEnded(late, async () => server.clock.advance(600_000), /time that the patient chose|expired/);
  });
});

describe('every response with a refresh token says when access ends', () => {
  const ends = (token: TokenAnswer) =>
    token as TokenAnswer & { refresh_expires_in: number; access_grant_expiration: string };
  it('refresh_expires_in in seconds, access_grant_expiration in RFC 3339, after a refresh too; ONC (g)(10)(v): at least three months', async () => {
    const first = await connectApp(server.app, app, { scope: 'offline_access patient/*.rs' });
    for (const token of [first, await refresh(first)].map(ends)) {
      expect(token.refresh_expires_in).toBe(93 * 86_400);
      expect(token.access_grant_expiration).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      const seconds = (Date.parse(token.access_grant_expiration) - server.clock.now().getTime()) / 1000;
      expect(Math.abs(seconds - token.refresh_expires_in)).toBeLessThan(5);
    }
  });
  it('and a response without one does not', async () => {
    const token = ends(await connectApp(server.app, app, { scope: 'offline_access patient/*.rs' }, { offline: 'no' }));
    expect({
      refresh_token: token.refresh_token,
      refresh_expires_in: token.refresh_expires_in,
      access_grant_expiration: token.access_grant_expiration,
    }).toEqual({ refresh_token: undefined, refresh_expires_in: undefined, access_grant_expiration: undefined });
  });
});

describe('a read that waits for the database', () => {
  /**
   * Sends a read that waits for the database, and makes a change meanwhile.
   * @returns the status of the response, and the outcomes in the audit log
   */
  async function readDuring(change: (grantId: string, person: LivePerson) => Promise<unknown>) {
    const person = await newPerson();
    const token = await connectApp(server.app, app, {}, {}, person);
    const holder = new pg.Client({ connectionString: server.databaseUrl });
    await holder.connect();
    await holder.query('begin; lock table resource in access exclusive mode');
    const reading = read(token);
    // A statement that takes less than half a second records what it finds.
    const waitsLong = `${WAITING_FOR_LOCK} and xact_start < clock_timestamp() - interval '500 milliseconds'`;
    await until(async () => (await server.db.queryText(waitsLong, [])).length > 0);
    const grantId = await grantOf(person);
    await change(grantId, person);
    server.clock.advance(1000);
    await holder.query('commit');
    await holder.end();
    const { statusCode } = await reading;
    const events = await server.db.queryText<{ outcome: string; problem: string | null }>(
      "select outcome, detail ->> 'problem' as problem from audit_event where grant_id = $1 and kind = 'search'",
      [grantId],
    );
    return { statusCode, events };
  }

  it('is denied, and recorded as denied, if access has ended meanwhile', async () => {
    const { statusCode, events } = await readDuring((grantId) =>
      server.db.transaction((tx) => endGrant(tx, server.clock.now(), grantId, 'patient')),
    );
    expect({ statusCode, events }).toEqual({
      statusCode: 401,
      events: [{ outcome: 'failure', problem: 'invalid_token' }],
    });
  });

  it('is denied, and recorded as denied, if the person has withdrawn the requested data meanwhile', async () => {
    const { statusCode, events } = await readDuring((_grantId, person) =>
      connectApp(server.app, app, {}, { allow: ['Immunization'], earlier: 'yes' }, person),
    );
    expect({ statusCode, events }).toEqual({
      statusCode: 403,
      events: [{ outcome: 'failure', problem: 'scope-denied' }],
    });
  });
});
