import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { csrfIn } from '../support/browser/html.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  emailLink,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../support/people/account-security.ts';
import type { LivePerson } from '../support/people/live-patient.ts';
import { connectApp, encodeForm, FORM, OAUTH, PatientBrowser, R4, requestToken } from '../support/people/patient.ts';
import {
  LIVE_PRACTICE,
  type SignedInStaff,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { signInAs } from '../support/people/staff.ts';
import { until } from '../support/runs/until.ts';
import { type RestoredServer, startRestoredServer } from '../support/servers/restored-server.ts';
import type { TestServer } from '../support/servers/server.ts';

const OFFLINE = { scope: 'openid offline_access launch/patient patient/*.rs' };
const EMAIL = 'restored@example.com';
const ADMINISTRATORS = '/practice/administration/administrators';
type Tokens = Awaited<ReturnType<typeof connectApp>>;
type App = TestApp & { readonly client_secret: string };

let place: RestoredServer;
/** The server on the database that is lost, and later on the backup. */
let server: TestServer;
let app: App;
let suspended: App;
let secret: string;
let signedOut: string;
let link: string;
let ada: SignedInStaff;
/** An administrator, a staff member, and a patient with an authenticator app, whom the lost changes remove. */
let grace: SignedInStaff;
let former: SignedInStaff;
const staffPage = () => `/practice/${LIVE_PRACTICE}/staff`;

const afterRestore = (...words: readonly string[]) => place.run(['after-restore', ...words]);

/** Sends a form to an endpoint of the authorization server, as the app with a secret. */
const post = (endpoint: string, fields: Record<string, string>, client_secret = app.client_secret) =>
  server.app.inject({
    method: 'POST',
    url: `${OAUTH}/${endpoint}`,
    headers: FORM,
    payload: encodeForm({ client_id: app.client_id, client_secret, ...fields }),
  });
const refresh = async ({ refresh_token = '' }: Tokens, client_secret = app.client_secret) => {
  const fields = { grant_type: 'refresh_token', refresh_token, client_id: app.client_id, client_secret };
  return requestToken(server.app, fields);
};
const read = async ({ access_token, patient }: Tokens): Promise<number> => {
  const headers = { authorization: `Bearer ${access_token}` };
  return (await server.app.inject({ url: `${R4}/Patient/${patient}`, headers })).statusCode;
};
const signIn = async (person: LivePerson): Promise<number> =>
  (await new PatientBrowser(server.app).signIn('/sign-in', person)).status;
const openAccount = async (session: string): Promise<number> => {
  const browser = new PatientBrowser(server.app);
  browser.setCookie('session', session);
  return (await browser.get(SECURITY)).status;
};

/** People by what happens after the backup. */
const NAMES = [
  'disconnects',
  'revokes',
  'refreshes',
  'locked',
  'suspended',
  'unlocked',
  'new-password',
  'none',
] as const;
type Name = (typeof NAMES)[number];
const people = {} as Record<Name, LivePerson>;
const tokens = {} as Record<Name, Tokens>;
let refreshed: Tokens;
const readAll = async (): Promise<Record<string, number>> => {
  const statuses: Record<string, number> = {};
  for (const name of NAMES) statuses[name] = await read(tokens[name]);
  return statuses;
};

/** Tells whether those who were removed have access, and whether the removed authenticator app is required. */
async function staffAccess() {
  const { answer: administrators } = await place.run(['administrators', 'list']);
  const { status } = await (await signInAs(server, former.accountId)).get(staffPage());
  const { location } = await new PatientBrowser(server.app).signIn('/sign-in', people.revokes);
  return {
    administrators: administrators.some(({ username }: { username: string }) => username === grace.username),
    staff: status,
    secondFactor: location?.startsWith('/sign-in/second-factor'),
  };
}

async function prepare(): Promise<void> {
  app = await addApp(server, { name: 'Restored app' });
  suspended = await addApp(server, { name: 'Suspended app' });
  for (const name of NAMES) {
    people[name] = await addPatientWithEmail(server, name === 'none' ? { email: EMAIL } : {});
    const client = name === 'suspended' ? suspended : app;
    tokens[name] = await connectApp(server.app, client, OFFLINE, {}, people[name]);
  }
  secret = (await place.run(['apps', 'secret', app.client_id])).answer.client_secret;
  signedOut = (await signInWithPassword(server, people.none)).cookie('session') ?? '';
  [ada, grace] = [await signInAdministrator(server), await signInAdministrator(server)];
  former = await signInStaff(server, ['administrator', 'front-desk']);
  await submitForm(new PatientBrowser(server.app), '/forgot', { email: EMAIL });
  const resetEmail = async () =>
    (await listEmailsTo(server, EMAIL)).find(({ content }) => content?.includes('/reset/'));
  await until(async () => (await resetEmail()) !== undefined);
  link = emailLink(await resetEmail(), server);
  await addAuthenticatorApp(server, await signInWithPassword(server, people.revokes));
}

/** Does everything that happens after the backup, and is lost. */
async function revoke(): Promise<void> {
  const { answer: grants } = await place.run(['grants', 'list', '--username', people.disconnects.username]);
  await place.run(['grants', 'end', grants[0].grant_id, '--by', 'patient']);
  expect((await post('token/revoke', { token: tokens.revokes.refresh_token ?? '' })).statusCode).toBe(200);
  refreshed = { ...tokens.refreshes, ...(await refresh(tokens.refreshes)) };
  for (const name of ['locked', 'unlocked'] as const)
    await place.run(['accounts', 'lock', people[name].username, '--reason', 'Stolen phone']);
  await place.run(['accounts', 'unlock', people.unlocked.username]);
  await place.run(['accounts', 'set-password', people['new-password'].username]);
  const reason = ['--ground', 'security-risk', '--reason', 'A key leaked.'];
  await place.run(['apps', 'set-state', suspended.client_id, 'suspended', ...reason]);
  const { answer } = await place.run(['apps', 'show', app.client_id]);
  await place.run(['apps', 'secret', app.client_id, '--end', answer.secrets[1].made_at]);
  await place.run(['practices', 'set', 'Live practice', '--phone', '+1 555 0100']);
  const browser = new PatientBrowser(server.app);
  browser.setCookie('session', signedOut);
  await browser.post('/sign-out', { csrf: csrfIn(await browser.get(SECURITY)) });
  const removals = [
    { by: grace, page: `${ADMINISTRATORS}/${grace.accountId}/remove` },
    { by: ada, page: `${staffPage()}/${former.accountId}/remove` },
  ];
  for (const { by, page } of removals)
    expect((await submitForm(await signInAs(server, by.accountId), page)).status).toBe(303);
  const patient = await signInAs(server, people.revokes.accountId);
  expect((await submitForm(patient, `${SECURITY}/authenticator-app/remove`)).status).toBe(303);
}

beforeAll(async () => {
  place = await startRestoredServer();
  server = place.now;
  await prepare();
  await place.loseAfter(async () => {
    server = place.now;
    await revoke();
  });
  server = place.now;
});

afterAll(() => place.close());

describe('a database that was restored to an earlier time', () => {
  // One test, because each step is about what the one before left.
  it('doesn’t let revoked access work again without notice, and repeats the revocations', async () => {
    // Without anything done, what was revoked would work.
    expect(new Set(Object.values(await readAll()))).toEqual(new Set([200]));
    expect(await refresh(refreshed)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await openAccount(signedOut)).toBe(200);
    expect(await staffAccess()).toEqual({ administrators: true, staff: 200, secondFactor: true });

    // The server notices it, and holds back the email.
    await server.purgeExpired();
    const noticed = server.log.map((line) => JSON.parse(line)).find((line) => line.databaseRestored !== undefined);
    expect(noticed).toMatchObject({ databaseRestored: { lostEvents: expect.any(Number), run: 'after-restore' } });
    const held = noticed.databaseRestored.heldEmails;
    expect(held).toBeGreaterThan(0);
    await server.deliverMail();
    const waiting = await listEmailsTo(server, EMAIL);
    expect(waiting.filter(({ fault, sent_at }) => fault !== null || sent_at !== null)).toEqual([]);
    expect(await place.findings()).toMatchObject([
      { state: 'broken', says: expect.stringMatching(/Revocations that aren’t in effect: 10\.$/) },
      { state: 'look', says: expect.stringContaining(`held back after a restore: ${held}`) },
    ]);

    // The command lists what works again, and changes nothing.
    const listed = await afterRestore();
    const works = listed.answer.revocations.map(({ name, result }: { name: string; result: string }) => [name, result]);
    expect(works.sort()).toEqual(
      [
        'account/lock',
        'account/set-password',
        'app/end-secret',
        'app/set-state',
        'factor/app-removed',
        'revocation',
        'revocation/end',
        'staff/remove',
        'staff/remove',
        'token',
      ].map((name) => [name, 'open']),
    );
    expect(listed.answer).toMatchObject({ other_changes: { 'practice/change': 1 }, held_emails: held });
    expect(await read(tokens.locked)).toBe(200);

    // It repeats the revocations.
    const done = await afterRestore('--reapply');
    expect(done).toMatchObject({ code: 0, answer: { ended_links: 1 } });
    // The app that sent a lost refresh token ended its tokens by that.
    for (const { name, result } of done.answer.revocations)
      expect({ name, result }).toEqual({ name, result: name === 'token' ? 'not-needed' : 'reapplied' });
    // Every server rejects ended tokens within a second.
    await expect.poll(readAll).toEqual({
      disconnects: 401,
      revokes: 401,
      refreshes: 401,
      locked: 401,
      suspended: 401,
      unlocked: 200,
      'new-password': 200,
      none: 200,
    });
    expect(await refresh(tokens.refreshes)).toMatchObject({ status: 400, error: 'invalid_grant' });
    await expect.poll(async () => (await refresh(refreshed, secret)).error).toBe('invalid_client');
    expect(await openAccount(signedOut)).toBe(303);
    expect((await new PatientBrowser(server.app).get(link)).status).toBe(410);
    expect({ changed: await signIn(people['new-password']), unlocked: await signIn(people.unlocked) }).toEqual({
      changed: 401,
      unlocked: 303,
    });
    expect(await staffAccess()).toEqual({ administrators: false, staff: 404, secondFactor: false });
    // The audit log has each of them.
    const { answer: audited } = await place.run(['audit', 'search', '--kind', 'revocation']);
    expect(audited).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ reapplied: expect.any(String) }) }),
    );

    // Another run changes nothing: access that was given since stays.
    expect((await place.run(['accounts', 'unlock', people.locked.username])).code).toBe(0);
    const again = await connectApp(server.app, app, OFFLINE, {}, people.disconnects);
    await afterRestore('--reapply');
    await server.purgeExpired();
    expect({ again: await read(again), unlocked: await signIn(people.locked) }).toEqual({ again: 200, unlocked: 303 });
    expect(await place.findings()).toMatchObject([{ state: 'look', says: expect.stringContaining('held back') }]);

    // The operator decides about the email. What is released can be sent.
    expect((await afterRestore('--emails', 'send')).answer).toMatchObject({ emails: held, held_emails: 0 });
    await server.deliverMail();
    expect((await listEmailsTo(server, EMAIL)).map(({ fault }) => fault)).not.toContain(null);
    expect(await place.findings()).toMatchObject([{ state: 'fine' }]);
  });

  it('is compared with another database if there is no archive', async () => {
    const url = path.join(place.archive, 'url');
    writeFileSync(url, `${place.urls.lost}\n`);
    const { answer } = await place.run(['after-restore', '--database', url], {});
    expect(answer.revocations).toHaveLength(10);
    expect((await place.run(['after-restore'], {})).answer).toMatchObject({ lost_events: 0, revocations: [] });
  });
});

describe('the copies of recent changes', () => {
  it('can be read by the server only, and have no token, secret or name', async () => {
    const files = readdirSync(place.archive).filter((name) => name.startsWith('recent-'));
    expect(files).not.toEqual([]);
    const secrets = [secret, signedOut, ...Object.values(tokens).map(({ access_token }) => access_token), 'Way'];
    for (const name of files) {
      expect(statSync(path.join(place.archive, name)).mode & 0o777).toBe(0o600);
      const text = readFileSync(path.join(place.archive, name), 'utf8');
      expect(secrets.filter((value) => text.includes(value))).toEqual([]);
    }
  });
});
