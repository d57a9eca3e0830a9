import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAppLog } from '../../src/apps/index.ts';
import { createAuditLog } from '../../src/audit/index.ts';
import { systemClock as clock, systemRandom as random } from '../../src/kernel/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { authorizationCode, DSTU2, encodeForm, FORM, OAUTH, PatientBrowser, R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

describe('control characters never cause a server error', () => {
  const base = () => ({ response_type: 'code', client_id: app.client_id, redirect_uri: app.redirect_uri });

  it.each(['client_id', 'client_secret', 'code', 'redirect_uri', 'grant_type', 'scope'])(
    'in %s at the token endpoint',
    async (name) => {
      const fields = { grant_type: 'authorization_code', code: 'x', ...app, [name]: 'a\u0000b' };
      const response = await server.app.inject({
        method: 'POST',
        url: `${OAUTH}/token`,
        headers: FORM,
        payload: encodeForm(fields),
      });
      expect({ status: response.statusCode, error: response.json().error }).toEqual({
        status: 400,
        error: 'invalid_request',
      });
    },
  );

  it.each(['client_id', 'redirect_uri', 'scope', 'state', 'nonce', 'code_challenge'])(
    'in %s at authorize',
    async (name) => {
      const response = await new PatientBrowser(server.app).get(
        `${OAUTH}/authorize?${encodeForm({ ...base(), [name]: 'a\u0000b' })}`,
      );
      expect([303, 400]).toContain(response.status);
      if (response.status === 303) expect(response.location).toContain('error=invalid_request');
    },
  );

  it('in Basic credentials, in a username, in the return address', async () => {
    const authorization = `Basic ${Buffer.from('a\u0000:b').toString('base64')}`;
    const payload = encodeForm({ grant_type: 'authorization_code', code: 'x', redirect_uri: 'y' });
    const token = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token`,
      headers: { ...FORM, authorization },
      payload,
    });
    expect({ status: token.statusCode, error: token.json().error }).toEqual({ status: 401, error: 'invalid_client' });
    const person = { username: 'a\u0000b', password: 'c\u0000d' };
    expect((await new PatientBrowser(server.app).signIn('/sign-in', person)).status).toBe(401);
    expect((await new PatientBrowser(server.app).get('/sign-in?return_to=%2F%3Fclient_id%3D%2500')).status).toBe(200);
  });
});

describe('RFC 6749 §3.2: parameters are read from the form or the query, and JSON is rejected', () => {
  const JSON_TYPES = ['application/json', 'application/json; charset=utf-8'];
  const ask = (path: string, fields: Record<string, string>, request: { type: string; payload?: string }) =>
    server.app.inject({
      method: 'POST',
      url: `${OAUTH}${path}?${new URLSearchParams(fields)}`,
      headers: { 'content-type': request.type },
      ...(request.payload === undefined ? {} : { payload: request.payload }),
    });

  it.each(JSON_TYPES)(
    'an empty body with Content-Type %s counts as no body: all parameters are in the query',
    async (type) => {
      const { client_id, client_secret, redirect_uri } = app;
      const own = { client_id, client_secret };
      const browser = new PatientBrowser(server.app);
      const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri });
      const code = authorizationCode(await browser.submitConsent(page));
      for (const payload of [undefined, '', '  \r\n']) {
        const request = { type, ...(payload === undefined ? {} : { payload }) };
        const pushed = await ask('/par', { ...own, response_type: 'code', redirect_uri }, request);
        expect(pushed.statusCode).toBe(201);
        expect((await ask('/introspect', { ...own, token: 'x' }, request)).json()).toEqual({ active: false });
        expect((await ask('/token/revoke', { ...own, token: 'x' }, request)).statusCode).toBe(200);
      }
      const fields = { grant_type: 'authorization_code', ...own, redirect_uri, code };
      expect((await ask('/token', fields, { type, payload: '' })).statusCode).toBe(200);
    },
  );

  it.each([
    ['/token', '{"grant_type":"refresh_token"}'],
    ['/token', 'not json'],
    ['/par', '{}'],
    ['/introspect', '{"token":"x"}'],
    ['/token/revoke', '{"token":"x"}'],
  ])('%s rejects %s, says to use form encoding, and logs it for the developer', async (path, payload) => {
    const { client_id, client_secret } = app;
    const fields = { client_id, client_secret, token: 'x', grant_type: 'refresh_token', refresh_token: 'x' };
    const answer = await ask(path, fields, { type: 'application/json', payload });
    expect({ status: answer.statusCode, cacheControl: answer.headers['cache-control'] }).toEqual({
      status: 400,
      cacheControl: 'no-store',
    });
    const { error, error_description } = answer.json();
    expect({ error, error_description }).toEqual({
      error: 'invalid_request',
      error_description: expect.stringContaining('Send the parameters as application/x-www-form-urlencoded'),
    });
    const endpoint = path.split('/').at(-1) ?? '';
    await expect
      .poll(async () =>
        (await listAppLog(server.db, app.client_id, { limit: 100, endpoint })).map(({ cause }) => cause),
      )
      .toContain(error_description.replaceAll("'", '’'));
  });
});

describe('RFC 6749 §3.1: parameter names are untrusted input', () => {
  const errorFor = async (fields: readonly (readonly [string, string])[]) => {
    const { client_id } = app;
    const payload = `${encodeForm({ grant_type: 'x', client_id })}&${new URLSearchParams(fields.map(([...pair]) => pair))}`;
    const response = await server.app.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload });
    expect({ status: response.statusCode, error: response.json().error }).toEqual({
      status: 400,
      error: 'invalid_request',
    });
    return String(response.json().error_description);
  };
  const twice = (name: string) => [[name, '1'] as const, [name, '2'] as const];

  it('only a few are listed, with the number of the others', async () => {
    const message = await errorFor(Array.from({ length: 50 }, (_, i) => twice(`name${i}`)).flat());
    expect(message).toContain('name0, name1, name2, name3, name4 and 45 more.');
  });
  it('a long name is truncated', async () => {
    expect(await errorFor(twice('x'.repeat(10_000)))).toContain(`characters: ${'x'.repeat(40)}....`);
  });
  it('they cannot change the layout of the log viewer', async () => {
    const forged = '\u001b[2J\n2026-01-01T00:00:00.000Z  token  invalid_grant  forged\u202e';
    expect(await errorFor(twice(forged))).toContain(': ?[2J?2026-01-01T00:00:00.000Z??token??in....');
    await expect
      .poll(async () => (await listAppLog(server.db, app.client_id, { limit: 100 })).map(({ cause }) => cause))
      .toContainEqual(expect.stringContaining('2026-01-01T00:00'));
    const causes = (await listAppLog(server.db, app.client_id, { limit: 100 })).map(({ cause = '' }) => cause);
    expect(causes.filter((cause) => /[^\u0020-\u007e’]/.test(cause))).toEqual([]);
  });
});

describe('RFC 6749 §5.2: error_description is printable ASCII without quotation marks and backslashes', () => {
  it.each(['"', '\\', '…', '“x”', 'é', '日本', '\u{1f469}'])('for any input: %s', async (text) => {
    const fields = { grant_type: 'authorization_code', ...app, client_assertion_type: text, client_assertion: text };
    const token = { method: 'POST', url: `${OAUTH}/token`, headers: FORM } as const;
    for (const request of [
      { ...token, payload: encodeForm(fields) },
      { ...token, payload: encodeForm({ ...fields, [text]: ['a', 'b'] }) },
      { ...token, url: `${OAUTH}/par`, payload: encodeForm({ ...app, response_type: 'code', scope: text }) },
      { ...token, payload: '', headers: { ...FORM, authorization: 'Basic ?' } },
      { method: 'GET', url: `${OAUTH}/userinfo` },
    ] as const) {
      const response = await server.app.inject(request);
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.json().error_description).toMatch(/^[\u0020!\u0023-\u005b\u005d-\u007e]+$/);
    }
  });
  it('characters with an ASCII equivalent are transliterated', async () => {
    const { error_description } = (await server.app.inject(`${OAUTH}/userinfo`)).json();
    expect(error_description).toBe("The access token is missing. Send it in the header 'Authorization: Bearer ...'.");
  });
});

describe('a malformed request', () => {
  it.each([
    [`${R4}/Patient/%zz`, 'OperationOutcome'],
    [`${DSTU2}/Patient/${'x'.repeat(400)}`, 'OperationOutcome'],
    [`${OAUTH}/%zz`, 'invalid_request'],
    ['/%zz', '<!doctype html>'],
  ])('%s gets the error format of its interface, with the request id', async (url, sign) => {
    const response = await server.app.inject(url);
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.statusCode).toBeLessThan(500);
    expect(response.body).toContain(sign);
    expect(response.body).toContain(String(response.headers['x-request-id']));
    expect(response.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

describe('the audit log', () => {
  it('stores any text, and an event that cannot be stored does not affect others', async () => {
    const auditLog = createAuditLog({ db: server.db, clock, random });
    const event = { kind: 'read', outcome: 'success' } as const;
    await auditLog.append({ ...event, detail: { text: 'a\u0000b\ud800' } });
    const broken = { ...event, grantId: 'no uuid' as never };
    const results = await Promise.allSettled([event, event, broken, event].map((one) => auditLog.append(one)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });
});
