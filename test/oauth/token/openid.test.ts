import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { rotateSigningKeys } from '../../../src/oauth/index.ts';
import { addApp, CALLBACK, type TestApp } from '../../support/apps/apps.ts';
import { inClear } from '../../support/in-clear.ts';
import {
  authorizationCode,
  type BrowserResponse,
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  OAUTH,
  PatientBrowser,
  redirectParameters,
  requestToken,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server, { scope: 'openid fhirUser offline_access patient/*.rs' });
});
afterAll(() => server.close());

const query = (changes: Fields = {}) => ({
  response_type: 'code',
  client_id: app.client_id,
  redirect_uri: CALLBACK,
  scope: 'openid patient/*.rs',
  ...changes,
});
const jwks = async (from = server.app) => (await from.inject(`${OAUTH}/.well-known/jwks.json`)).json();
async function claimsOf(done: BrowserResponse) {
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    ...app,
  });
  return decodeJwt(token.id_token ?? '');
}

describe('OpenID Connect Core §2: auth_time', () => {
  it('is the time of sign-in, not of the token, after a refresh too', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.authorize(query());
    const signedIn = Math.floor(server.clock.now().getTime() / 1000);
    server.clock.advance(300_000);
    const scope = 'openid offline_access patient/*.rs';
    const done = await browser.submitConsent(await browser.authorize(query({ scope })));
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: authorizationCode(done),
      ...app,
    });
    const { client_id, client_secret } = app;
    const again = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', client_id, client_secret };
    for (const { id_token } of [token, await requestToken(server.app, again)]) {
      const claims = decodeJwt(id_token ?? '');
      expect(Math.abs(Number(claims['auth_time']) - signedIn)).toBeLessThanOrEqual(2);
      expect(Number(claims.iat)).toBeGreaterThan(signedIn + 290);
    }
  });
});

describe('OpenID Connect Core §3.1.2.1: prompt and max_age', () => {
  const signedInBrowser = async () => {
    const browser = new PatientBrowser(server.app);
    await browser.authorize(query());
    return browser;
  };
  const open = (browser: PatientBrowser, changes: Fields) =>
    browser.get(`${OAUTH}/authorize?${encodeForm(query(changes))}`);

  it.each<[string, Fields]>([
    ['prompt=login', { prompt: 'login' }],
    ['prompt=login consent', { prompt: 'login consent' }],
    ['prompt=select_account', { prompt: 'select_account' }],
    ['max_age=0', { max_age: '0' }],
    ['a max_age that has passed', { max_age: '30' }],
  ])('%s makes a signed-in person sign in again, once', async (_, changes) => {
    const browser = await signedInBrowser();
    server.clock.advance(60_000);
    const before = Math.floor(server.clock.now().getTime() / 1000);
    const response = await open(browser, changes);
    expect(response.location).toMatch(/^\/sign-in\?/);
    const back = await browser.signIn(response.location ?? '');
    const consent = await browser.get(back.location ?? '');
    expect(consent.status).toBe(200);
    const claims = await claimsOf(await browser.submitConsent(consent));
    expect(Number(claims['auth_time'])).toBeGreaterThanOrEqual(before - 1);
  });
  it('going back without signing in leads to sign-in again', async () => {
    const browser = await signedInBrowser();
    server.clock.advance(1000);
    const response = await open(browser, { prompt: 'login' });
    const returnTo = new URL(response.location ?? '', 'http://localhost').searchParams.get('return_to') ?? '';
    expect((await browser.get(returnTo)).location).toMatch(/^\/sign-in\?/);
  });
  it('the return address of an earlier sign-in does not stand for a new one', async () => {
    const browser = await signedInBrowser();
    server.clock.advance(1000);
    const back = await browser.signIn((await open(browser, { prompt: 'login', max_age: '60' })).location ?? '');
    expect((await browser.get(back.location ?? '')).status).toBe(200);
    server.clock.advance(31 * 60_000);
    expect((await browser.get(back.location ?? '')).location).toMatch(/^\/sign-in\?/);
  });
  it('a max_age that has not passed asks for no sign-in', async () => {
    const browser = await signedInBrowser();
    expect((await open(browser, { max_age: '600' })).status).toBe(200);
  });
  it('prompt=consent shows the consent page, as every authorization does', async () => {
    expect((await open(await signedInBrowser(), { prompt: 'consent' })).status).toBe(200);
  });
  it('§3.1.2.6: prompt=none redirects with an error if sign-in or interaction is required', async () => {
    const signedOut = await open(new PatientBrowser(server.app), { prompt: 'none' });
    expect(redirectParameters(signedOut).get('error')).toBe('login_required');
    const somebody = await open(await signedInBrowser(), { prompt: 'none' });
    expect(redirectParameters(somebody).get('error')).toBe('interaction_required');
  });
  it.each<[string, Fields]>([
    ['none with another prompt', { prompt: 'none login' }],
    ['a max_age that isn’t a number', { max_age: 'soon' }],
  ])('%s is invalid_request', async (_, changes) => {
    expect(redirectParameters(await open(new PatientBrowser(server.app), changes)).get('error')).toBe(
      'invalid_request',
    );
  });
});

describe('SMART App Launch 2.2 §3.0.2.6: launch context comes with the scopes that request it', () => {
  it.each([
    ['openid', false],
    ['openid fhirUser offline_access', false],
    ['openid launch/patient', true],
    ['openid patient/Condition.rs', true],
  ])('%s: patient %s, after a refresh and in introspection too', async (scope, patient) => {
    const launched = await addApp(server, { scope: 'openid fhirUser offline_access launch/patient patient/*.rs' });
    const { client_id, client_secret } = launched;
    const token = await connectApp(server.app, launched, { scope });
    const introspection = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/introspect`,
      headers: FORM,
      payload: encodeForm({ token: token.access_token, client_id, client_secret }),
    });
    const again = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', client_id, client_secret };
    const answers = [
      token,
      introspection.json(),
      ...(token.refresh_token ? [await requestToken(server.app, again)] : []),
    ];
    expect(answers.map((answer) => 'patient' in answer)).toEqual(answers.map(() => patient));
  });
});

describe('RFC 7517, RFC 9700 §2.6: signing keys', () => {
  it('include ES256 for an app that requests it', async () => {
    const modern = await addApp(server, { idTokenAlg: 'ES256', scope: 'openid patient/*.rs' });
    const token = await connectApp(server.app, modern);
    expect(decodeProtectedHeader(token.id_token ?? '').alg).toBe('ES256');
    const keys = createLocalJWKSet(await jwks());
    const checks = { algorithms: ['ES256'], currentDate: server.clock.now() };
    await expect(jwtVerify(token.id_token ?? '', keys, checks)).resolves.toBeTruthy();
  });

  it('rotate at run time in every process: published before first use, retained while their signatures are valid', async () => {
    const { app: other } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });
    const kid = async () =>
      decodeProtectedHeader((await connectApp(server.app, app, { scope: 'openid' })).id_token ?? '').kid;
    const kids = async (from = server.app) => ((await jwks(from)).keys as { kid: string }[]).map((key) => key.kid);
    const old = await kid();
    const { made } = await rotateSigningKeys(
      server.db,
      { clock: server.clock, encryption: inClear },
      { leaked: false },
    );
    const next = made.find(({ alg }) => alg === 'RS256')?.kid;

    server.clock.advance(1001);
    expect(await kid()).toBe(old);
    for (const process of [server.app, other]) expect(await kids(process)).toEqual(expect.arrayContaining([old, next]));

    server.clock.advance(600_000);
    expect(await kid()).toBe(next);
    expect(await kids(other)).toContain(old);

    server.clock.advance(76 * 60_000);
    for (const process of [server.app, other]) expect(await kids(process)).not.toContain(old);
    await other.close();
  });

  it('that leaked are removed within a second, including keys that have not signed yet', async () => {
    const { made } = await rotateSigningKeys(
      server.db,
      { clock: server.clock, encryption: inClear },
      { leaked: false },
    );
    server.clock.advance(1001);
    const before = ((await jwks()).keys as { kid: string }[]).map(({ kid }) => kid);
    expect(before).toEqual(expect.arrayContaining(made.map(({ kid }) => kid)));
    await rotateSigningKeys(server.db, { clock: server.clock, encryption: inClear }, { leaked: true });
    server.clock.advance(1001);
    const after = ((await jwks()).keys as { kid: string }[]).map(({ kid }) => kid);
    expect(after).toHaveLength(2);
    expect(after.filter((kid) => before.includes(kid))).toEqual([]);
    server.clock.advance(11 * 60_000);
    const { id_token = '' } = await connectApp(server.app, app, { scope: 'openid' });
    expect(after).toContain(decodeProtectedHeader(id_token).kid);
  });
});
