import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashInvitationToken } from '../../src/enrollment/invitation/codes.ts';
import { findSession } from '../../src/identity/index.ts';
import { createSession } from '../../src/identity/sessions/session.ts';
import { type AccountId, later, minutes, systemRandom as random, sha256 } from '../../src/kernel/index.ts';
import { storePushedRequest } from '../../src/oauth/authorize/pushed-request-store.ts';
import { createLaunch } from '../../src/oauth/launch/launch-store.ts';
import { listActiveRecords } from '../../src/practices/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { attributeOf, codeIn, csrfIn, type Html, linksOf, parse, textOf } from '../support/browser/html.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import { PatientBrowser, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { SANDBOX_STAFF } from '../support/people/staff.ts';
import { startServer, type TestServer, testClock } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const WRONG = { ...SANDBOX_PATIENT, password: 'wrong' };

describe('signing in', () => {
  it('accepts the username in any letter case, with spaces around it', async () => {
    const response = await new PatientBrowser(server.app).signIn('/sign-in', {
      ...SANDBOX_PATIENT,
      username: ' PatientApiTest ',
    });
    expect({ status: response.status, location: response.location }).toEqual({ status: 303, location: '/account' });
  });

  it('has the same message for a wrong password and an unknown username', async () => {
    const browser = new PatientBrowser(server.app);
    const wrong = await browser.signIn('/sign-in', WRONG);
    const unknown = await browser.signIn('/sign-in', { username: 'patientapitesX', password: 'wrong' });
    expect({ wrong: wrong.status, nobody: unknown.status }).toEqual({ wrong: 401, nobody: 401 });
    expect(parse(wrong)('.error-summary').html()).toBe(parse(unknown)('.error-summary').html());
    expect(textOf(wrong, '.error-summary')).not.toBe('');
  });

  it('retains the typed username and never the password', async () => {
    const response = await new PatientBrowser(server.app).signIn('/sign-in', { ...WRONG, password: 'secret-typed' });
    expect(attributeOf(response, '#username', 'value')).toBe('patientapitest');
    expect(response.body).not.toContain('secret-typed');
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/.//',
    '/.//e:99999/',
    'javascript:alert(1)',
    '\\\\evil.example',
  ])('never redirects to another site: return_to=%s', async (target) => {
    const response = await new PatientBrowser(server.app).signIn(`/sign-in?return_to=${encodeURIComponent(target)}`);
    expect(response.location).toBe('/account');
  });

  it('rejects a form of another site, and any form without a cookie (CSRF)', async () => {
    const browser = new PatientBrowser(server.app);
    const response = await browser.post('/sign-in', { ...SANDBOX_PATIENT, csrf: 'guess' });
    expect(response.status).toBe(403);
    expect(browser.cookie('session')).toBeUndefined();
  });

  it('lasts twelve hours at most, however often the session is used, and half an hour without use', async () => {
    const [account] = await server.db.queryText<{ account_id: AccountId }>(
      'select account_id from account where username = $1',
      [SANDBOX_PATIENT.username],
    );
    const accountId = account?.account_id as AccountId;
    const clock = testClock();
    const start = (): Promise<string> => createSession(server.db, { clock, random }, { accountId });
    const isActive = async (cookie: string) => (await findSession(server.db, clock, cookie)) !== undefined;
    const used = await start();
    for (let minute = 29; minute < 720; minute += 29) {
      clock.advance(minutes(29));
      expect({ minute, isActive: await isActive(used) }).toEqual({ minute, isActive: true });
    }
    clock.advance(minutes(29));
    expect(await isActive(used)).toBe(false);
    const unused = await start();
    clock.advance(minutes(31));
    expect(await isActive(unused)).toBe(false);
  });

  it('creates a new session each time, which prevents session fixation', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in');
    const first = browser.cookie('session');
    await browser.signIn('/sign-in');
    expect(browser.cookie('session')).not.toBe(first);
    expect(
      await server.db.queryText('select from session where hash = sha256($1)', [Buffer.from(first ?? '')]),
    ).toEqual([]);
  });

  it('sets cookies that scripts and other sites cannot use', async () => {
    const page = await server.app.inject('/sign-in');
    expect(page.headers['set-cookie']).toMatch(/HttpOnly.*SameSite=Lax/);
    const secure = await startServer({ PUBLIC_URL: 'https://api.example.org' });
    const securePage = await secure.app.inject('/sign-in');
    expect(securePage.headers['set-cookie']).toMatch(/^__Host-browser=.*Secure/);
    await secure.close();
  });
});

describe('OpenID Connect Core §3.1.2.1', () => {
  const page = async (query: string, browser = new PatientBrowser(server.app)) =>
    browser.get(`/sign-in?${new URLSearchParams({ return_to: `/nge/prod/patient-oauth/authorize?${query}` })}`);
  const username = (html: Html) => attributeOf(html, '#username', 'value');

  it('login_hint prefills the username, as text whatever it contains', async () => {
    expect(username(await page('login_hint=ana%40example.org'))).toBe('ana@example.org');
    const hostile = '"><script>alert(1)</script>';
    const response = await page(`login_hint=${encodeURIComponent(hostile)}`);
    expect(username(response)).toBe(hostile);
    expect(codeIn(response)).toEqual([]);
  });

  it('a login_hint that is too long or repeated is ignored', async () => {
    expect(username(await page(`login_hint=${'a'.repeat(101)}`))).toBe('');
    expect(username(await page('login_hint=ana&login_hint=eva'))).toBe('');
    expect(username(await page(''))).toBe('');
  });

  it('prompt=login: a signed-in person gets the form, and a new session with its own time', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in');
    const [before, cookie] = [await sessionIn(browser), browser.cookie('session')];
    expect((await browser.get('/sign-in')).body).toContain('name="password"');
    server.clock.advance(5000);
    await browser.signIn('/sign-in');
    const after = await sessionIn(browser);
    expect(after?.sessionId).not.toBe(before?.sessionId);
    expect((after?.signedInAt.getTime() ?? 0) - (before?.signedInAt.getTime() ?? 0)).toBeGreaterThanOrEqual(5000);
    expect(await findSession(server.db, server.clock, cookie)).toBeUndefined();
  });

  const sessionIn = (browser: PatientBrowser) => findSession(server.db, server.clock, browser.cookie('session'));
});

describe('the brand of the sign-in page', () => {
  const at = (returnTo: string) =>
    new PatientBrowser(server.app).get(`/sign-in?${new URLSearchParams({ return_to: returnTo })}`);
  const brandOn = (html: string) => textOf(html, 'header a.brand[href="/"]');

  it('is the operator’s, with the name of the requesting app', async () => {
    const { client_id } = await addApp(server, { name: 'Heart <Diary>' });
    const { body } = await at(`/nge/prod/patient-oauth/authorize?client_id=${client_id}`);
    expect(brandOn(body)).toBe('Patient Access');
    expect(textOf(body)).toContain('Heart <Diary> sent you here');
    expect((await at('/nge/prod/patient-oauth/authorize?client_id=nobody')).body).not.toContain('sent you here');
  });

  it('is the practice’s while the launch is valid if the app was launched from its chart, by a pushed request too', async () => {
    const { client_id } = await addApp(server, { kind: 'staff' });
    const [record] = (await listActiveRecords(server.db)).filter(({ practiceKind }) => practiceKind === 'sandbox');
    if (record === undefined) throw new Error('the sandbox has records');
    const expiresAt = later(server.clock.now(), 60_000);
    const launch = {
      clientId: client_id,
      accountId: random.uuid() as AccountId,
      recordId: record.recordId,
      context: {},
    };
    await createLaunch(server.db, { ...launch, hash: sha256('launched'), expiresAt });
    const request = `/nge/prod/patient-oauth/authorize?client_id=${client_id}&launch=`;
    expect(brandOn((await at(`${request}launched`)).body)).toBe('Sandbox Family Practice');
    expect(brandOn((await at(`${request}other`)).body)).toBe('Patient Access');
    const requestUri = 'urn:ietf:params:oauth:request_uri:test';
    const parameters = { launch: 'launched' };
    await storePushedRequest(server.db, { requestUri, clientId: client_id, parameters, expires: expiresAt });
    const pushed = `/nge/prod/patient-oauth/authorize?client_id=${client_id}&request_uri=${encodeURIComponent(requestUri)}`;
    expect(brandOn((await at(pushed)).body)).toBe('Sandbox Family Practice');
    server.clock.advance(60_001);
    expect(brandOn((await at(`${request}launched`)).body)).toBe('Patient Access');
  });

  it('is the practice’s when its invitation leads here', async () => {
    const person = await addLivePatient(server);
    const hash = hashInvitationToken('ABCD-EFGH-JKMN-PQRS');
    await server.db.queryText(
      `insert into invitation (invitation_id, kind, practice_id, record_id, name, hash, created_at, expires_at)
       select $1, 'patient', practice_id, record_id, 'Lou', $3, $4, $5 from record where patient_id = $2`,
      [random.uuid(), person.patientId, hash, server.clock.now(), later(server.clock.now(), 60_000)],
    );
    expect(brandOn((await at('/enroll/ABCD-EFGH-JKMN-PQRS/add')).body)).toBe('Live practice');
    expect(brandOn((await at('/enroll/0000-0000-0000-0000/add')).body)).toBe('Patient Access');
  });

  it('is in the browser’s or the chosen language, errors too', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.get('/language?to=es&return_to=%2Fsign-in');
    const response = await browser.signIn('/sign-in', WRONG);
    expect(attributeOf(response, 'html', 'lang')).toBe('es');
    expect(textOf(response, 'title')).toContain('Error: Iniciar sesión');
    expect(response.body).toContain('El nombre de usuario o la contraseña no son correctos');
  });

  it('links to account recovery and enrollment', async () => {
    const { body } = await at('/');
    expect(linksOf(body)).toEqual(expect.arrayContaining(['/forgot', '/enroll']));
  });
});

describe('staff', () => {
  it('land at the practice portal, unless they requested another page', async () => {
    const browser = new PatientBrowser(server.app);
    expect((await browser.signIn('/sign-in', SANDBOX_STAFF)).location).toBe('/practice');
    expect((await browser.signIn('/sign-in?return_to=%2Fdemo', SANDBOX_STAFF)).location).toBe('/demo');
    const session = await findSession(server.db, server.clock, browser.cookie('session'));
    expect(session).toMatchObject({ kind: 'staff', displayName: 'Miriam Sagebrook, MD' });
  });
});

describe('signing out', () => {
  it('ends the session and requires this browser’s form', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in');
    expect((await browser.post('/sign-out', { csrf: 'guess' })).status).toBe(403);
    const page = await browser.get('/sign-in');
    const csrf = csrfIn(page);
    const done = await browser.post('/sign-out', { csrf });
    expect(done.status).toBe(200);
    expect(textOf(done)).toContain('Apps keep the access you gave them');
    expect(browser.cookie('session')).toBeUndefined();
    expect(done.headers['clear-site-data']).toBe('"storage"');
    // Another site could send a form when no one is signed in.
    const again = await browser.post('/sign-out', {});
    expect({ status: again.status, clears: again.headers['clear-site-data'] }).toEqual({ status: 200 });
  });

  it('doesn’t tell staff about the apps of patients', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', SANDBOX_STAFF);
    const done = await browser.post('/sign-out', { csrf: csrfIn(await browser.get('/sign-in')) });
    expect(textOf(done)).toContain('You are signed out You can close this page. Sign in again');
    expect(textOf(done)).not.toContain('Apps keep');
  });
});

describe('with SANDBOX=off', () => {
  it('the published credentials do not work', async () => {
    const closed = await startServer({ SANDBOX: 'off' });
    expect((await new PatientBrowser(closed.app).signIn('/sign-in')).status).toBe(401);
    await closed.close();
  });
});

describe('guessing passwords', () => {
  it('is blocked after ten wrong passwords, with Retry-After, for a quarter of an hour', async () => {
    const slow = await startServer();
    const browser = new PatientBrowser(slow.app);
    const person = { username: 'someone', password: 'wrong' };
    for (let i = 0; i < 10; i += 1) expect((await browser.signIn('/sign-in', person)).status).toBe(401);
    const rejected = await browser.signIn('/sign-in', person);
    expect(rejected.status).toBe(429);
    expect(Number(rejected.headers['retry-after'])).toBeGreaterThan(0);
    slow.clock.advance(15 * 60_000 + 1000);
    expect((await browser.signIn('/sign-in', person)).status).toBe(401);
    await slow.close();
  });

  /** Tries to sign in from an IP address, which a trusted proxy forwards. */
  const tryFrom = async (open: TestServer, from: string, username: string, password: string): Promise<number> => {
    const headers = { 'x-forwarded-for': from };
    const page = await open.app.inject({ url: '/sign-in', headers });
    const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
    const csrf = csrfIn(page);
    const payload = new URLSearchParams({ username, password, csrf }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const request = { method: 'POST', url: '/sign-in', payload, headers: { ...headers, ...type, cookie } } as const;
    return (await open.app.inject(request)).statusCode;
  };

  it('cannot lock the shared sandbox account, from the same network or another', async () => {
    const browser = new PatientBrowser(server.app);
    for (let i = 0; i < 12; i += 1) expect((await browser.signIn('/sign-in', WRONG)).status).toBe(401);
    expect((await browser.signIn('/sign-in')).status).toBe(303);
  });

  it('is counted by network: another IPv6 address of it or a forged X-Forwarded-For does not reset the count', async () => {
    const open = await startServer({ TRUST_PROXY: 'loopback' });
    for (let i = 0; i < 10; i += 1) await tryFrom(open, `2001:db8:0:1::${i}`, 'someone', 'wrong');
    expect(await tryFrom(open, '2001:db8::1:0:0:0:99', 'someone', 'wrong')).toBe(429);
    expect(await tryFrom(open, '2001:db8:0:2::1', 'someone', 'wrong')).toBe(401);
    for (let i = 0; i < 10; i += 1) await tryFrom(open, `198.51.100.${i}, 203.0.113.9`, 'other', 'wrong');
    expect(await tryFrom(open, '198.51.100.99, 203.0.113.9', 'other', 'wrong')).toBe(429);
    await open.close();
  });

  it('is counted before the password is verified: a hundred concurrent guesses count as a hundred', async () => {
    const open = await startServer();
    const browser = new PatientBrowser(open.app);
    await browser.get('/sign-in');
    const person = { username: 'at-once', password: 'wrong' };
    const page = await browser.get('/sign-in');
    const csrf = csrfIn(page);
    const tries = await Promise.all(Array.from({ length: 40 }, () => browser.post('/sign-in', { ...person, csrf })));
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(30);
    await open.close();
  });

  it('does not affect a right password: success clears the count', async () => {
    const open = await startServer();
    const person = await addLivePatient(open);
    const browser = new PatientBrowser(open.app);
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 6; i += 1) await browser.signIn('/sign-in', { ...person, password: 'wrong' });
      expect((await browser.signIn('/sign-in', person)).status).toBe(303);
    }
    await open.close();
  });

  it('is recorded, as are successful sign-ins', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', WRONG);
    await browser.signIn('/sign-in');
    const rows = await server.db.queryText<{ outcome: string }>(
      `select outcome from audit_event where kind = 'sign-in' order by at desc limit 2`,
      [],
    );
    expect(rows.map((row) => row.outcome)).toEqual(['success', 'failure']);
  });
});
