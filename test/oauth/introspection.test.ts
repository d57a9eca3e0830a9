import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, setState, type TestApp } from '../support/apps.ts';
import { connect, encodeForm, type Fields, FORM, OAUTH, R4, tokenOf } from '../support/patient.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const credentials = ({ client_id, client_secret }: TestApp) => ({ client_id, client_secret: client_secret ?? '' });
const ask = async (token: string | undefined, client: TestApp = app, changes: Fields = {}) =>
  server.app.inject({
    method: 'POST',
    url: `${OAUTH}/introspect`,
    headers: { ...FORM, origin: 'https://app.example' },
    payload: encodeForm({ token: token ?? '', ...credentials(client), ...changes }),
  });

describe('RFC 7662 §2.2, SMART App Launch 2.2 token introspection: an active token', () => {
  it('is told with scope, client, expiry and the launch context', async () => {
    const scope = 'openid fhirUser launch/patient offline_access patient/*.rs';
    const token = await connect(server.app, app, { scope });
    const response = await ask(token.access_token);
    const now = Math.floor(server.clock.now().getTime() / 1000);
    expect(response.json()).toMatchObject({
      active: true,
      scope: token.scope,
      client_id: app.client_id,
      token_type: 'Bearer',
      iss: `http://localhost:8080${OAUTH}`,
      patient: token.patient,
      fhirUser: `http://localhost:8080${R4}/Patient/${token.patient}`,
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(response.json().exp).toBeGreaterThan(now + 3590);
    expect(response.json().exp).toBeLessThanOrEqual(now + 3600);
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
  });
  it('may be a refresh token', async () => {
    const token = await connect(server.app, app);
    expect((await ask(token.refresh_token)).json()).toMatchObject({ active: true, patient: token.patient });
  });
  it('says the scope of a token that was narrowed at refresh', async () => {
    const token = await connect(server.app, app);
    const grant = {
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
      scope: 'patient/Condition.rs',
    };
    const less = await tokenOf(server.app, { ...grant, ...credentials(app) });
    expect((await ask(less.access_token)).json().scope).toBe('patient/Condition.rs');
  });
});

describe('RFC 7662 §2.2: to everybody else, and of everything else, it is inactive and no more', () => {
  it('a token of another app', async () => {
    const token = await connect(server.app, app);
    const other = await addApp(server);
    expect((await ask(token.access_token, other)).json()).toEqual({ active: false });
  });
  it('§4: a resource server may ask about all', async () => {
    const token = await connect(server.app, app);
    const resourceServer = await addApp(server, { mayIntrospect: true });
    expect((await ask(token.access_token, resourceServer)).json()).toMatchObject({
      active: true,
      client_id: app.client_id,
    });
  });
  it('what is no token, was revoked, used or has expired', async () => {
    const token = await connect(server.app, app);
    expect((await ask('nonsense')).json()).toEqual({ active: false });
    const refreshed = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', ...credentials(app) };
    await tokenOf(server.app, refreshed);
    expect((await ask(token.refresh_token)).json()).toEqual({ active: false });
    server.clock.advance(3_600_000);
    expect((await ask(token.access_token)).json()).toEqual({ active: false });
  });
  it('a token of an app that is suspended', async () => {
    const suspended = await addApp(server);
    const token = await connect(server.app, suspended);
    const resourceServer = await addApp(server, { mayIntrospect: true });
    await setState(server, suspended, 'suspended');
    expect((await ask(token.access_token, resourceServer)).json()).toEqual({ active: false });
  });
  it('§2.1: only for an app that proves who it is; token is needed', async () => {
    const token = await connect(server.app, app);
    const wrong = await ask(token.access_token, app, { client_secret: 'wrong' });
    expect([wrong.statusCode, wrong.json().error]).toEqual([401, 'invalid_client']);
    const none = await ask('');
    expect([none.statusCode, none.json().error]).toEqual([400, 'invalid_request']);
  });
});

describe('OpenID Connect Core §5.3: userinfo', () => {
  const userinfo = (token: string | undefined, method: 'GET' | 'POST' = 'GET') =>
    server.app.inject({
      method,
      url: `${OAUTH}/userinfo`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  it('says who signed in, as the id_token does; the name with profile alone', async () => {
    const wide = await addApp(server, { scope: 'openid fhirUser profile patient/*.rs' });
    const token = await connect(server.app, wide, { scope: 'openid fhirUser profile patient/Patient.rs' });
    const claims = JSON.parse(Buffer.from((token.id_token ?? '').split('.')[1] ?? '', 'base64url').toString());
    for (const method of ['GET', 'POST'] as const) {
      const answer = (await userinfo(token.access_token, method)).json();
      expect(answer).toEqual({ sub: claims.sub, fhirUser: claims.fhirUser, name: expect.any(String) });
    }
    const plain = await connect(server.app, wide, { scope: 'openid patient/Patient.rs' });
    expect((await userinfo(plain.access_token)).json()).toEqual({ sub: claims.sub });
  });
  it('§5.3.3: refuses as RFC 6750 asks', async () => {
    const bare = await userinfo(undefined);
    expect([bare.statusCode, bare.headers['www-authenticate']]).toEqual([401, 'Bearer realm="Patient Access"']);
    const bad = await userinfo('nonsense');
    expect([bad.statusCode, bad.json().error]).toEqual([401, 'invalid_token']);
    expect(bad.headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/);
    const token = await connect(server.app, app, { scope: 'patient/*.rs' });
    const without = await userinfo(token.access_token);
    expect([without.statusCode, without.json().error]).toEqual([403, 'insufficient_scope']);
  });
});
