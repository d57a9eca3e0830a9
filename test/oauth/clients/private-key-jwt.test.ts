import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAppLog } from '../../../src/apps/index.ts';
import { type PracticeId, systemRandom as random } from '../../../src/kernel/index.ts';
import { addApp, CALLBACK, type TestApp } from '../../support/apps/apps.ts';
import { authorizationCode, encodeForm, FORM, OAUTH, PatientBrowser } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ISSUER = `http://localhost:8080${OAUTH}`;

let server: TestServer;
let keys: GenerateKeyPairResult;
let app: TestApp;
beforeAll(async () => {
  server = await startServer();
  keys = await generateKeyPair('ES384');
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1' }] };
  app = await addApp(server, { auth: 'private_key_jwt', jwks });
});
afterAll(() => server.close());

/** Form fields with a new client assertion. */
async function proof(clientId: string = app.client_id, aud = `${ISSUER}/token`) {
  const client_assertion = await new SignJWT({ jti: random.uuid() })
    .setProtectedHeader({ alg: 'ES384', kid: 'k1', typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(aud)
    .setExpirationTime(new Date(server.clock.now().getTime() + 60_000))
    .sign(keys.privateKey);
  return { client_assertion_type: TYPE, client_assertion };
}

async function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await server.app.inject({
    method: 'POST',
    url: `${OAUTH}${path}`,
    headers: { ...FORM, ...headers },
    payload: encodeForm(fields),
  });
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(response.body || '{}') };
}

async function exchanged() {
  const browser = new PatientBrowser(server.app);
  const query = { response_type: 'code', client_id: app.client_id, redirect_uri: CALLBACK };
  const code = authorizationCode(await browser.submitConsent(await browser.authorize(query)));
  return { grant_type: 'authorization_code', code, redirect_uri: CALLBACK };
}

describe('RFC 7523 §2.2: an app with keys', () => {
  it('exchanges a code, refreshes and revokes, with an assertion for each', async () => {
    const code = await exchanged();
    const first = await post('/token', { ...code, ...(await proof()) });
    expect(first.status).toBe(200);
    const { refresh_token } = first.body;
    const second = await post('/token', { grant_type: 'refresh_token', refresh_token, ...(await proof()) });
    expect(second.status).toBe(200);
    const token = second.body.access_token;
    expect((await post('/token/revoke', { token, ...(await proof(app.client_id, ISSUER)) })).status).toBe(200);
  });
  it('gets nothing with only its client_id, and nothing is consumed', async () => {
    const code = await exchanged();
    const rejected = await post('/token', { ...code, client_id: app.client_id });
    expect({ status: rejected.status, error: rejected.body.error }).toEqual({ status: 401, error: 'invalid_client' });
    expect((await post('/token', { ...code, ...(await proof()) })).status).toBe(200);
  });
  it('RFC 7523 §3: aud is compared with the configuration, whatever Host says', async () => {
    const aud = `http://evil.example${OAUTH}/token`;
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    const fields = { grant_type: 'refresh_token', refresh_token: 'x', ...(await proof(app.client_id, aud)) };
    const { status, body } = await post('/token', fields, headers);
    expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_client' });
    expect(body.error_description).toContain(`expected ${ISSUER}/token`);
  });
  it('the developer can see why an assertion was rejected, without the assertion itself', async () => {
    const { client_assertion, ...type } = await proof();
    const used = { grant_type: 'refresh_token', refresh_token: 'x', ...type, client_assertion };
    expect((await post('/token', used)).body.error).toBe('invalid_grant');
    const again = await post('/token', used);
    expect(again.body.error).toBe('invalid_client');
    await expect
      .poll(() => listAppLog(server.db, app.client_id, { limit: 1 }))
      .toMatchObject([
        { endpoint: 'token', error: 'invalid_client', cause: expect.stringContaining('was already used') },
      ]);
    expect(server.log.join('')).not.toContain(client_assertion);
    expect(JSON.stringify(await listAppLog(server.db, app.client_id, { limit: 50 }))).not.toContain(client_assertion);
  });
});

describe('SMART App Launch 2.2, Backend Services', () => {
  it('a backend app gets its token only by an assertion', async () => {
    const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1' }] };
    const practiceIds = [1 as PracticeId];
    const backend = { kind: 'backend', auth: 'private_key_jwt', jwks, scope: 'system/*.rs', practiceIds } as const;
    const { client_id } = await addApp(server, backend);
    const request = { grant_type: 'client_credentials', scope: 'system/Patient.rs' };
    const { status, body } = await post('/token', { ...request, ...(await proof(client_id)) });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'system/Patient.rs' });
    expect(status).toBe(200);
    const without = await post('/token', { ...request, client_id });
    expect({ status: without.status, error: without.body.error }).toEqual({ status: 401, error: 'invalid_client' });
  });
});
