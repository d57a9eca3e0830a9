import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAppLog } from '../../../src/apps/index.ts';
import { addApp, CALLBACK, type TestApp } from '../../support/apps/apps.ts';
import {
  authorizationCode,
  CHALLENGE,
  encodeForm,
  type Fields,
  FORM,
  OAUTH,
  PatientBrowser,
  R4,
  redirectParameters,
  requestToken,
} from '../../support/people/patient.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const request = { response_type: 'code', redirect_uri: CALLBACK, state: 'xyz', scope: 'patient/*.rs' };
const push = (fields: Fields, remoteAddress = '192.0.2.1') =>
  server.app.inject({ method: 'POST', url: `${OAUTH}/par`, remoteAddress, headers: FORM, payload: encodeForm(fields) });
async function pushed(fields: Fields = {}): Promise<string> {
  const response = await push({ ...request, ...app, ...fields });
  return response.json().request_uri;
}

describe('RFC 9126 §2: a pushed authorization request', () => {
  it('§2.2: is answered with 201, a request_uri and its lifetime', async () => {
    const response = await push({ ...request, ...app });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 600,
    });
    expect(response.headers['cache-control']).toBe('no-store');
  });
  it('§2: requires an authenticated app', async () => {
    const response = await push({ ...request, ...app, client_secret: 'wrong' });
    expect({ status: response.statusCode, error: response.json().error }).toEqual({
      status: 401,
      error: 'invalid_client',
    });
  });
  it.each<[string, Fields, string]>([
    ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['an audience of another server', { aud: 'https://evil.example/fhir' }, 'invalid_request'],
    ['no scope that can be granted', { scope: 'system/*.rs' }, 'invalid_scope'],
    ['a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
  ])('§2.3: %s is rejected, as JSON', async (_, changes, error) => {
    const response = await push({ ...request, ...app, ...changes });
    expect({ status: response.statusCode, error: response.json().error, location: response.headers.location }).toEqual({
      status: 400,
      error,
      location: undefined,
    });
  });
  it('is stored without its secret', async () => {
    await pushed();
    const rows = await server.db.queryText('select from pushed_request p where p::text like $1', [
      `%${app.client_secret}%`,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('RFC 9126 §2.3: rate limits', () => {
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  const often = async (fields: Fields, address: (index: number) => string) => {
    const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => push(fields, address(index))));
    return new Set(answers.map(({ statusCode }) => statusCode));
  };

  it('an unauthenticated app may try 300 times a minute from a network, then gets 429 with Retry-After', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    const fields = { ...request, ...pkce, client_id };
    expect(await often(fields, (index) => `2001:db8:0:1::${index.toString(16)}`)).toEqual(new Set([201]));
    const over = await push(fields, '2001:db8:0:1::ffff');
    expect({ status: over.statusCode, error: over.json().error }).toEqual({ status: 429, error: 'invalid_request' });
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(over.headers['retry-after'])).toBeLessThanOrEqual(60);
    const alternativePath = {
      method: 'POST',
      url: `${OAUTH.replace('-', '')}/par`,
      payload: encodeForm(fields),
    } as const;
    const elsewhere = await server.app.inject({ ...alternativePath, remoteAddress: '2001:db8:0:1::1', headers: FORM });
    expect(elsewhere.statusCode).toBe(429);
    expect((await push(fields, '2001:db8:0:2::1')).statusCode).toBe(201);
    server.clock.advance(60_000);
    expect((await push(fields, '2001:db8:0:1::1')).statusCode).toBe(201);
  });
  it('its rejected requests count too', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    const wrong = { ...request, client_id };
    expect(await often(wrong, () => '192.0.2.2')).toEqual(new Set([400]));
    expect((await push({ ...wrong, ...pkce }, '192.0.2.2')).statusCode).toBe(429);
  });
  it('an authenticated app has no limit', async () => {
    expect(await often({ ...request, ...app }, () => '192.0.2.3')).toEqual(new Set([201]));
    expect((await push({ ...request, ...app }, '192.0.2.3')).statusCode).toBe(201);
  });
});

describe('the developer’s log', () => {
  it('shows once why a redirect URI was rejected, without the URI’s query', async () => {
    const mine = await addApp(server);
    const redirect_uri = 'https://app.example/cb?patient=Jane+Doe&session=SECRET';
    expect((await push({ ...request, ...mine, redirect_uri })).statusCode).toBe(400);
    // The log is written in order. When this later entry is there, nothing else will follow for the earlier request.
    await push({ ...request, ...mine, response_type: 'token' });
    const log = () => listAppLog(server.db, mine.client_id, { limit: 10 });
    const isLast = ({ error }: { error: string | undefined }) => error === 'unsupported_response_type';
    await until(async () => (await log()).some(isLast));
    expect((await log()).filter((row) => !isLast(row))).toEqual([
      expect.objectContaining({
        endpoint: 'par',
        error: 'invalid_request',
        cause: 'redirect_uri matches no registered redirect URI. First difference: character 22',
      }),
    ]);
  });
});

describe('RFC 9126 §4: authorization with a request_uri', () => {
  it('leads to a code, with the pushed state', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize({ client_id: app.client_id, request_uri: await pushed() });
    const done = await browser.submitConsent(page);
    expect(redirectParameters(done).get('state')).toBe('xyz');
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: authorizationCode(done),
      ...app,
    });
    expect({ status: token.status, scope: token.scope }).toEqual({ status: 200, scope: 'patient/*.rs' });
  });
  it('ignores the other parameters in the URL', async () => {
    const browser = new PatientBrowser(server.app);
    const beside = { redirect_uri: 'https://evil.example/', scope: 'openid', state: 'other' };
    const page = await browser.authorize({ client_id: app.client_id, request_uri: await pushed(), ...beside });
    const done = await browser.submitConsent(page);
    expect(done.location).toMatch(/^https:\/\/app\.example\/callback\?/);
    expect(redirectParameters(done).get('state')).toBe('xyz');
  });
  it('yields one code', async () => {
    const browser = new PatientBrowser(server.app);
    const query = { client_id: app.client_id, request_uri: await pushed() };
    authorizationCode(await browser.submitConsent(await browser.authorize(query)));
    server.clock.advance(20_000);
    const again = await browser.submitConsent(await browser.get(`${OAUTH}/authorize?${encodeForm(query)}`));
    expect(redirectParameters(again).get('error')).toBe('invalid_request');
  });
  it('yields a second code within 10 s if one person presses Allow twice', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize({ client_id: app.client_id, request_uri: await pushed() });
    const [first, second] = [await browser.submitConsent(page), await browser.submitConsent(page)];
    expect(authorizationCode(second)).not.toBe(authorizationCode(first));
  });
  it('yields no code in another browser, then or later', async () => {
    const query = { client_id: app.client_id, request_uri: await pushed() };
    const browsers = Array.from({ length: 5 }, () => new PatientBrowser(server.app));
    const pages = [];
    for (const browser of browsers) pages.push({ browser, page: await browser.authorize(query) });
    const done = await Promise.all(pages.map(({ browser, page }) => browser.submitConsent(page)));
    expect(done.filter((one) => redirectParameters(one).has('code'))).toHaveLength(1);
    expect(done.filter((one) => redirectParameters(one).get('error') === 'invalid_request')).toHaveLength(4);
  });
  it('works for the app that pushed it, for ten minutes, and then gets an error page without a redirect', async () => {
    const other = await addApp(server);
    const request_uri = await pushed();
    const browser = new PatientBrowser(server.app);
    const foreign = await browser.authorize({ client_id: other.client_id, request_uri });
    expect({ status: foreign.status, location: foreign.location }).toEqual({ status: 400, location: undefined });
    server.clock.advance(601_000);
    const late = await browser.authorize({ client_id: app.client_id, request_uri });
    expect({ status: late.status, location: late.location }).toEqual({ status: 400, location: undefined });
  });
});

describe('OpenID Connect Core §6', () => {
  it.each([
    ['request', 'eyJhbGciOiJub25lIn0.e30.', 'request_not_supported'],
    ['request_uri', 'https://app.example/request.jwt', 'request_uri_not_supported'],
  ])('%s is rejected by redirect, and nothing is fetched', async (name, value, error) => {
    const query = { ...request, client_id: app.client_id, aud: `http://localhost:8080${R4}`, [name]: value };
    const answer = await server.app.inject(`${OAUTH}/authorize?${encodeForm(query)}`);
    expect(new URL(answer.headers.location ?? '').searchParams.get('error')).toBe(error);
  });
});
