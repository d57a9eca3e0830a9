import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { createMfaResetLink, findSession, lockAccount, unlockAccount } from '../../src/identity/index.ts';
import { createSession } from '../../src/identity/sessions/session.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { createEmailQueue } from '../../src/mail/index.ts';
import { hiddenFields } from '../support/browser/html.ts';
import { WAITING_FOR_LOCK } from '../support/database/waiting-for-lock.ts';
import { inClear } from '../support/in-clear.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  authenticatorCode,
  authenticatorKey,
  emailLink,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../support/people/account-security.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { listAuditEvents, submitForm } from '../support/people/practice-portal.ts';
import { addPasskey, addStaffMember } from '../support/people/staff.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  // Passwords are hashed at the cost of production. If hashing were faster, the requests would not overlap.
  server = await startServer({ PASSWORD_COST: 'm=19456,t=2' });
});
afterAll(() => server.close());

const NEW_PASSWORD = 'copper lantern orchard drizzle';
const CODE = '/sign-in/second-factor';
const SET_UP = '/sign-in/set-up';
const sessionIn = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));

describe('signing in concurrently with other changes', () => {
  it('the old password does not work for a sign-in that waits in the queue while the password is changed', async () => {
    const person = await addPatientWithEmail(server, { email: 'crossed@example.com' });
    const owner = await signInWithPassword(server, person);
    const form = hiddenFields((await owner.get(`${SECURITY}/password`)).body);
    const others = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const browser = new PatientBrowser(server.app);
        return { browser, fields: hiddenFields((await browser.get('/sign-in')).body) };
      }),
    );
    const { username, password } = person;
    const tries = others.map(({ browser, fields }) => browser.post('/sign-in', { ...fields, username, password }));
    const changed = await owner.post(`${SECURITY}/password`, { ...form, password: NEW_PASSWORD });
    expect(changed.location).toBe(`${SECURITY}?done=password`);
    await Promise.all(tries);
    const open = await Promise.all(others.map(({ browser }) => sessionIn(browser)));
    expect(open.filter((one) => one !== undefined)).toHaveLength(0);
    expect(await sessionIn(owner)).toBeDefined();
  });

  it('a pending MFA challenge is completed once, even with two valid codes', async () => {
    const person = await addPatientWithEmail(server);
    const { key } = await addAuthenticatorApp(server, await signInWithPassword(server, person));
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', person);
    const fields = hiddenFields((await browser.get(CODE)).body);
    const half = browser.cookie('session') ?? '';
    const twins = [0, 1].map((step) => {
      const twin = new PatientBrowser(server.app);
      twin.setCookie('session', half);
      return { twin, code: authenticatorCode(key, server, step) };
    });
    await Promise.all(twins.map(({ twin, code }) => twin.post(CODE, { ...fields, code })));
    const open = await Promise.all(twins.map(({ twin }) => sessionIn(twin)));
    expect(open.filter((one) => one !== undefined)).toHaveLength(1);
  });
});

describe('two actions on one account at the same moment', () => {
  it.each(['link', 'lock'] as const)(
    'are serialized: the practice locks it while a link is used, the %s first',
    async (first) => {
      const email = `the-${first}-first@example.com`;
      const person = await addPatientWithEmail(server, { email });
      await submitForm(new PatientBrowser(server.app), '/forgot', { email });
      await until(async () => (await listEmailsTo(server, email)).length > 0);
      const link = emailLink((await listEmailsTo(server, email))[0], server);
      const browser = new PatientBrowser(server.app);
      const fields = hiddenFields((await browser.get(link)).body);
      const actions = {
        link: () => browser.post(link, { ...fields, password: NEW_PASSWORD }).then(({ status }) => status),
        lock: () => server.db.transaction((tx) => lockAccount(tx, server.clock, person.username, 'lost phone')),
      };
      // Both requests wait for the row of the account, in this order, until the transaction that holds it ends.
      const [one, other] = await server.db
        .transaction(async (tx) => {
          await tx.queryText('select from account where account_id = $1 for update', [person.accountId]);
          const started = actions[first]();
          await until(async () => (await waitingForLock()) === 1);
          const second = actions[first === 'link' ? 'lock' : 'link']();
          await until(async () => (await waitingForLock()) === 2);
          return [started, second];
        })
        .then((both) => Promise.all(both));
      const [status, locked] = first === 'link' ? [one, other] : [other, one];
      expect(status).toBe(first === 'link' ? 303 : 410);
      expect(locked).toBe(person.accountId);
    },
  );
});

async function waitingForLock(): Promise<number> {
  return (await server.db.queryText(WAITING_FOR_LOCK, [])).length;
}

describe('setting up the first second factor of staff', () => {
  it('ends in other browsers as soon as there is one: a password alone cannot add another', async () => {
    const { username, password, accountId } = await addStaffMember(server);
    await server.db.queryText('delete from passkey where account_id = $1', [accountId]);
    const [owner, other] = [new PatientBrowser(server.app), new PatientBrowser(server.app)];
    for (const browser of [owner, other])
      expect((await browser.signIn('/sign-in', { username, password })).location).toMatch(/^\/sign-in\/set-up/);
    const before = await other.get(`${SET_UP}/authenticator-app`);
    const { key } = await addAuthenticatorApp(server, owner, `${SET_UP}/authenticator-app?return_to=%2F`);
    expect((await other.get(`${SET_UP}/authenticator-app`)).location).toBe('/sign-in?return_to=%2F');
    const fields = hiddenFields(before.body);
    for (const path of [SET_UP, `${SET_UP}/authenticator-app`, `${SET_UP}/passkey`])
      await other.post(path, {
        ...fields,
        code: authenticatorCode(authenticatorKey(before), server),
        way: 'app',
        passkey: '{}',
      });
    expect(await sessionIn(other)).toBeUndefined();
    const half = new PatientBrowser(server.app);
    await half.signIn('/sign-in', { username, password });
    expect((await submitForm(half, CODE, { code: authenticatorCode(key, server) })).location).toBe('/practice');
  });
});

describe('an account that the practice locks', () => {
  const lock = (username: string) =>
    server.db.transaction((tx) => lockAccount(tx, server.clock, username, 'somebody else has it'));

  it('keeps its email address: a change that was requested before can no longer be confirmed', async () => {
    const person = await addPatientWithEmail(server, { email: 'locked-old@example.com' });
    const browser = await signInWithPassword(server, person);
    await submitForm(browser, `${SECURITY}/email`, { email: 'locked-new@example.com' });
    const link = emailLink((await listEmailsTo(server, 'locked-new@example.com'))[0], server);
    await lock(person.username);
    expect((await browser.get(link)).status).toBe(410);
    await server.db.transaction((tx) => unlockAccount(tx, person.username));
    expect((await browser.get(link)).status).toBe(410);
  });

  it('cannot be recovered with a link of the practice, even if it has no password', async () => {
    const person = await addPatientWithEmail(server);
    await addPasskey(server, person.accountId);
    await server.db.queryText('update account set password_hash = null where account_id = $1', [person.accountId]);
    await lock(person.username);
    const { db, clock } = server;
    const audit = createAuditLog({ db, clock, random });
    const deps = {
      clock,
      random,
      audit,
      post: createEmailQueue({ clock, random, encryption: inClear, sends: false }),
      brandName: 'Test',
    };
    const link = await db.transaction((tx) =>
      createMfaResetLink(tx, deps, person.accountId, { by: person.accountId, proofing: 'photo-id' }),
    );
    const response = await submitForm(new PatientBrowser(server.app), link, { password: NEW_PASSWORD });
    expect({ status: response.status, saysLocked: response.body.includes('This account is locked') }).toEqual({
      status: 403,
      saysLocked: true,
    });
    expect(await db.queryText('select from passkey where account_id = $1', [person.accountId])).toHaveLength(1);
    const signIns = (await listAuditEvents(server, 'sign-in')).filter(
      ({ account_id }) => account_id === person.accountId,
    );
    expect(signIns).toEqual([]);
  });
});

describe('a new email address', () => {
  it('ends the links sent to the old one, whose reader can no longer set a password', async () => {
    const person = await addPatientWithEmail(server, { email: 'ex@example.com' });
    const browser = await signInWithPassword(server, person);
    await submitForm(browser, `${SECURITY}/email`, { email: 'mine-alone@example.com' });
    const confirm = emailLink((await listEmailsTo(server, 'mine-alone@example.com'))[0], server);
    const isReset = ({ content }: { content: string | null | undefined }) => content?.includes('/reset/') === true;
    await submitForm(new PatientBrowser(server.app), '/forgot', { email: 'ex@example.com' });
    await until(async () => (await listEmailsTo(server, 'ex@example.com')).some(isReset));
    const reset = emailLink((await listEmailsTo(server, 'ex@example.com')).find(isReset), server);
    expect((await submitForm(browser, confirm)).status).toBe(200);
    expect((await browser.get(reset)).status).toBe(410);
  });
});

describe('the key of an authenticator app that is being set up', () => {
  const PAGE = `${SECURITY}/authenticator-app`;

  it('stays the same in this browser when a phone reloads the page on the way back from the app', async () => {
    const browser = await signInWithPassword(server, await addPatientWithEmail(server));
    const page = await browser.get(PAGE);
    const again = await browser.get(PAGE);
    expect(authenticatorKey(again)).toBe(authenticatorKey(page));
    const done = await browser.post(PAGE, {
      ...hiddenFields(page.body),
      code: authenticatorCode(authenticatorKey(page), server),
    });
    expect(done.status).toBe(303);
    expect(authenticatorKey(await browser.get(PAGE))).not.toBe(authenticatorKey(page));
  });

  it('is different in another browser, regardless of the account', async () => {
    const person = await addPatientWithEmail(server);
    const [mine, theirs] = [await signInWithPassword(server, person), await signInWithPassword(server, person)];
    const seen = authenticatorKey(await theirs.get(PAGE));
    expect(authenticatorKey(await mine.get(PAGE))).not.toBe(seen);
    const page = await theirs.get(PAGE);
    expect(authenticatorKey(page)).not.toBe(seen);
  });
});

describe('a planted session', () => {
  it('of a pending sign-in opens no page of patients, staff, authorization or their apps', async () => {
    const person = await addPatientWithEmail(server);
    for (const stage of ['second-factor', 'set-up'] as const) {
      const browser = new PatientBrowser(server.app);
      const { db, clock } = server;
      browser.setCookie('session', await createSession(db, { clock, random }, { accountId: person.accountId, stage }));
      for (const path of PAGES)
        expect((await browser.get(path)).location?.startsWith('/sign-in?') ?? 'none', `${stage} ${path}`).toBe(true);
    }
  });
});

const PAGES = [
  '/account',
  '/account/apps',
  '/account/access',
  '/account/record',
  '/account/receipts',
  '/account/security',
  '/account/security/confirm',
  '/account/security/recovery-codes',
  '/account/security/close',
  '/practice',
  '/practice/launch',
  '/practice/administration',
];
