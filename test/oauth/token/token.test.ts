import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config/index.ts';
import { deleteExpiredTokens } from '../../../src/oauth/index.ts';
import { addApp, setAppState, type TestApp } from '../../support/apps/apps.ts';
import { recordStatements } from '../../support/database/recorded-statements.ts';
import { addLivePatient } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  CHALLENGE,
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  VERIFIER,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

async function newCode(client: TestApp = app, query: Fields = {}): Promise<string> {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri } = client;
  return authorizationCode(
    await browser.submitConsent(await browser.authorize({ response_type: 'code', client_id, redirect_uri, ...query })),
  );
}
const exchange = (code: string, changes: Fields = {}, headers = {}) =>
  requestToken(server.app, { grant_type: 'authorization_code', code, ...app, ...changes }, headers);
const refresh = (refresh_token: string | undefined, changes: Fields = {}) =>
  requestToken(server.app, {
    grant_type: 'refresh_token',
    refresh_token: refresh_token ?? '',
    client_id: app.client_id,
    client_secret: app.client_secret,
    ...changes,
  });
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const HOUR = 3_600_000;
const works = async (token: string) => (await getFhir(server.app, `${R4}/Patient`, token)).statusCode === 200;

describe('RFC 6749 §5.1: the token response', () => {
  it('has everything a client needs, with patient as the bare id', async () => {
    const token = await exchange(await newCode());
    expect(token).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 3600 });
    expect(token.access_token).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
    expect(token.refresh_token).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
    expect(token.patient).toMatch(/^[0-9a-f-]{36}$/);
    expect(await works(token.access_token)).toBe(true);
  });

  it('is not cacheable, and can be read by an app in a browser', async () => {
    const payload = encodeForm({ grant_type: 'authorization_code', code: await newCode(), ...app });
    const response = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token`,
      payload,
      headers: { ...FORM, origin: 'https://app.example' },
    });
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'access-control-allow-origin': '*' });
  });

  it('answers a preflight', async () => {
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const response = await server.app.inject({ method: 'OPTIONS', url: `${OAUTH}/token`, headers });
    expect(response.statusCode).toBe(204);
    expect(response.headers['access-control-allow-headers']).toContain('authorization');
  });

  it('leaves only hashes of the tokens in the database', async () => {
    const token = await exchange(await newCode());
    for (const text of [token.access_token, token.refresh_token ?? '']) {
      const rows = await server.db.queryText('select from token t where t::text like $1', [`%${text.split('.')[1]}%`]);
      expect(rows).toEqual([]);
    }
  });
});

describe('RFC 6749 §2.3.1 and the guide: client_id and client_secret may be', () => {
  it('in the body, in Basic, or in both if they agree', async () => {
    expect((await exchange(await newCode())).status).toBe(200);
    const { client_id, client_secret } = app;
    const noClient = { grant_type: 'authorization_code', redirect_uri: app.redirect_uri };
    expect(
      (await requestToken(server.app, { ...noClient, code: await newCode() }, basic(client_id, client_secret))).status,
    ).toBe(200);
    expect((await exchange(await newCode(), {}, basic(client_id, client_secret))).status).toBe(200);
  });
  it('not in two places that disagree', async () => {
    const answer = await exchange(await newCode(), {}, basic(app.client_id, 'another'));
    expect({ status: answer.status, error: answer.error }).toEqual({ status: 400, error: 'invalid_request' });
  });
  it('in the query of a POST with an empty body', async () => {
    const query = encodeForm({ grant_type: 'authorization_code', code: await newCode(), ...app });
    const response = await server.app.inject({ method: 'POST', url: `${OAUTH}/token?${query}`, headers: FORM });
    expect(response.statusCode).toBe(200);
  });
  it('never in the query of a GET', async () => {
    const query = encodeForm({ grant_type: 'authorization_code', code: await newCode(), ...app });
    expect((await server.app.inject({ method: 'GET', url: `${OAUTH}/token?${query}` })).statusCode).toBe(405);
  });
  it('not in a body and a query that disagree', async () => {
    const payload = encodeForm({ grant_type: 'authorization_code', code: await newCode(), ...app });
    const response = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token?client_id=other`,
      payload,
      headers: FORM,
    });
    expect({ status: response.statusCode, error: response.json().error }).toEqual({
      status: 400,
      error: 'invalid_request',
    });
  });
});

describe('RFC 6749 §5.2: error responses explain the problem', () => {
  it.each<[string, Fields, number, string, RegExp]>([
    ['no grant_type', { grant_type: '' }, 400, 'invalid_request', /grant_type/],
    ['another grant_type', { grant_type: 'password' }, 400, 'unsupported_grant_type', /authorization_code/],
    ['no code', { code: '' }, 400, 'invalid_request', /code is missing/],
    ['no redirect_uri', { redirect_uri: '' }, 400, 'invalid_request', /redirect_uri is missing/],
    ['an unknown code', { code: 'abc' }, 400, 'invalid_grant', /Unknown authorization code/],
    ['another redirect_uri', { redirect_uri: 'https://app.example/other' }, 400, 'invalid_grant', /redirect_uri/],
    ['an unexpected code_verifier', { code_verifier: VERIFIER }, 400, 'invalid_grant', /had no code_challenge/],
    ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client', /Unknown client_id/],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', /wrong or has expired/],
    ['no secret', { client_secret: '' }, 401, 'invalid_client', /missing/],
    ['no client authentication', { client_id: '', client_secret: '' }, 401, 'invalid_client', /client_id is missing/],
  ])('%s', async (_, changes, status, error, description) => {
    const answer = await exchange(await newCode(), changes);
    expect({ status: answer.status, error: answer.error }).toEqual({ status, error });
    expect(answer.error_description).toMatch(description);
    expect(answer.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a code of another app is not revealed to exist', async () => {
    const other = await addApp(server);
    const answer = await exchange(await newCode(), { client_id: other.client_id, client_secret: other.client_secret });
    expect({ error: answer.error, error_description: answer.error_description }).toEqual({
      error: 'invalid_grant',
      error_description: 'This code was issued to a different app.',
    });
  });

  it('a body that isn’t a form, or is malformed, gets a 4xx and never a 500', async () => {
    for (const [type, payload] of [
      ['application/json', '{"grant_type":'],
      ['text/plain', 'grant_type=authorization_code'],
      ['application/x-www-form-urlencoded', '%%%=%zz&&&==='],
      ['multipart/form-data', 'x'],
    ] as const) {
      const response = await server.app.inject({
        method: 'POST',
        url: `${OAUTH}/token`,
        headers: { 'content-type': type },
        payload,
      });
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
      expect(response.statusCode).toBeLessThan(500);
      expect(response.json().error).toBe('invalid_request');
    }
  });
});

describe('RFC 6749 §4.1.2, RFC 9700 §2.1.1: an authorization code', () => {
  it('is valid for 60 seconds', async () => {
    const code = await newCode();
    server.clock.advance(61_000);
    const answer = await exchange(code);
    expect(answer.error).toBe('invalid_grant');
    // On a slow machine the test clock may have advanced by more than a second since the code was issued.
    expect(answer.error_description).toMatch(/^This code expired [1-9]\d* s ago\. A code is valid for 60 seconds\.$/);
  });

  it('revokes everything that came from it if it is used twice', async () => {
    const code = await newCode();
    const first = await exchange(code);
    const second = await exchange(code);
    expect({ status: second.status, error: second.error }).toEqual({ status: 400, error: 'invalid_grant' });
    server.clock.advance(1001);
    expect(await works(first.access_token)).toBe(false);
    expect((await refresh(first.refresh_token)).error).toBe('invalid_grant');
  });

  it('gives tokens once in ten concurrent exchanges', async () => {
    const code = await newCode();
    const answers = await Promise.all(Array.from({ length: 10 }, () => exchange(code)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  it('is not consumed by a wrong secret or redirect URI', async () => {
    const code = await newCode();
    await exchange(code, { client_secret: 'wrong' });
    await exchange(code, { redirect_uri: 'https://app.example/other' });
    expect((await exchange(code)).status).toBe(200);
  });
});

describe('RFC 7636: PKCE', () => {
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  it('lets a public app exchange a code without a secret, and refresh with only its token', async () => {
    const publicApp = await addApp(server, { auth: 'none' });
    const code = await newCode(publicApp, pkce);
    const { client_id, redirect_uri } = publicApp;
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code,
      client_id,
      redirect_uri,
      code_verifier: VERIFIER,
    });
    expect(token.status).toBe(200);
    const next = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
    });
    expect(next.status).toBe(200);
  });
  it.each([
    ['without the verifier', {}, /missing/],
    ['with another verifier', { code_verifier: VERIFIER.replace('d', 'e') }, /match the code_challenge/],
    ['with one of the wrong format', { code_verifier: 'short' }, /43 to 128/],
  ])('§4.6: rejects the code %s', async (_, changes, description) => {
    const answer = await exchange(await newCode(app, pkce), changes);
    expect({ status: answer.status, error: answer.error }).toEqual({ status: 400, error: 'invalid_grant' });
    expect(answer.error_description).toMatch(description);
  });
  it('applies to confidential apps that use it', async () => {
    expect((await exchange(await newCode(app, pkce), { code_verifier: VERIFIER })).status).toBe(200);
  });
});

describe('RFC 6749 §6, RFC 9700 §4.14.2: refresh', () => {
  it('returns a new refresh token each time, with the same scope and patient', async () => {
    const first = await exchange(await newCode());
    const second = await refresh(first.refresh_token);
    expect(second).toMatchObject({ status: 200, scope: first.scope, patient: first.patient, expires_in: 3600 });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await works(second.access_token)).toBe(true);
  });

  it('is one statement, including its audit row, once its app is cached', async () => {
    const { db, statements } = recordStatements(server.db);
    const { app: process } = await createApp(server.config, db, { clock: server.clock, logTo: { write() {} } });
    const plain = await addApp(server, { scope: 'patient/*.rs' });
    const { client_id, client_secret } = plain;
    const renew = (refresh_token = '') =>
      requestToken(process, { grant_type: 'refresh_token', refresh_token, client_id, client_secret });
    const first = await renew((await connectApp(server.app, plain)).refresh_token);
    statements.length = 0;
    expect((await renew(first.refresh_token)).status).toBe(200);
    expect(statements).toEqual(['oauth.refresh.rotate']);
    await process.close();
  });

  it('repeated within ten seconds returns the same unused successor, so a lost response costs nothing', async () => {
    const first = await exchange(await newCode());
    const [second, repeated] = [await refresh(first.refresh_token), await refresh(first.refresh_token)];
    expect(repeated.refresh_token).toBe(second.refresh_token);
    expect(repeated.access_token).not.toBe(second.access_token);
    expect({ second: await works(second.access_token), repeated: await works(repeated.access_token) }).toEqual({
      second: true,
      repeated: true,
    });
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  it('sent ten times concurrently returns one successor', async () => {
    const first = await exchange(await newCode());
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(first.refresh_token)));
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
  });

  it('repeated later is reuse: the family is revoked', async () => {
    const first = await exchange(await newCode());
    const second = await refresh(first.refresh_token);
    server.clock.advance(11_000);
    const reused = await refresh(first.refresh_token);
    expect({ status: reused.status, error: reused.error }).toEqual({ status: 400, error: 'invalid_grant' });
    expect(await works(second.access_token)).toBe(false);
    expect((await refresh(second.refresh_token)).error).toBe('invalid_grant');
  });

  it('repeated after its expiry is still reuse', async () => {
    const first = await exchange(await newCode());
    server.clock.advance(40 * HOUR);
    const second = await refresh(first.refresh_token);
    server.clock.advance(10 * HOUR);
    expect((await refresh(first.refresh_token)).error_description).toMatch(/was already used 36000 s ago/);
    expect((await refresh(second.refresh_token)).error).toBe('invalid_grant');
  });

  it('is deleted a week after its use, whatever its lifetime was, and its reuse still revokes the family', async () => {
    const offline = await addApp(server, { scope: 'openid launch/patient patient/*.rs offline_access' });
    const { client_id, client_secret } = offline;
    const renew = (refresh_token = '') =>
      requestToken(server.app, { grant_type: 'refresh_token', refresh_token, client_id, client_secret });
    const asked = { scope: 'openid launch/patient patient/*.rs offline_access' };
    const first = await connectApp(server.app, offline, asked, { offline: 'yes' });
    const chain = [first];
    for (let day = 1; day <= 12; day++) {
      server.clock.advance(24 * HOUR);
      chain.push(await renew(chain.at(-1)?.refresh_token));
    }
    server.clock.advance(HOUR / 2);
    await deleteExpiredTokens(server.db, server.clock.now());
    const [stored] = await server.db.queryText<{ count: number }>(
      "select count(*)::int from token where family_id = $1 and kind = 'refresh'",
      [first.refresh_token?.split('.')[0]],
    );
    expect(stored?.count).toBe(8);
    const reused = await renew(first.refresh_token);
    expect({ status: reused.status, error: reused.error }).toEqual({ status: 400, error: 'invalid_grant' });
    expect(reused.error_description).toMatch(
      /isn't the current refresh token of this access, so all its tokens were revoked/,
    );
    const newest = chain.at(-1);
    expect(await works(newest?.access_token ?? '')).toBe(false);
    expect((await renew(newest?.refresh_token)).error_description).toMatch(/its refresh token was used twice/);
  });

  it('of a family that another app or no one can refresh revokes nothing, if it isn’t stored', async () => {
    const first = await exchange(await newCode());
    const [family = ''] = (first.refresh_token ?? '').split('.');
    const invented = `${family}.${'A'.repeat(43)}`;
    const { client_id, client_secret } = await addApp(server);
    expect((await refresh(invented, { client_id, client_secret })).error).toBe('invalid_grant');
    expect((await refresh(`${'B'.repeat(22)}.${'A'.repeat(43)}`)).error).toBe('invalid_grant');
    expect(await works(first.access_token)).toBe(true);
    expect((await refresh(first.refresh_token)).status).toBe(200);
  });

  it('repeated at once, but after the successor was used, is reuse too', async () => {
    const first = await exchange(await newCode());
    const second = await refresh(first.refresh_token);
    await refresh(second.refresh_token);
    expect((await refresh(first.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(second.refresh_token)).error).toBe('invalid_grant');
  });

  it('by another app is rejected and revokes nothing', async () => {
    const first = await exchange(await newCode());
    const other = await addApp(server);
    const stolen = await refresh(first.refresh_token, {
      client_id: other.client_id,
      client_secret: other.client_secret,
    });
    expect(stolen.error).toBe('invalid_grant');
    expect((await refresh(first.refresh_token)).status).toBe(200);
  });

  it('with only the token is not enough for a confidential app', async () => {
    const first = await exchange(await newCode());
    const answer = await requestToken(server.app, {
      grant_type: 'refresh_token',
      refresh_token: first.refresh_token ?? '',
    });
    expect({ status: answer.status, error: answer.error }).toEqual({ status: 401, error: 'invalid_client' });
  });

  it('may request a smaller scope, by coverage, for that access token, and never a larger one', async () => {
    const first = await exchange(await newCode());
    const less = await refresh(first.refresh_token, { scope: 'patient/Condition.read' });
    expect(less.scope).toBe('patient/Condition.read');
    expect((await getFhir(server.app, `${R4}/Observation`, less.access_token)).statusCode).toBe(403);
    const whole = await refresh(less.refresh_token);
    expect(whole.scope).toBe(first.scope);
    const endless = await refresh(whole.refresh_token, { scope: 'patient/Condition.rs '.repeat(200) });
    expect({ status: endless.status, error: endless.error }).toEqual({ status: 400, error: 'invalid_scope' });
    for (const scope of ['user/*.rs', 'patient/Observation.rs?foo=bar']) {
      const more = await refresh(whole.refresh_token, { scope });
      expect({ status: more.status, error: more.error }).toEqual({ status: 400, error: 'invalid_scope' });
    }
    expect((await refresh(whole.refresh_token)).status).toBe(200);
  });

  it('is rejected for a scope that is only partly granted', async () => {
    const { refresh_token } = await exchange(await newCode(app, { scope: 'patient/Patient.rs patient/Condition.rs' }));
    for (const scope of ['patient/*.rs', 'patient/Condition.rs patient/Observation.rs', 'patient/Condition.cruds']) {
      const more = await refresh(refresh_token, { scope });
      expect({ status: more.status, error: more.error }).toEqual({ status: 400, error: 'invalid_scope' });
    }
    expect((await refresh(refresh_token, { scope: 'patient/Condition.r' })).scope).toBe('patient/Condition.r');
  });

  it('rejects an access token', async () => {
    const first = await exchange(await newCode());
    expect((await refresh(first.access_token)).error).toBe('invalid_grant');
  });
});

describe('an end takes effect within a second', () => {
  it('for an access token after its hour', async () => {
    const token = await exchange(await newCode());
    expect(await works(token.access_token)).toBe(true);
    server.clock.advance(3_600_000);
    expect(await works(token.access_token)).toBe(false);
  });

  it('for all tokens of an account that may no longer access the record', async () => {
    const person = await addLivePatient(server);
    const token = await connectApp(server.app, app, {}, {}, person);
    await server.db.queryText(
      'delete from representation where record_id = (select record_id from record where patient_id = $1)',
      [token.patient],
    );
    expect(await works(token.access_token)).toBe(false);
    expect((await refresh(token.refresh_token)).error).toBe('invalid_grant');
  });

  it('for a provisional app’s tokens with PROVISIONAL_APPS=inactive', async () => {
    const provisional = await addApp(server, { state: 'provisional' });
    const token = await connectApp(server.app, provisional);
    expect(await works(token.access_token)).toBe(true);
    const config = readConfig({ PROVISIONAL_APPS: 'inactive', LOG_LEVEL: 'silent' });
    const { app: strict } = await createApp(config, server.db, { clock: server.clock });
    expect((await getFhir(strict, `${R4}/Patient`, token.access_token)).statusCode).toBe(401);
    await strict.close();
  });

  it('for all tokens of a suspended app, and they work again when the app is resumed', async () => {
    const suspended = await addApp(server);
    const token = await connectApp(server.app, suspended);
    await setAppState(server, suspended, 'suspended');
    server.clock.advance(1001);
    expect(await works(token.access_token)).toBe(false);
    const credentials = { client_id: suspended.client_id, client_secret: suspended.client_secret };
    expect((await refresh(token.refresh_token, credentials)).error).toBe('unauthorized_client');
    await setAppState(server, suspended, 'active');
    expect(await works(token.access_token)).toBe(true);
  });
});

describe('the audit log of token events', () => {
  const eventsOf = (requestId: unknown) =>
    server.db.queryText<{
      kind: string;
      outcome: string;
      client_id: string | null;
      record_id: string | null;
      detail: object;
    }>('select kind, outcome, client_id, record_id, detail from audit_event where request_id = $1', [requestId]);
  const post = async (fields: Fields) => {
    const response = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/token`,
      headers: FORM,
      payload: encodeForm(fields),
    });
    return { ...response.json(), events: await eventsOf(response.headers['x-request-id']) };
  };

  it('has an event for each response, and marks a repeated one', async () => {
    const first = await exchange(await newCode());
    const credentials = { client_id: app.client_id, client_secret: app.client_secret };
    const fields = { grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '', ...credentials };
    expect((await post(fields)).events).toMatchObject([{ outcome: 'success', detail: { grant: 'refresh' } }]);
    expect((await post(fields)).events).toMatchObject([
      { outcome: 'success', detail: { grant: 'refresh', repeated: true } },
    ]);
    server.clock.advance(11_000);
    expect((await post(fields)).events).toMatchObject([
      { outcome: 'failure', client_id: app.client_id, record_id: expect.anything() },
    ]);
  });

  it('has an event for each rejection, with the client if it is known', async () => {
    // Within a minute, only the first failure of a kind has an event of its own.
    server.clock.advance(60_000);
    const wrong = await post({ grant_type: 'authorization_code', code: 'x', ...app, client_secret: 'wrong' });
    expect(wrong.events).toMatchObject([
      { outcome: 'failure', client_id: app.client_id, detail: { problem: 'invalid_client' } },
    ]);
    const unknown = await post({ grant_type: 'authorization_code', code: 'x', client_id: 'nobody' });
    expect(unknown.events).toMatchObject([{ outcome: 'failure', client_id: null }]);
  });
});

describe('OpenID Connect Core §2: the id_token', () => {
  const keys = async () => createLocalJWKSet((await server.app.inject(`${OAUTH}/.well-known/jwks.json`)).json());
  it('is signed with RS256 by a key at jwks_uri, and identifies the user and the client', async () => {
    const token = await connectApp(server.app, app, { scope: 'openid fhirUser patient/Patient.rs', nonce: 'n-0S6' });
    const { payload } = await jwtVerify(token.id_token ?? '', await keys(), {
      issuer: `http://localhost:8080${OAUTH}`,
      audience: app.client_id,
      algorithms: ['RS256'],
      currentDate: server.clock.now(),
    });
    expect(payload).toMatchObject({ nonce: 'n-0S6', fhirUser: `http://localhost:8080${R4}/Patient/${token.patient}` });
    expect(payload.sub).toBeTruthy();
  });
  it('is returned again at a refresh, without the nonce', async () => {
    const token = await connectApp(server.app, app, { scope: 'openid offline_access', nonce: 'n' });
    const next = await refresh(token.refresh_token);
    const { payload } = await jwtVerify(next.id_token ?? '', await keys(), { currentDate: server.clock.now() });
    expect(payload['nonce']).toBeUndefined();
  });
  it('is returned only if it was requested', async () => {
    expect((await connectApp(server.app, app, { scope: 'patient/*.rs' })).id_token).toBeUndefined();
  });
  it('the published keys contain no private part', async () => {
    const { keys: published } = (await server.app.inject(`${OAUTH}/.well-known/jwks.json`)).json();
    const members = published.map((key: object) => Object.keys(key).sort().join(' '));
    expect(members.sort()).toEqual(['alg crv kid kty use x y', 'alg e kid kty n use']);
  });
});

describe('the server log', () => {
  it('never contains a token, a code, a secret, a query string or a name', async () => {
    const code = await newCode(app, { state: 'state-in-query' });
    const token = await exchange(code);
    await getFhir(server.app, `${R4}/Observation?code=http://loinc.org|code-in-query`, token.access_token);
    const log = server.log.join('');
    for (const secret of [
      code,
      token.access_token,
      token.refresh_token ?? '',
      app.client_secret,
      'state-in-query',
      'code-in-query',
      'Password1!',
      token.patient,
    ]) {
      expect(log.includes(secret)).toBe(false);
    }
    expect(log).toContain('/token');
  });
});
