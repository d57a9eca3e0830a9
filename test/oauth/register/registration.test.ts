import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decideByOperator, findApp, findVersions, listAppEvents } from '../../../src/apps/index.ts';
import { hours, minutes, systemRandom as random } from '../../../src/kernel/index.ts';
import {
  addRegisteredApp,
  CALLBACK,
  manageRegistration,
  REGISTER,
  registerDynamically,
  sendRegistration,
} from '../../support/apps/registration.ts';
import { connectApp, encodeForm, FORM, getFhir, OAUTH, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
});
afterAll(() => server.close());

const keySet = () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] };
};

describe('RFC 7591 §3.2.1: registration', () => {
  it('with only a redirect URI returns the complete registration', async () => {
    const { status, headers, body } = await registerDynamically(server, { redirect_uris: [CALLBACK] });
    expect(status).toBe(201);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      client_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      client_id_issued_at: expect.any(Number),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `http://localhost:8080${REGISTER}/${body.client_id}`,
      client_name: 'Unnamed app',
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: 'openid profile fhirUser launch/patient offline_access online_access patient/*.rs',
      id_token_signed_response_alg: 'RS256',
      dpop_bound_access_tokens: false,
      review: { state: 'provisional', waiting: { version: 1, since: expect.any(String) } },
    });
    expect(Math.abs(Number(body['client_id_issued_at']) - server.clock.now().getTime() / 1000)).toBeLessThan(10);
  });
  it('stores known metadata, and §2 ignores unknown metadata', async () => {
    const metadata = {
      redirect_uris: [CALLBACK, 'com.example.app:/callback'],
      client_name: 'My Health',
      client_uri: 'https://app.example/',
      logo_uri: 'https://app.example/logo.png',
      tos_uri: 'https://app.example/tos',
      policy_uri: 'https://app.example/policy',
      contacts: ['dev@app.example'],
      software_id: 'my-health',
      software_version: '2.1',
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: 'ES256',
      dpop_bound_access_tokens: true,
      scope: 'openid patient/Patient.rs',
    };
    const body = await addRegisteredApp(server, {
      ...metadata,
      unheard_of: true,
      software_statement: 'a.b.c',
      'client_name#de': 'x',
    });
    expect(body).toMatchObject(metadata);
    for (const name of ['unheard_of', 'software_statement', 'client_name#de']) expect(body).not.toHaveProperty([name]);
    expect(await findApp(server.db, server.clock, body.client_id)).toMatchObject({
      kind: 'patient',
      auth: 'secret',
      idTokenAlg: 'ES256',
      dpopBound: true,
      apis: ['r4', 'dstu2'],
    });
  });
  it('RFC 7591 §5: rejects a name that looks like that of the operator, a practice or this product', async () => {
    const app = await addRegisteredApp(server, { client_name: 'My Health' });
    for (const client_name of [
      'Patient-Access',
      'P\u0430t\u0456\u0435nt Access',
      'S a n d b o x Family Practice App',
    ]) {
      const registration = await registerDynamically(server, { redirect_uris: [CALLBACK], client_name });
      const changed = await manageRegistration(server, 'PUT', app, {
        client_id: app.client_id,
        redirect_uris: [CALLBACK],
        client_name,
      });
      for (const { status, body } of [registration, changed])
        expect({ status, error: body.error }, client_name).toEqual({ status: 400, error: 'invalid_client_metadata' });
    }
    const companion = await registerDynamically(server, { redirect_uris: [CALLBACK], client_name: 'Practice Diary' });
    expect(companion.status).toBe(201);
  });
  it('of a public app, or one with keys, returns no secret', async () => {
    const open = await addRegisteredApp(server, { token_endpoint_auth_method: 'none' });
    const jwks = keySet();
    const keyed = await addRegisteredApp(server, { token_endpoint_auth_method: 'private_key_jwt', jwks });
    const fetched = await addRegisteredApp(server, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: 'https://app.example/jwks',
    });
    for (const body of [open, keyed, fetched]) {
      expect(body.client_secret).toBeUndefined();
      expect(body['client_secret_expires_at']).toBeUndefined();
    }
    expect({ jwks: keyed['jwks'], jwksUri: fetched['jwks_uri'] }).toEqual({
      jwks,
      jwksUri: 'https://app.example/jwks',
    });
  });
  it('§2: omits scopes that an app cannot register itself for, and returns the rest', async () => {
    const scope = 'openid user/*.rs system/*.rs patient/Observation.write patient/Observation.read nonsense';
    expect((await addRegisteredApp(server, { scope }))['scope']).toBe('openid patient/Observation.read');
  });
  it('omits unsupported grant and response types', async () => {
    const grants = { grant_types: ['authorization_code', 'client_credentials'], response_types: ['code', 'token'] };
    expect(await addRegisteredApp(server, grants)).toMatchObject({
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    });
  });
  it('stores the secret and the registration access token only as hashes', async () => {
    const body = await addRegisteredApp(server);
    const rows = await server.db.queryText<object>(
      'select a::text, s::text as s from app a join app_secret s using (client_id) where client_id = $1',
      [body.client_id],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(body.client_secret);
    expect(JSON.stringify(rows)).not.toContain(body.registration_access_token);
  });
  it('is recorded in the audit log', async () => {
    const { client_id } = await addRegisteredApp(server);
    const rows = await server.db.queryText<object>(
      'select kind, outcome, detail from audit_event where client_id = $1',
      [client_id],
    );
    expect(rows).toEqual([
      { kind: 'registration', outcome: 'success', detail: { action: 'register', mode: 'sandbox' } },
    ]);
  });
});

describe('RFC 7591 §3.2.2: invalid metadata', () => {
  it.each<[object, string]>([
    [{ redirect_uris: undefined }, 'at least one redirect URI'],
    [{ redirect_uris: [] }, 'at least one redirect URI'],
    [{ redirect_uris: CALLBACK }, 'redirect_uris must be an array'],
    [{ redirect_uris: ['http://app.example/'] }, 'must use https'],
    [{ redirect_uris: ['javascript:alert(1)'] }, 'must use https'],
    [{ redirect_uris: ['https://app.example/*'] }, 'wildcards'],
    [{ redirect_uris: ['https://app.example/日本'] }, 'plain ASCII'],
    [{ redirect_uris: [CALLBACK, 7] }, 'redirect_uris must be an array'],
    [{ redirect_uris: [`${CALLBACK}#é`] }, `${CALLBACK}#e can't have a fragment (#...).`],
  ])('invalid_redirect_uri: %j', async (metadata, message) => {
    const { status, body } = await registerDynamically(server, { redirect_uris: [CALLBACK], ...metadata });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_redirect_uri' });
    expect(body.error_description).toContain(message);
    expect(body.error_description).toMatch(/^[\u0020-\u007e]+$/);
  });
  it.each<[object, string]>([
    [{ token_endpoint_auth_method: 'client_secret_jwt' }, 'must be one of: client_secret_basic'],
    [{ token_endpoint_auth_method: 'constructor' }, 'must be one of'],
    [{ grant_types: ['client_credentials'] }, 'must include authorization_code'],
    [{ grant_types: 'authorization_code' }, 'grant_types must be an array'],
    [{ response_types: ['token'] }, 'must include code'],
    [
      { scope: 'system/*.rs' },
      'scope contains no scope that an app can register itself for: patient/*.rs, openid, fhirUser ...',
    ],
    [{ scope: ['openid'] }, 'scope must be text'],
    [{ client_name: 'a\u202eb' }, 'only visible characters'],
    [{ client_name: 'a\u3164b' }, 'only visible characters'],
    [{ client_name: '❤\ufe0f' }, 'a letter or a digit'],
    [{ client_name: 'a\u0000b' }, 'invalid characters'],
    [{ client_name: '\ud800' }, 'invalid characters'],
    [{ client_name: {} }, 'client_name must be text'],
    [{ client_uri: 'javascript:alert(1)' }, 'client_uri must be a URL'],
    [{ logo_uri: 7 }, 'logo_uri must be a URL'],
    [{ contacts: 'dev@app.example' }, 'contacts must be an array'],
    [{ id_token_signed_response_alg: 'none' }, 'RS256 or ES256'],
    [{ dpop_bound_access_tokens: 'true' }, 'true or false'],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, 'needs either a key set or its URL'],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } }, 'no usable key'],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://app.example/' }, 'jwks_uri must use https'],
    [
      { token_endpoint_auth_method: 'private_key_jwt', jwks: keySet(), jwks_uri: 'https://a.example/' },
      'either a key set or its URL',
    ],
  ])('invalid_client_metadata: %j', async (metadata, message) => {
    const { status, body } = await registerDynamically(server, { redirect_uris: [CALLBACK], ...metadata });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect(body.error_description).toContain(message);
  });
  it.each([
    ['', 50_000],
    ['"jwks":', 10_000],
    ['"token_endpoint_auth_method":"private_key_jwt","jwks":', 10_000],
    ['"jwks":{"keys":', 20],
  ])('invalid_client_metadata: values nested too deep: %s %i', async (members, levels) => {
    const open = members.includes('{') ? '}' : '';
    const [before, after] = [members === '' ? '"x":' : members, `${']'.repeat(levels)}${open}`];
    const text = `{"redirect_uris":["${CALLBACK}"],${before}${'['.repeat(levels)}${after}}`;
    const { status, body } = await registerDynamically(server, text);
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect(body.error_description).toContain('nested more than');
  });
  it('invalid_client_metadata: values that are too long', async () => {
    const long: [object, string][] = [
      [{ scope: `openid ${'patient/Patient.rs '.repeat(200)}` }, 'at most 3000 characters'],
      [
        { scope: Array.from({ length: 41 }, (_, i) => `patient/*.rs?code=${i}`).join(' ') },
        'at most 40 granular scopes',
      ],
      [{ client_name: 'x'.repeat(300) }, 'at most 200 characters'],
      [{ software_id: 'x'.repeat(201) }, 'software_id must be text of at most 200'],
    ];
    for (const [metadata, message] of long) {
      const { status, body } = await registerDynamically(server, { redirect_uris: [CALLBACK], ...metadata });
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
      expect(body.error_description).toContain(message);
    }
  });
  it.each(['', '{', '[]', 'null', '"x"', '{"redirect_uris":'])(
    '§3.1: a body that isn’t a JSON object: %s',
    async (text) => {
      const { status, body } = await registerDynamically(server, text);
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    },
  );
  it('§3.1: a body that isn’t JSON', async () => {
    const payload = encodeForm({ redirect_uris: CALLBACK });
    const form = await sendRegistration(server, { method: 'POST', url: REGISTER, payload, headers: FORM });
    expect({ status: form.status, error: form.body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect(form.body.error_description).toContain('application/json');
  });
  it('a body that is too large', async () => {
    const { status } = await registerDynamically(server, {
      redirect_uris: [CALLBACK],
      client_name: 'x'.repeat(200_000),
    });
    expect(status).toBe(413);
  });
  it('__proto__ is treated like any other name', async () => {
    const { status } = await registerDynamically(
      server,
      `{"redirect_uris":["${CALLBACK}"],"__proto__":{"scope":"system/*.rs"}}`,
    );
    expect(status).toBe(201);
  });
});

describe('a self-registered app', () => {
  it('is provisional, and works with sandbox patients', async () => {
    const { client_id, client_secret = '' } = await addRegisteredApp(server, { client_name: 'My Health' });
    expect((await findApp(server.db, server.clock, client_id))?.state).toBe('provisional');
    const token = await connectApp(server.app, { client_id, client_secret, redirect_uri: CALLBACK });
    expect(token.status).toBe(200);
    expect((await getFhir(server.app, `${R4}/Patient/${token.patient}`, token.access_token)).statusCode).toBe(200);
  });
});

describe('the rate limit of registration', () => {
  it('is twenty an hour for each network, over all paths, and other requests do not count', async () => {
    const post = (from: string, url = REGISTER) =>
      sendRegistration(server, {
        method: 'POST',
        url,
        payload: { redirect_uris: [CALLBACK] },
        headers: { 'x-forwarded-for': from },
      });
    for (let i = 0; i < 20; i++) expect((await post(`2001:db8:0:1::${i + 1}`)).status).toBe(201);
    const over = await post('2001:db8:0:1::ffff');
    expect(over.status).toBe(429);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(minutes(50) / 1000);
    expect((await post('2001:db8:0:1::1', '/nge/prod/patientoauth/register')).status).toBe(429);
    expect((await post('2001:db8:0:2::1')).status).toBe(201);
    server.clock.advance(hours(1));
    expect((await post('2001:db8:0:1::1')).status).toBe(201);
  });
  it('is five hundred an hour in total, however many networks', { timeout: 60_000 }, async () => {
    const busy = await startServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
    const group = () =>
      Promise.all(Array.from({ length: 50 }, () => registerDynamically(busy, { redirect_uris: [CALLBACK] })));
    for (let i = 0; i < 10; i++) expect((await group()).map(({ status }) => status)).toEqual(Array(50).fill(201));
    const over = await registerDynamically(busy, { redirect_uris: [CALLBACK] });
    expect({ status: over.status, error: over.body.error }).toEqual({ status: 429, error: 'invalid_request' });
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(minutes(50) / 1000);
    busy.clock.advance(hours(1));
    expect((await registerDynamically(busy, { redirect_uris: [CALLBACK] })).status).toBe(201);
    await busy.close();
  });
});

describe('the setting DYNAMIC_REGISTRATION', () => {
  it('off: the endpoint does not exist, discovery does not list it, and a request gets an explanation', async () => {
    const off = await startServer();
    for (const method of ['POST', 'GET'] as const) {
      const { status, body } = await sendRegistration(off, { method, url: REGISTER });
      expect({ status, error_description: body.error_description }).toEqual({
        status: 404,
        error_description: expect.stringContaining('Self-registration is turned off'),
      });
    }
    const elsewhere = await sendRegistration(off, { method: 'POST', url: `${OAUTH}/nowhere` });
    expect(elsewhere.body.error_description).toContain('Unknown endpoint');
    const { body } = await sendRegistration(off, { method: 'GET', url: `${OAUTH}/.well-known/smart-configuration` });
    expect(body['registration_endpoint']).toBeUndefined();
    await off.close();
  });
  it('sandbox and open: discovery lists it', async () => {
    const below = await sendRegistration(server, { method: 'POST', url: `${REGISTER}/a/register` });
    expect({ status: below.status, error_description: below.body.error_description }).toEqual({
      status: 404,
      error_description: expect.stringContaining('Unknown endpoint'),
    });
    const { body } = await sendRegistration(server, { method: 'GET', url: `${OAUTH}/.well-known/smart-configuration` });
    expect(body['registration_endpoint']).toBe(`http://localhost:8080${REGISTER}`);
  });
  it('open: an app is active immediately, and may change itself', async () => {
    const open = await startServer({ DYNAMIC_REGISTRATION: 'open' });
    const mine = await addRegisteredApp(open);
    expect((await findApp(open.db, open.clock, mine.client_id))?.state).toBe('active');
    const changed = await manageRegistration(open, 'PUT', mine, { ...mine, client_name: 'Renamed' });
    expect({ status: changed.status, clientName: changed.body['client_name'] }).toEqual({
      status: 200,
      clientName: 'Renamed',
    });
    const versions = await findVersions(open.db, mine.client_id);
    expect(versions.map(({ state }) => state)).toEqual(['approved', 'replaced']);
    const metadata = await listAppEvents(open.db, mine.client_id);
    const approvals = metadata.filter(({ kind }) => kind === 'approved');
    expect(approvals.map(({ bySide, detail }) => [bySide, detail])).toEqual(
      Array(2).fill(['server', { automatic: true }]),
    );
    await open.close();
  });
  it('open: once an administrator has stopped an app, only administrators decide about it', async () => {
    const open = await startServer({ DYNAMIC_REGISTRATION: 'open' });
    const mine = await addRegisteredApp(open);
    const deps = { clock: open.clock, random };
    const reason = { ground: 'security-risk', text: 'It leaks.' };
    const move = (to: string) =>
      open.db.transaction((tx) => decideByOperator(tx, deps, mine.client_id, { to, reason }));
    await move('suspended');
    await move('active');
    const { body } = await manageRegistration(open, 'PUT', mine, { ...mine, client_name: 'Renamed' });
    expect({ clientName: body['client_name'], review: body['review'] }).toMatchObject({
      clientName: 'Unnamed app',
      review: { waiting: { version: 2 } },
    });
    await open.close();
  });
});

it('apps in a browser may register: CORS allows each method', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const response = await server.app.inject({
      method: 'OPTIONS',
      url: method === 'POST' ? REGISTER : `${REGISTER}/x`,
      headers: { origin: 'https://app.example', 'access-control-request-method': method },
    });
    expect(response.headers['access-control-allow-methods']).toContain(method);
  }
});
