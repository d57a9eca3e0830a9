import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../../src/kernel/index.ts';
import { objectLabel } from '../../../web/developer/explorer/object-label.ts';
import { EXPLORER_APP } from '../../support/apps/explorer.ts';
import { apiCaller, signInDeveloper } from '../../support/people/developer-portal.ts';
import {
  connectApp,
  DSTU2,
  encodeForm,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
} from '../../support/people/patient.ts';
import { SANDBOX_PRACTICE, signInStaff } from '../../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Calls the API with the cookies of a browser, and stores the cookies that it gets. */
async function call(
  browser: PatientBrowser,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string> = {},
) {
  const cookie = COOKIES.map((name) => `${name}=${browser.cookie(name) ?? ''}`)
    .filter((one) => !one.endsWith('='))
    .join('; ');
  const answer = await server.app.inject({ method, url: `/api${path}`, headers: { cookie, ...headers } });
  for (const { name, value } of answer.cookies) browser.setCookie(name, value);
  return answer;
}
const COOKIES = ['session', 'browser', 'known', 'waiting'];

async function change(browser: PatientBrowser, what: 'leave' | 'return') {
  const { csrf } = (await call(browser, 'GET', '/session')).json();
  return call(browser, 'POST', `/developer/explorer/${what}`, { 'x-csrf-token': csrf });
}
const signedInPerson = async (browser: PatientBrowser): Promise<string | undefined> =>
  (await call(browser, 'GET', '/session')).json().person?.name;

it('entries of a response are labeled with type, text and date instead of an id, in both versions', async () => {
  const { access_token } = await connectApp(server.app, EXPLORER_APP.client(server), EXPLORER_APP.ask());
  const ids = /[0-9a-f]{8}-[0-9a-f]{4}/;
  for (const [base, types] of [
    [
      R4,
      ['Patient', 'Condition', 'Observation', 'MedicationRequest', 'Immunization', 'Encounter', 'DocumentReference'],
    ],
    [DSTU2, ['Patient', 'Condition', 'Observation', 'MedicationOrder', 'Immunization', 'AllergyIntolerance']],
  ] as const)
    for (const type of types) {
      const { entry = [] } = (await getFhir(server.app, `${base}/${type}?_count=10`, access_token)).json();
      expect(entry.length, type).toBeGreaterThan(0);
      for (const one of entry) {
        expect(objectLabel(one)).toMatch(new RegExp(`^${type} · .+ · \\d{4}-\\d{2}-\\d{2}$`));
        expect(objectLabel(one)).not.toMatch(ids);
      }
    }
  expect(objectLabel({ resource: { resourceType: 'Device', id: 'd1' } })).toBe('Device/d1');
  expect(objectLabel({ coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'HbA1c' }] })).toBe('HbA1c');
  expect(objectLabel({ value: 5.4, unit: '%' })).toBe('5.4 %');
});

describe('the app of the API explorer', () => {
  it('comes with the server: public, provisional, for both APIs, with the redirect URIs of the explorer and of Swagger UI', async () => {
    const { body } = await apiCaller(server, undefined).call('GET', '/developer/explorer');
    const { publicUrl } = server.config;
    expect(body).toMatchObject({
      client: { clientId: EXPLORER_APP.clientId },
      missing: null,
      redirectUri: `${publicUrl}/developer/explorer/callback`,
      waiting: false,
    });
    const [app] = await server.db.queryText<{ redirect_uris: string[] }>('select * from app where client_id = $1', [
      EXPLORER_APP.clientId,
    ]);
    expect(app).toMatchObject({ state: 'provisional', auth: 'none', kind: 'patient', apis: ['r4', 'dstu2'] });
    expect(app?.redirect_uris).toEqual([
      `${publicUrl}/developer/explorer/callback`,
      `${publicUrl}/nge/prod/fhir-api/oauth2-redirect.html`,
    ]);
  });

  it('reads both versions, refreshes and revokes like any other', async () => {
    const { client_id } = EXPLORER_APP.client(server);
    const first = await connectApp(server.app, EXPLORER_APP.client(server), EXPLORER_APP.ask());
    for (const base of [R4, DSTU2]) {
      expect((await getFhir(server.app, `${base}/Patient`, first.access_token)).json().total).toBe(1);
    }
    const next = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token ?? '',
      client_id,
    });
    expect(next.status).toBe(200);
    const payload = encodeForm({ token: next.refresh_token ?? '', client_id });
    await server.app.inject({ method: 'POST', url: `${OAUTH}/token/revoke`, headers: FORM, payload });
    expect((await getFhir(server.app, `${R4}/Patient`, next.access_token)).statusCode).toBe(401);
  });

  it('RFC 7636: requires PKCE', async () => {
    const { client_id, redirect_uri } = EXPLORER_APP.client(server);
    const response = await new PatientBrowser(server.app).authorize({ response_type: 'code', client_id, redirect_uri });
    expect(response.location).toContain('error=invalid_request');
  });
});

describe('a developer who signs in as a test patient', () => {
  const ask = () => ({
    response_type: 'code',
    ...EXPLORER_APP.client(server),
    ...EXPLORER_APP.ask({ prompt: 'login' }),
  });

  it('gets their session back with the response, and the test patient’s online access continues', async () => {
    const { session } = await signInDeveloper(server);
    const browser = new PatientBrowser(server.app);
    browser.setCookie('session', session);
    await change(browser, 'leave');
    expect(await signedInPerson(browser)).toBeUndefined();
    expect((await call(browser, 'GET', '/developer/explorer')).json().waiting).toBe(true);
    const scope = 'openid launch/patient online_access patient/*.rs';
    const tokens = await connectApp(
      server.app,
      EXPLORER_APP.client(server),
      { ...ask(), scope },
      {},
      undefined,
      browser,
    );
    expect(await signedInPerson(browser)).toBe('Ana Larkspur');
    expect((await change(browser, 'return')).json()).toEqual({ returned: true });
    expect(await signedInPerson(browser)).toBe('Dev Eloper');
    expect((await call(browser, 'GET', '/developer/explorer')).json().waiting).toBe(false);
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' };
    expect((await requestToken(server.app, { ...refresh, client_id: EXPLORER_APP.clientId })).status).toBe(200);
  });

  it('keeps their session even if they leave twice', async () => {
    const { session } = await signInDeveloper(server);
    const browser = new PatientBrowser(server.app);
    browser.setCookie('session', session);
    await change(browser, 'leave');
    await browser.authorize(ask());
    await change(browser, 'leave');
    await change(browser, 'return');
    expect(await signedInPerson(browser)).toBe('Dev Eloper');
  });

  it('is signed out again if they were signed out before', async () => {
    const browser = new PatientBrowser(server.app);
    await change(browser, 'leave');
    await browser.authorize(ask());
    expect(await signedInPerson(browser)).toBe('Ana Larkspur');
    expect((await change(browser, 'return')).json()).toEqual({ returned: false });
    expect(await signedInPerson(browser)).toBeUndefined();
  });

  it('does not get back a session that has ended meanwhile', async () => {
    const { session } = await signInDeveloper(server);
    const browser = new PatientBrowser(server.app);
    browser.setCookie('session', session);
    await change(browser, 'leave');
    server.clock.advance(minutes(31));
    expect((await change(browser, 'return')).json()).toEqual({ returned: false });
    expect(await signedInPerson(browser)).toBeUndefined();
  });

  it('is not switched between sessions by another site: both routes need the CSRF token of our pages', async () => {
    const { session } = await signInDeveloper(server);
    for (const what of ['leave', 'return']) {
      const url = `/api/developer/explorer/${what}`;
      const answer = await server.app.inject({ method: 'POST', url, headers: { cookie: `session=${session}` } });
      expect({ status: answer.statusCode, code: answer.json().code, cookies: answer.cookies }).toEqual({
        status: 403,
        code: 'form-expired',
        cookies: [],
      });
    }
  });

  it('cannot use the suspended session’s cookie alone', async () => {
    const { session } = await signInDeveloper(server);
    const answer = await server.app.inject({ url: '/api/session', headers: { cookie: `waiting=${session}` } });
    expect(answer.json().person).toBeNull();
  });
});

it('the explorer is public: signed-out users, developers, patients and staff get the same response', async () => {
  const patient = new PatientBrowser(server.app);
  await patient.signIn('/sign-in');
  const staff = await signInStaff(server, ['front-desk'], [SANDBOX_PRACTICE]);
  const { session } = await signInDeveloper(server);
  const sessions = [undefined, session, patient.cookie('session'), staff.browser.cookie('session')];
  const answers = await Promise.all(
    sessions.map(async (one) => (await apiCaller(server, one).call('GET', '/developer/explorer')).body),
  );
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

describe('without an explorer app', () => {
  it.each([
    [{ SANDBOX: 'off' }, 'no-sandbox'],
    [{ PROVISIONAL_APPS: 'inactive' }, 'provisional-inactive'],
  ])('the explorer says so with %o', async (settings, missing) => {
    const other = await startServer(settings);
    const { body } = await apiCaller(other, undefined).call('GET', '/developer/explorer');
    expect(body).toMatchObject({ client: null, missing });
    await other.close();
  });

  it('the explorer follows the server’s URL and prefix', async () => {
    const moved = await startServer({ PUBLIC_URL: 'https://moved.example', PREFIX: '' });
    const [app] = await moved.db.queryText<{ redirect_uris: string[] }>(
      'select redirect_uris from app where client_id = $1',
      [EXPLORER_APP.clientId],
    );
    expect(app?.redirect_uris).toEqual([
      'https://moved.example/developer/explorer/callback',
      'https://moved.example/fhir-api/oauth2-redirect.html',
    ]);
    await moved.close();
  });
});
