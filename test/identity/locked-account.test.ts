import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSession, lockAccount, unlockAccount } from '../../src/identity/index.ts';
import { textOf } from '../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../support/people/live-patient.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let person: LivePerson;
beforeAll(async () => {
  server = await startServer();
  person = await addLivePatient(server);
});
afterAll(() => server.close());

const lock = () => server.db.transaction((tx) => lockAccount(tx, server.clock, person.username, 'lost phone'));
const unlock = () => server.db.transaction((tx) => unlockAccount(tx, person.username));
const sessionOf = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));
const errorText = (html: string) => textOf(html, '.error-summary');

describe('an account that the practice locked', () => {
  it('says so only to a person who knows the password', async () => {
    const browser = new PatientBrowser(server.app);
    const wrong = { ...person, password: 'wrong' };
    const before = await browser.signIn('/sign-in', wrong);
    await lock();
    const guessed = await browser.signIn('/sign-in', wrong);
    expect({ status: guessed.status, error: errorText(guessed.body) }).toEqual({
      status: before.status,
      error: errorText(before.body),
    });
    const known = await browser.signIn('/sign-in', person);
    expect(known.status).toBe(403);
    expect(errorText(known.body)).toContain('This account is locked. Ask your practice');
    expect(browser.cookie('session')).toBeUndefined();
    await unlock();
  });

  it('is signed out everywhere immediately, and stays signed out when it is unlocked', async () => {
    const browser = new PatientBrowser(server.app);
    expect((await browser.signIn('/sign-in', person)).status).toBe(303);
    expect(await sessionOf(browser)).toMatchObject({ accountId: person.accountId, kind: 'patient' });
    await lock();
    expect(await sessionOf(browser)).toBeUndefined();
    await unlock();
    expect(await sessionOf(browser)).toBeUndefined();
    expect((await browser.signIn('/sign-in', person)).status).toBe(303);
    expect(await sessionOf(browser)).toBeDefined();
  });

  it('has no session even if one was created while it was being locked', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', person);
    await server.db.queryText('update account set locked_at = $2 where account_id = $1', [
      person.accountId,
      server.clock.now(),
    ]);
    expect(await sessionOf(browser)).toBeUndefined();
    await unlock();
    expect(await sessionOf(browser)).toBeUndefined();
  });

  it('records when and why it was first locked, and the audit log has sign-in attempts', async () => {
    await lock();
    const since = async () =>
      server.db.queryText<{ locked_at: Date; locked_for: string }>(
        'select locked_at, locked_for from account where account_id = $1',
        [person.accountId],
      );
    const [first] = await since();
    server.clock.advance(60_000);
    await lock();
    expect(await since()).toEqual([first]);
    expect(first?.locked_for).toBe('lost phone');
    await new PatientBrowser(server.app).signIn('/sign-in', person);
    const [event] = await server.db.queryText<object>(
      `select kind, outcome, account_id from audit_event where account_id = $1 order by at desc limit 1`,
      [person.accountId],
    );
    expect(event).toEqual({ kind: 'sign-in', outcome: 'failure', account_id: person.accountId });
    await unlock();
  });

  it('is never a sandbox account, and never one that does not exist', async () => {
    for (const username of ['patientapitest', 'staffapitest', 'guardianapitest', ' PatientApiTest ']) {
      await expect(server.db.transaction((tx) => lockAccount(tx, server.clock, username, ''))).rejects.toThrow(
        /can't be locked/,
      );
    }
    await expect(server.db.transaction((tx) => unlockAccount(tx, 'nobody'))).rejects.toThrow(/no account/);
    expect((await new PatientBrowser(server.app).signIn('/sign-in')).status).toBe(303);
  });
});
