import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, CALLBACK, type TestApp } from '../support/apps.ts';
import {
  answerOf,
  codeOf,
  encodeForm,
  type Fields,
  FORM,
  OAUTH,
  PatientBrowser,
  R4,
  tokenOf,
} from '../support/patient.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const request = { response_type: 'code', redirect_uri: CALLBACK, state: 'xyz', scope: 'patient/*.rs' };
const push = (fields: Fields) =>
  server.app.inject({ method: 'POST', url: `${OAUTH}/par`, headers: FORM, payload: encodeForm(fields) });
async function pushed(fields: Fields = {}): Promise<string> {
  const response = await push({ ...request, ...app, ...fields });
  return response.json().request_uri;
}

describe('RFC 9126 §2: pushing a request', () => {
  it('§2.2: is answered with 201, a request_uri and how long it is good', async () => {
    const response = await push({ ...request, ...app });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
      expires_in: 600,
    });
    expect(response.headers['cache-control']).toBe('no-store');
  });
  it('§2: only by an app that proves who it is', async () => {
    const response = await push({ ...request, ...app, client_secret: 'wrong' });
    expect([response.statusCode, response.json().error]).toEqual([401, 'invalid_client']);
  });
  it.each<[string, Fields, string]>([
    ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['an audience that is not ours', { aud: 'https://evil.example/fhir' }, 'invalid_request'],
    ['no scope that can be granted', { scope: 'system/*.rs' }, 'invalid_scope'],
    ['a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
  ])('§2.3: %s is refused there, as JSON', async (_, changes, error) => {
    const response = await push({ ...request, ...app, ...changes });
    expect([response.statusCode, response.json().error, response.headers.location]).toEqual([400, error, undefined]);
  });
  it('keeps no secret of it', async () => {
    await pushed();
    const rows = await server.db.queryText('select from pushed_request p where p::text like $1', [
      `%${app.client_secret}%`,
    ]);
    expect(rows).toEqual([]);
  });
});

describe('RFC 9126 §4: authorizing with it', () => {
  it('leads to a code, with the state that was pushed', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize({ client_id: app.client_id, request_uri: await pushed() });
    const done = await browser.decide(page);
    expect(answerOf(done).get('state')).toBe('xyz');
    const token = await tokenOf(server.app, { grant_type: 'authorization_code', code: codeOf(done), ...app });
    expect([token.status, token.scope]).toEqual([200, 'patient/*.rs']);
  });
  it('what stands beside it in the address counts for nothing', async () => {
    const browser = new PatientBrowser(server.app);
    const beside = { redirect_uri: 'https://evil.example/', scope: 'openid', state: 'other' };
    const page = await browser.authorize({ client_id: app.client_id, request_uri: await pushed(), ...beside });
    const done = await browser.decide(page);
    expect(done.location).toMatch(/^https:\/\/app\.example\/callback\?/);
    expect(answerOf(done).get('state')).toBe('xyz');
  });
  it('is good for one code', async () => {
    const browser = new PatientBrowser(server.app);
    const query = { client_id: app.client_id, request_uri: await pushed() };
    codeOf(await browser.decide(await browser.authorize(query)));
    server.clock.advance(20_000);
    const again = await browser.decide(await browser.get(`${OAUTH}/authorize?${encodeForm(query)}`));
    expect(answerOf(again).get('error')).toBe('invalid_request');
  });
  it('is for the app that pushed it, for ten minutes; then a page says so, and nothing is redirected', async () => {
    const other = await addApp(server);
    const request_uri = await pushed();
    const browser = new PatientBrowser(server.app);
    const foreign = await browser.authorize({ client_id: other.client_id, request_uri });
    expect([foreign.status, foreign.location]).toEqual([400, undefined]);
    server.clock.advance(601_000);
    const late = await browser.authorize({ client_id: app.client_id, request_uri });
    expect([late.status, late.location]).toEqual([400, undefined]);
  });
});

describe('OpenID Connect Core §6', () => {
  it.each([
    ['request', 'eyJhbGciOiJub25lIn0.e30.', 'request_not_supported'],
    ['request_uri', 'https://app.example/request.jwt', 'request_uri_not_supported'],
  ])('%s is refused by redirect, and nothing is fetched', async (name, value, error) => {
    const query = { ...request, client_id: app.client_id, aud: `http://localhost:8080${R4}`, [name]: value };
    const answer = await server.app.inject(`${OAUTH}/authorize?${encodeForm(query)}`);
    expect(new URL(answer.headers.location ?? '').searchParams.get('error')).toBe(error);
  });
});
