import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIFETIMES } from '../../../src/oauth/lifetimes.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { choicesOf } from '../../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  CHALLENGE,
  type Fields,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
  type TokenAnswer,
  VERIFIER,
} from '../../support/people/patient.ts';
import { SANDBOX_STAFF } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const HOUR = 3600;
const GUIDE = 48 * HOUR;
const OFFLINE = 93 * 24 * HOUR;
const SCOPE = 'openid fhirUser launch/patient patient/*.rs offline_access online_access';
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };

let server: TestServer;
let lou: LivePerson;
let confidential: TestApp;
let unregistered: TestApp;
let publicApp: TestApp;
beforeAll(async () => {
  server = await startServer();
  lou = await addLivePatient(server);
  confidential = await addApp(server, { scope: SCOPE });
  unregistered = await addApp(server, { scope: 'openid fhirUser launch/patient patient/*.rs' });
  publicApp = withoutSecret(await addApp(server, { scope: SCOPE, auth: 'none' }));
});
afterAll(() => server.close());

/** An app for which the test chooses a duration. The consent page offers it again the next time. */
const ownApp = (): Promise<TestApp> => addApp(server, { scope: SCOPE });
const withoutSecret = ({ client_id, redirect_uri }: TestApp): TestApp => ({ client_id, redirect_uri });
const APPS = {
  'a confidential app': () => confidential,
  'a confidential app that did not register offline_access': () => unregistered,
  'a public app': () => publicApp,
} as const;

/** Opens the consent page, submits it and exchanges the code. */
async function agree(app: TestApp, scope: string | undefined, answer: Fields = {}) {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri, client_secret } = app;
  const query = { response_type: 'code', client_id, redirect_uri, ...PKCE, ...(scope === undefined ? {} : { scope }) };
  const page = await browser.authorize(query, lou);
  const done = await browser.submitConsent(page, answer);
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    code_verifier: VERIFIER,
    client_id,
    redirect_uri,
    ...(client_secret === undefined ? {} : { client_secret }),
  });
  const [receipt] = await server.db.queryText<{ content: string }>(
    'select content from receipt order by at desc, receipt_id limit 1',
    [],
  );
  return { page: page.body, token: token as TokenAnswer & GrantedToken, receipt: receipt?.content ?? '' };
}

interface GrantedToken {
  readonly refresh_expires_in?: number;
  readonly access_grant_expiration?: string;
}

const refreshOf = ({ client_id, client_secret }: TestApp, { refresh_token = '' }: TokenAnswer) =>
  requestToken(server.app, {
    grant_type: 'refresh_token',
    refresh_token,
    client_id,
    ...(client_secret === undefined ? {} : { client_secret }),
  });
const lengthsOn = (page: string) => choicesOf(page, 'duration').map(({ value }) => value);
const durationsIn = (receipt: string) => [
  /^Access lasts: (.*)$/m.exec(receipt)?.[1],
  /^Keeps access when you are away: (.*)$/m.exec(receipt)?.[1],
];
const yesIfRefreshed = (days: number) => `yes, as long as it reconnects at least every ${days} days`;

describe('NextGen guide, RFC 6749 §6, SMART App Launch 2.2 §3.0.2.4: which apps get a refresh token, and for how long', () => {
  const FASTEN = 'openid fhirUser patient/*.read';
  const VERIZHEALTH = 'launch/patient patient/*.read openid profile fhirUser';
  const ONLINE = `${FASTEN} online_access`;
  const AWAY = `${FASTEN} offline_access`;

  it.each([
    ['a confidential app', undefined, 'no', GUIDE],
    ['a confidential app', undefined, 'yes', OFFLINE],
    ['a confidential app', FASTEN, 'no', GUIDE],
    ['a confidential app', VERIZHEALTH, 'no', GUIDE],
    ['a confidential app', AWAY, 'yes', OFFLINE],
    ['a confidential app', AWAY, 'no', undefined],
    ['a confidential app', ONLINE, 'no', 12 * HOUR],
    ['a confidential app', `${ONLINE} offline_access`, 'no', 12 * HOUR],
    ['a confidential app that did not register offline_access', undefined, 'no', GUIDE],
    ['a confidential app that did not register offline_access', AWAY, 'yes', GUIDE],
    ['a public app', undefined, 'no', GUIDE],
    ['a public app', FASTEN, 'no', undefined],
    ['a public app', AWAY, 'yes', OFFLINE],
    ['a public app', AWAY, 'no', undefined],
    ['a public app', ONLINE, 'no', 12 * HOUR],
  ] as const)(
    '%s that sends the scope %s, with offline access %s: %s seconds',
    async (app, scope, offline, seconds) => {
      const { token } = await agree(APPS[app](), scope, { offline });
      expect({
        status: token.status,
        expires_in: token.expires_in,
        refresh_expires_in: token.refresh_expires_in,
      }).toEqual({ status: 200, expires_in: HOUR, refresh_expires_in: seconds });
      const refreshed = await refreshOf(APPS[app](), token);
      expect([refreshed.status, refreshed.scope]).toEqual(
        seconds === undefined ? [400, undefined] : [200, token.scope],
      );
    },
  );

  it('a response without a refresh token has no expiry for one, even if the patient chose a duration', async () => {
    const { token } = await agree(await ownApp(), AWAY, { offline: 'no', duration: 'P30D' });
    expect(token).not.toHaveProperty('refresh_token');
    expect(token).not.toHaveProperty('access_grant_expiration');
  });

  it('a confidential app that sent its scopes can refresh within 48 hours of each issue, and not later', async () => {
    const first = (await agree(confidential, FASTEN)).token;
    server.clock.advance(47 * HOUR * 1000);
    const second = await refreshOf(confidential, first);
    expect({ status: second.status, isSameToken: second.refresh_token === first.refresh_token }).toEqual({
      status: 200,
      isSameToken: false,
    });
    server.clock.advance(49 * HOUR * 1000);
    expect((await refreshOf(confidential, second)).error).toBe('invalid_grant');
  });

  it('a staff app gets one only with offline_access or online_access', async () => {
    const scope = 'launch/patient patient/*.rs user/*.rs offline_access';
    const app = await addApp(server, { kind: 'staff', scope });
    const { client_id, redirect_uri } = app;
    const browser = new PatientBrowser(server.app);
    const request = { response_type: 'code', client_id, redirect_uri, scope: 'user/*.rs' };
    const page = await browser.authorize(request, SANDBOX_STAFF);
    expect(page.body).toContain('Test App has access for one hour. After that, it must ask you again.');
    const code = authorizationCode(await browser.submitConsent(page));
    const token = await requestToken(server.app, { grant_type: 'authorization_code', code, ...app });
    expect({ status: token.status, refresh_token: token.refresh_token }).toEqual({
      status: 200,
      refresh_token: undefined,
    });
  });
});

describe('the consent page offers only durations that the app can have, and otherwise says how long access lasts', () => {
  const ALL = ['', 'P1D', 'P30D', 'P90D', 'P1Y'];

  it('for a refresh token without conditions: every duration, and how often the app must refresh', async () => {
    const { page, receipt } = await agree(await ownApp(), 'patient/*.read', { duration: 'P30D' });
    expect(lengthsOn(page)).toEqual(ALL);
    expect(page).toContain('as long as it reconnects at least every 2 days');
    expect(page).not.toContain('for one hour');
    expect(durationsIn(receipt)).toEqual([expect.stringMatching(/^until /), yesIfRefreshed(2)]);
  });

  it('for a refresh token if the box is checked: every duration, and how long access lasts otherwise', async () => {
    const app = await ownApp();
    const { page, receipt } = await agree(app, 'patient/*.read offline_access', { offline: 'no' });
    expect(lengthsOn(page)).toEqual(ALL);
    expect(page).toContain('If this is off, access lasts for one hour.');
    expect(durationsIn(receipt)).toEqual(['for one hour', 'no']);
    const checked = await agree(app, 'patient/*.read offline_access', { offline: 'yes', duration: '' });
    expect(durationsIn(checked.receipt)).toEqual(['until you stop it', yesIfRefreshed(93)]);
  });

  it('without a refresh token: no duration, and that access lasts one hour', async () => {
    const { page, token, receipt } = await agree(publicApp, 'patient/*.read');
    expect(lengthsOn(page)).toEqual([]);
    expect(page).toContain('Test App has access for one hour. After that, it must ask you again.');
    expect(durationsIn(receipt)).toEqual(['for one hour', 'no']);
    expect(LIFETIMES.access).toBe(HOUR);
    server.clock.advance(HOUR * 1000 - 1000);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
    server.clock.advance(1000);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(401);
  });

  it('for online_access: no duration, and that access lasts until sign-out or for 12 hours', async () => {
    const { page, receipt } = await agree(publicApp, 'patient/*.read online_access');
    const length = 'until you sign out here, for 12 hours at most';
    expect(lengthsOn(page)).toEqual([]);
    expect(page).toContain(`Test App has access ${length}. After that, it must ask you again.`);
    expect(durationsIn(receipt)).toEqual([length, 'no']);
    expect(LIFETIMES.onlineRefresh).toBe(12 * HOUR);
    const both = await agree(publicApp, 'patient/*.read online_access offline_access', { offline: 'no' });
    expect(lengthsOn(both.page)).toEqual(ALL);
    expect(both.page).toContain(`If this is off, access lasts ${length}.`);
    expect(durationsIn(both.receipt)).toEqual([length, 'no']);
  });

  it('rejects a duration that the page did not offer, and remembers the last valid one', async () => {
    const browser = new PatientBrowser(server.app);
    const { client_id, redirect_uri } = await addApp(server, { scope: SCOPE, auth: 'none' });
    const request = (scope: string) =>
      browser.authorize({ response_type: 'code', client_id, redirect_uri, scope, ...PKCE }, lou);
    await browser.submitConsent(await request('patient/*.read offline_access'), { duration: 'P90D', offline: 'yes' });
    const page = await request('patient/*.read');
    expect((await browser.submitConsent(page, { duration: 'P1Y' })).status).toBe(400);
    authorizationCode(await browser.submitConsent(page));
    const again = choicesOf(await request('patient/*.read offline_access'), 'duration');
    expect(again.find(({ checked }) => checked)?.value).toBe('P90D');
  });

  it('treats an app with a key (RFC 7523) like an app with a secret', async () => {
    const key = { auth: 'private_key_jwt', jwksUri: 'https://app.example/jwks.json' } as const;
    const { client_id, redirect_uri } = await addApp(server, key);
    const request = { response_type: 'code', client_id, redirect_uri, scope: 'patient/*.read' };
    const page = await new PatientBrowser(server.app).authorize(request, lou);
    expect(page.body).toContain('as long as it reconnects at least every 2 days');
  });
});
