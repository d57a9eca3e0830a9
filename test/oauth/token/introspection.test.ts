import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { listAppLog } from '../../../src/apps/index.ts';
import { addApp, setAppState, type TestApp } from '../../support/apps/apps.ts';
import { recordStatements } from '../../support/database/recorded-statements.ts';
import {
  CHALLENGE,
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  getFhir,
  OAUTH,
  R4,
  requestToken,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const credentials = ({ client_id, client_secret }: TestApp) => ({ client_id, client_secret: client_secret ?? '' });
const post = (fields: Fields, headers: Record<string, string> = {}, process = server.app) =>
  process.inject({
    method: 'POST',
    url: `${OAUTH}/introspect`,
    headers: { ...FORM, origin: 'https://app.example', ...headers },
    payload: encodeForm(fields),
  });
const ask = (token: string | undefined, client: TestApp = app, changes: Fields = {}) =>
  post({ token: token ?? '', ...credentials(client), ...changes });
/** Introspects a token. The request authenticates with an access token instead of client credentials. */
const introspectWith = (bearer: string, token: string | undefined, changes: Fields = {}) =>
  post({ token: token ?? '', ...changes }, { authorization: `Bearer ${bearer}` });

describe('RFC 7662 §2.2, SMART App Launch 2.2 token introspection: an active token', () => {
  it('is described with scope, client, expiry and the launch context', async () => {
    const scope = 'openid fhirUser launch/patient offline_access patient/*.rs';
    const token = await connectApp(server.app, app, { scope });
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
  it('is read from the database once a second, and so is its app', async () => {
    const { db, statements } = recordStatements(server.db);
    const { app: process } = await createApp(server.config, db, { clock: server.clock, logTo: { write() {} } });
    const fields = { token: (await connectApp(server.app, app)).access_token, ...credentials(app) };
    const statementCounts = async () => {
      statements.length = 0;
      expect((await post(fields, {}, process)).json().active).toBe(true);
      return [...statements];
    };
    const all = ['registry.app.find', 'oauth.access.verify'];
    expect(await statementCounts()).toEqual(all);
    expect(await statementCounts()).toEqual([]);
    server.clock.advance(1000);
    expect(await statementCounts()).toEqual(all);
    await process.close();
  });
  it('may be a refresh token, for its own app only, so that a resource server cannot mistake it for an access token', async () => {
    const token = await connectApp(server.app, app);
    const introspected = (await ask(token.refresh_token)).json();
    expect(introspected).toMatchObject({ active: true, client_id: app.client_id, patient: token.patient });
    expect(['token_type', 'aud'].filter((member) => member in introspected)).toEqual([]);
    const resourceServer = await addApp(server, { mayIntrospect: true });
    expect((await ask(token.refresh_token, resourceServer)).json()).toEqual({ active: false });
  });
  it('has the narrowed scope after a narrowing refresh', async () => {
    const token = await connectApp(server.app, app);
    const grant = {
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
      scope: 'patient/Condition.rs',
    };
    const less = await requestToken(server.app, { ...grant, ...credentials(app) });
    expect((await ask(less.access_token)).json().scope).toBe('patient/Condition.rs');
  });
});

describe('RFC 7662 §2.2: an inactive response reveals nothing else', () => {
  it('for a token of another app', async () => {
    const token = await connectApp(server.app, app);
    const other = await addApp(server);
    expect((await ask(token.access_token, other)).json()).toEqual({ active: false });
  });
  it('§4: except to a resource server, which may introspect every token', async () => {
    const token = await connectApp(server.app, app);
    const resourceServer = await addApp(server, { mayIntrospect: true });
    expect((await ask(token.access_token, resourceServer)).json()).toMatchObject({
      active: true,
      client_id: app.client_id,
    });
  });
  it('for a token that is malformed, revoked, used or expired', async () => {
    const token = await connectApp(server.app, app);
    expect((await ask('nonsense')).json()).toEqual({ active: false });
    const refreshed = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', ...credentials(app) };
    await requestToken(server.app, refreshed);
    expect((await ask(token.refresh_token)).json()).toEqual({ active: false });
    server.clock.advance(3_600_000);
    expect((await ask(token.access_token)).json()).toEqual({ active: false });
  });
  it('for a token of a suspended app', async () => {
    const suspended = await addApp(server);
    const token = await connectApp(server.app, suspended);
    const resourceServer = await addApp(server, { mayIntrospect: true });
    await setAppState(server, suspended, 'suspended');
    expect((await ask(token.access_token, resourceServer)).json()).toEqual({ active: false });
  });
  it('for a token of a practice that turned its API off, which also gets 403 for reads', async () => {
    const token = await connectApp(server.app, app);
    const turn = (on: boolean) => server.db.queryText('update practice set enabled = $1 where practice_id = 1', [on]);
    expect((await ask(token.access_token)).json().active).toBe(true);
    await turn(false);
    server.clock.advance(1000);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(403);
    expect((await ask(token.access_token)).json()).toEqual({ active: false });
    await turn(true);
    server.clock.advance(1000);
    expect((await ask(token.access_token)).json().active).toBe(true);
  });
  it('for a token that was ended: immediately in the same process, within a second in every process', async () => {
    const { app: other } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });
    const token = await connectApp(server.app, app);
    const fields = { token: token.access_token, ...credentials(app) };
    const active = async (process: typeof other) => (await post(fields, {}, process)).json().active;
    expect({ active: await active(server.app), other: await active(other) }).toEqual({ active: true, other: true });
    const revoking = {
      method: 'POST',
      url: `${OAUTH}/token/revoke`,
      headers: FORM,
      payload: encodeForm(fields),
    } as const;
    expect((await other.inject(revoking)).statusCode).toBe(200);
    expect(await active(other)).toBe(false);
    server.clock.advance(1000);
    expect(await active(server.app)).toBe(false);
    await other.close();
  });
  it('§2.1: only an authenticated app may introspect, and token is required', async () => {
    const token = await connectApp(server.app, app);
    const wrong = await ask(token.access_token, app, { client_secret: 'wrong' });
    expect({ status: wrong.statusCode, error: wrong.json().error }).toEqual({ status: 401, error: 'invalid_client' });
    const none = await ask('');
    expect({ status: none.statusCode, error: none.json().error }).toEqual({ status: 400, error: 'invalid_request' });
  });
  it('§2.1: the client_id of a public app does not authenticate it', async () => {
    const publicApp = await addApp(server, { auth: 'none' });
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    const { client_id, redirect_uri } = publicApp;
    const { access_token } = await connectApp(server.app, { client_id, redirect_uri }, pkce);
    const rejected = await post({ token: access_token, client_id });
    expect({ status: rejected.statusCode, error: rejected.json().error }).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    expect(rejected.json().error_description).toContain('Send one of its access tokens');
    const introspected = (await introspectWith(access_token, access_token)).json();
    expect(introspected).toMatchObject({ active: true, client_id });
  });
});

describe('SMART App Launch 2.2, Token Introspection: authenticated with an access token in the Authorization header', () => {
  it('every app may introspect its own tokens and no others', async () => {
    const [mine, same] = [await connectApp(server.app, app), await connectApp(server.app, app)];
    const other = await connectApp(server.app, await addApp(server));
    expect((await introspectWith(mine.access_token, same.access_token)).json()).toMatchObject({ active: true });
    expect((await introspectWith(mine.access_token, mine.refresh_token)).json()).toMatchObject({ active: true });
    expect((await introspectWith(mine.access_token, other.access_token)).json()).toEqual({ active: false });
    expect((await introspectWith(mine.access_token, 'nonsense')).json()).toEqual({ active: false });
  });
  it('an app that may introspect every token may do so this way', async () => {
    const resourceServer = await connectApp(server.app, await addApp(server, { mayIntrospect: true }));
    const token = await connectApp(server.app, app);
    const introspected = (await introspectWith(resourceServer.access_token, token.access_token)).json();
    expect(introspected).toMatchObject({ active: true, client_id: app.client_id, scope: token.scope });
  });
  it('RFC 7662 §2.3, RFC 6750 §3: an invalid token gets 401 with a challenge', async () => {
    const token = await connectApp(server.app, app);
    const { access_token } = await connectApp(server.app, app);
    const payload = encodeForm({ token: access_token, ...credentials(app) });
    await server.app.inject({ method: 'POST', url: `${OAUTH}/token/revoke`, headers: FORM, payload });
    for (const bearer of ['nonsense', '', token.refresh_token ?? '', access_token]) {
      const rejected = await introspectWith(bearer, token.access_token);
      expect({ status: rejected.statusCode, error: rejected.json().error }).toEqual({
        status: 401,
        error: 'invalid_token',
      });
      expect(rejected.headers['www-authenticate']).toMatch(/^Bearer realm="[^"]+", error="invalid_token"$/);
    }
  });
  it('RFC 9110 §11.6.1: a request without credentials gets 401 with a challenge for each scheme', async () => {
    const rejected = await post({ token: 'x' });
    expect({ status: rejected.statusCode, error: rejected.json().error }).toEqual({
      status: 401,
      error: 'invalid_client',
    });
    expect(rejected.headers['www-authenticate']).toEqual([
      expect.stringMatching(/^Basic /),
      expect.stringMatching(/^Bearer /),
      expect.stringMatching(/^DPoP /),
    ]);
  });
  it('RFC 6749 §2.3: cannot be combined with credentials or the client_id of another app', async () => {
    const { access_token } = await connectApp(server.app, app);
    const other = await addApp(server);
    for (const fields of [credentials(app), { client_id: other.client_id }]) {
      const rejected = await introspectWith(access_token, access_token, fields);
      expect({ status: rejected.statusCode, error: rejected.json().error }).toEqual({
        status: 400,
        error: 'invalid_request',
      });
    }
    const named = await introspectWith(access_token, access_token, { client_id: app.client_id });
    expect(named.json()).toMatchObject({ active: true });
  });
  it('the developer can see why a request was rejected', async () => {
    const own = await addApp(server);
    const { access_token } = await connectApp(server.app, own);
    await introspectWith(access_token, access_token, credentials(own));
    await expect
      .poll(() => listAppLog(server.db, own.client_id, { limit: 1 }))
      .toMatchObject([{ endpoint: 'introspect', cause: expect.stringContaining('Send only one of them') }]);
  });
});

describe('OpenID Connect Core §5.3: userinfo', () => {
  const userinfo = (token: string | undefined, method: 'GET' | 'POST' = 'GET') =>
    server.app.inject({
      method,
      url: `${OAUTH}/userinfo`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  it('returns who signed in, as the id_token does, and the name only with profile', async () => {
    const wide = await addApp(server, { scope: 'openid fhirUser profile patient/*.rs' });
    const token = await connectApp(server.app, wide, { scope: 'openid fhirUser profile patient/Patient.rs' });
    const claims = JSON.parse(Buffer.from((token.id_token ?? '').split('.')[1] ?? '', 'base64url').toString());
    for (const method of ['GET', 'POST'] as const) {
      const answer = (await userinfo(token.access_token, method)).json();
      expect(answer).toEqual({ sub: claims.sub, fhirUser: claims.fhirUser, name: expect.any(String) });
    }
    const plain = await connectApp(server.app, wide, { scope: 'openid patient/Patient.rs' });
    expect((await userinfo(plain.access_token)).json()).toEqual({ sub: claims.sub });
  });
  it('§5.3.3: rejects a request as RFC 6750 requires', async () => {
    const bare = await userinfo(undefined);
    expect({ status: bare.statusCode, wwwAuthenticate: bare.headers['www-authenticate'] }).toEqual({
      status: 401,
      wwwAuthenticate: [
        'Bearer realm="Patient Access"',
        expect.stringMatching(/^DPoP realm="Patient Access", algs="ES256 /),
      ],
    });
    const bad = await userinfo('nonsense');
    expect({ status: bad.statusCode, error: bad.json().error }).toEqual({ status: 401, error: 'invalid_token' });
    expect(bad.headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/);
    const token = await connectApp(server.app, app, { scope: 'patient/*.rs' });
    const without = await userinfo(token.access_token);
    expect({ status: without.statusCode, error: without.json().error }).toEqual({
      status: 403,
      error: 'insufficient_scope',
    });
  });
});
