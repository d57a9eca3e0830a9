import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes, systemRandom as random } from '../../src/kernel/index.ts';
import {
  approveVersion,
  decideByOperator,
  findApp,
  findVersions,
  listAppEvents,
  listLog,
  openVersionsOf,
  setApp,
} from '../../src/registry/index.ts';
import { connect, encodeForm, FORM, fhir, OAUTH, R4, tokenOf } from '../support/patient.ts';
import { startServer, type TestServer } from '../support/server.ts';

const CALLBACK = 'https://app.example/callback';
const REGISTER = `${OAUTH}/register`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly client_id: string;
    readonly client_secret?: string;
    readonly registration_access_token: string;
    readonly error?: string;
    readonly error_description?: string;
  };
}

interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly payload?: unknown;
  readonly headers?: Record<string, string>;
}

let visitors = 0;
/** Each request from another network, unless a test says where it is from. */
async function send({ method, url, payload, headers = {} }: Request, to = server): Promise<Answer> {
  visitors += 1;
  const from = { 'x-forwarded-for': `198.51.${Math.floor(visitors / 250)}.${(visitors % 250) + 1}` };
  const body =
    payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) };
  const json = payload === undefined ? {} : { 'content-type': 'application/json' };
  const response = await to.app.inject({ method, url, ...body, headers: { ...json, ...from, ...headers } });
  return {
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(response.body || '{}') as Answer['body'],
  };
}

const register = (metadata: unknown, to = server) => send({ method: 'POST', url: REGISTER, payload: metadata }, to);
const manage = (method: 'GET' | 'PUT' | 'DELETE', app: Answer['body'], payload?: unknown, to = server) =>
  send(
    {
      method,
      url: `${REGISTER}/${app.client_id}`,
      ...(payload === undefined ? {} : { payload }),
      headers: { authorization: `Bearer ${app.registration_access_token}` },
    },
    to,
  );

async function registered(metadata: object = {}, to = server): Promise<Answer['body']> {
  const { status, body } = await register({ redirect_uris: [CALLBACK], ...metadata }, to);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

const keySet = () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1' }] };
};

describe('RFC 7591 §3.2.1: registering', () => {
  it('with as little as a redirect URI gives all there is to know', async () => {
    const { status, headers, body } = await register({ redirect_uris: [CALLBACK] });
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
    expect(Math.abs(Number(body['client_id_issued_at']) - Date.now() / 1000)).toBeLessThan(10);
  });
  it('keeps what it is told, and §2 ignores what it does not know', async () => {
    const told = {
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
    const body = await registered({ ...told, unheard_of: true, software_statement: 'a.b.c', 'client_name#de': 'x' });
    expect(body).toMatchObject(told);
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
    const app = await registered({ client_name: 'My Health' });
    for (const client_name of [
      'Patient-Access',
      'P\u0430t\u0456\u0435nt Access',
      'S a n d b o x Family Practice App',
    ]) {
      const made = await register({ redirect_uris: [CALLBACK], client_name });
      const changed = await manage('PUT', app, { client_id: app.client_id, redirect_uris: [CALLBACK], client_name });
      for (const { status, body } of [made, changed])
        expect({ status, error: body.error }, client_name).toEqual({ status: 400, error: 'invalid_client_metadata' });
    }
    const companion = await register({ redirect_uris: [CALLBACK], client_name: 'Practice Diary' });
    expect(companion.status).toBe(201);
  });
  it('of a public app, or one with keys, gives no secret', async () => {
    const open = await registered({ token_endpoint_auth_method: 'none' });
    const jwks = keySet();
    const keyed = await registered({ token_endpoint_auth_method: 'private_key_jwt', jwks });
    const fetched = await registered({
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
  it('§2: leaves out scopes that an app can’t register itself for, and says what is left', async () => {
    const scope = 'openid user/*.rs system/*.rs patient/Observation.write patient/Observation.read nonsense';
    expect((await registered({ scope }))['scope']).toBe('openid patient/Observation.read');
  });
  it('leaves out grants and responses there are not', async () => {
    const grants = { grant_types: ['authorization_code', 'client_credentials'], response_types: ['code', 'token'] };
    expect(await registered(grants)).toMatchObject({
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    });
  });
  it('stores neither the secret nor the registration access token as they are', async () => {
    const body = await registered();
    const rows = await server.db.queryText<object>(
      'select a::text, s::text as s from app a join app_secret s using (client_id) where client_id = $1',
      [body.client_id],
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(body.client_secret);
    expect(JSON.stringify(rows)).not.toContain(body.registration_access_token);
  });
  it('is recorded', async () => {
    const { client_id } = await registered();
    const rows = await server.db.queryText<object>(
      'select kind, outcome, detail from audit_event where client_id = $1',
      [client_id],
    );
    expect(rows).toEqual([
      { kind: 'registration', outcome: 'success', detail: { action: 'register', mode: 'sandbox' } },
    ]);
  });
});

describe('RFC 7591 §3.2.2: what can’t be registered', () => {
  it.each<[object, string]>([
    [{ redirect_uris: undefined }, 'at least one redirect URI'],
    [{ redirect_uris: [] }, 'at least one redirect URI'],
    [{ redirect_uris: CALLBACK }, 'redirect_uris must be an array'],
    [{ redirect_uris: ['http://app.example/'] }, 'must use https'],
    [{ redirect_uris: ['javascript:alert(1)'] }, 'must use https'],
    [{ redirect_uris: ['https://app.example/*'] }, 'wildcards'],
    [{ redirect_uris: ['https://app.example/日本'] }, 'plain ASCII'],
    [{ redirect_uris: [CALLBACK, 7] }, 'redirect_uris must be an array'],
    [{ redirect_uris: [`${CALLBACK}#é`] }, `${CALLBACK}#e must not have a fragment (#...).`],
  ])('invalid_redirect_uri: %j', async (metadata, words) => {
    const { status, body } = await register({ redirect_uris: [CALLBACK], ...metadata });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_redirect_uri' });
    expect(body.error_description).toContain(words);
    expect(body.error_description).toMatch(/^[\u0020-\u007e]+$/);
  });
  it.each<[object, string]>([
    [{ token_endpoint_auth_method: 'client_secret_jwt' }, 'must be one of: client_secret_basic'],
    [{ token_endpoint_auth_method: 'constructor' }, 'must be one of'],
    [{ grant_types: ['client_credentials'] }, 'must hold authorization_code'],
    [{ grant_types: 'authorization_code' }, 'grant_types must be an array'],
    [{ response_types: ['token'] }, 'must hold code'],
    [
      { scope: 'system/*.rs' },
      'scope holds none that an app may register itself for: patient/*.rs, openid, fhirUser ...',
    ],
    [{ scope: ['openid'] }, 'scope must be text'],
    [{ client_name: 'a\u202eb' }, 'plain visible text'],
    [{ client_name: 'a\u3164b' }, 'plain visible text'],
    [{ client_name: '❤\ufe0f' }, 'a letter or a digit'],
    [{ client_name: 'a\u0000b' }, 'no text'],
    [{ client_name: '\ud800' }, 'no text'],
    [{ client_name: {} }, 'client_name must be text'],
    [{ client_uri: 'javascript:alert(1)' }, 'client_uri must be an address'],
    [{ logo_uri: 7 }, 'logo_uri must be an address'],
    [{ contacts: 'dev@app.example' }, 'contacts must be an array'],
    [{ id_token_signed_response_alg: 'none' }, 'RS256 or ES256'],
    [{ dpop_bound_access_tokens: 'true' }, 'true or false'],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, 'needs its keys once'],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [] } }, 'no key that can be used'],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://app.example/' }, 'jwks_uri must use https'],
    [{ token_endpoint_auth_method: 'private_key_jwt', jwks: keySet(), jwks_uri: 'https://a.example/' }, 'once'],
  ])('invalid_client_metadata: %j', async (metadata, words) => {
    const { status, body } = await register({ redirect_uris: [CALLBACK], ...metadata });
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect(body.error_description).toContain(words);
  });
  it.each([
    ['', 50_000],
    ['"jwks":', 10_000],
    ['"token_endpoint_auth_method":"private_key_jwt","jwks":', 10_000],
    ['"jwks":{"keys":', 20],
  ])('invalid_client_metadata: what is nested too deep: %s %i', async (members, levels) => {
    const open = members.includes('{') ? '}' : '';
    const [before, after] = [members === '' ? '"x":' : members, `${']'.repeat(levels)}${open}`];
    const text = `{"redirect_uris":["${CALLBACK}"],${before}${'['.repeat(levels)}${after}}`;
    const { status, body } = await register(text);
    expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect(body.error_description).toContain('nested deeper');
  });
  it('invalid_client_metadata: what is too long', async () => {
    const long: [object, string][] = [
      [{ scope: `openid ${'patient/Patient.rs '.repeat(200)}` }, 'at most 3000 characters'],
      [
        { scope: Array.from({ length: 41 }, (_, i) => `patient/*.rs?code=${i}`).join(' ') },
        'at most 40 granular scopes',
      ],
      [{ client_name: 'x'.repeat(300) }, 'at most 200 characters'],
      [{ software_id: 'x'.repeat(201) }, 'software_id must be text of at most 200'],
    ];
    for (const [metadata, words] of long) {
      const { status, body } = await register({ redirect_uris: [CALLBACK], ...metadata });
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
      expect(body.error_description).toContain(words);
    }
  });
  it.each(['', '{', '[]', 'null', '"x"', '{"redirect_uris":'])(
    '§3.1: a body that is no JSON object: %s',
    async (text) => {
      const { status, body } = await register(text);
      expect({ status, error: body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    },
  );
  it('§3.1: a body that is not JSON at all', async () => {
    const payload = encodeForm({ redirect_uris: CALLBACK });
    const form = await send({ method: 'POST', url: REGISTER, payload, headers: FORM });
    expect({ status: form.status, error: form.body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect(form.body.error_description).toContain('application/json');
  });
  it('a body that is too large', async () => {
    const { status } = await register({ redirect_uris: [CALLBACK], client_name: 'x'.repeat(200_000) });
    expect(status).toBe(413);
  });
  it('a __proto__ is a name like any other', async () => {
    const { status } = await register(`{"redirect_uris":["${CALLBACK}"],"__proto__":{"scope":"system/*.rs"}}`);
    expect(status).toBe(201);
  });
});

describe('an app that registered itself', () => {
  it('is provisional, and works with sandbox patients', async () => {
    const { client_id, client_secret = '' } = await registered({ client_name: 'My Health' });
    expect((await findApp(server.db, server.clock, client_id))?.state).toBe('provisional');
    const token = await connect(server.app, { client_id, client_secret, redirect_uri: CALLBACK });
    expect(token.status).toBe(200);
    expect((await fhir(server.app, `${R4}/Patient/${token.patient}`, token.access_token)).statusCode).toBe(200);
  });
});

describe('RFC 7592 §2: only with its registration access token', () => {
  it('others learn nothing, not even whether there is such an app', async () => {
    const [mine, other] = [await registered(), await registered()];
    const attempts = [
      { ...mine, registration_access_token: other.registration_access_token },
      { ...mine, client_id: '00000000-0000-4000-8000-000000000000' },
      { ...mine, client_id: 'patient-access-demo' },
      { ...mine, registration_access_token: mine.client_secret ?? '' },
      { ...mine, registration_access_token: '' },
    ];
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const answers = await Promise.all(
        attempts.map((app) => manage(method, app, method === 'PUT' ? mine : undefined)),
      );
      for (const { status, headers, body } of answers) {
        expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_token' });
        expect(headers['www-authenticate']).toContain('Bearer');
        expect(body.error_description).toBe(answers[0]?.body.error_description);
      }
    }
    const without = await send({ method: 'GET', url: `${REGISTER}/${mine.client_id}` });
    expect(without.status).toBe(401);
  });
  it('§2.1: it reads what is registered, without the secret that nobody knows', async () => {
    const mine = await registered({ client_name: 'My Health', contacts: ['dev@app.example'] });
    const { status, headers, body } = await manage('GET', mine);
    const { client_secret, client_secret_expires_at, ...rest } = mine;
    expect({ status, cacheControl: headers['cache-control'], body }).toEqual({
      status: 200,
      cacheControl: 'no-store',
      body: rest,
    });
  });
});

describe('RFC 7592 §2.2: replacing', () => {
  it('what is not sent is no longer so', async () => {
    const mine = await registered({ client_name: 'Old', contacts: ['a@app.example'], scope: 'openid patient/*.rs' });
    const redirect_uris = ['https://app.example/new'];
    const { status, body } = await manage('PUT', mine, { client_id: mine.client_id, redirect_uris });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      client_name: 'Unnamed app',
      redirect_uris,
      scope: expect.stringContaining('patient/*.rs'),
    });
    expect(body['contacts']).toBeUndefined();
    expect(body).toEqual((await manage('GET', mine)).body);
    expect(body.registration_access_token).toBe(mine.registration_access_token);
  });
  it('what an operator decided stays so', async () => {
    const mine = await registered();
    const decided = { apis: ['r4'], dpopBound: true, requireAud: true, secretInQuery: false } as const;
    await server.db.transaction((tx) => setApp(tx, { clock: server.clock, random }, mine.client_id, decided));
    const empty = { client_id: mine.client_id, redirect_uris: [CALLBACK] };
    const { status, body } = await manage('PUT', mine, { ...empty, client_name: 'Renamed' });
    expect({
      status,
      clientName: body['client_name'],
      dpopBoundAccessTokens: body['dpop_bound_access_tokens'],
    }).toEqual({ status: 200, clientName: 'Renamed', dpopBoundAccessTokens: true });
    expect(await findApp(server.db, server.clock, mine.client_id)).toMatchObject(decided);
  });
  it('RFC 9449 §5.2: an app may begin to bind its tokens, and not go back on it', async () => {
    const mine = await registered();
    const bound = async (dpop_bound_access_tokens: boolean) => {
      const { body } = await manage('PUT', mine, { ...mine, dpop_bound_access_tokens });
      return body['dpop_bound_access_tokens'];
    };
    expect([await bound(false), await bound(true), await bound(false)]).toEqual([false, true, true]);
  });
  it('takes back all that it answered with', async () => {
    const mine = await registered({ client_name: 'My Health' });
    const { status, body } = await manage('PUT', mine, { ...mine, client_name: 'Renamed' });
    expect({ status, clientName: body['client_name'] }).toEqual({ status: 200, clientName: 'Renamed' });
    const { client_id, client_secret = '' } = mine;
    const token = await connect(server.app, { client_id, client_secret, redirect_uri: CALLBACK });
    expect(token.status).toBe(200);
  });
  it('an app that begins to use a secret is given one, one that stops loses it', async () => {
    const { client_secret, ...mine } = await registered();
    const base = { client_id: mine.client_id, redirect_uris: [CALLBACK] };
    const open = await manage('PUT', mine, { ...base, token_endpoint_auth_method: 'none' });
    expect({ status: open.status, client_secret: open.body.client_secret }).toEqual({
      status: 200,
      client_secret: undefined,
    });
    const again = await manage('PUT', mine, base);
    expect(again.body.client_secret).toMatch(/^[\w-]{43}$/);
    expect(again.body.client_secret).not.toBe(client_secret);
    const refresh = { grant_type: 'refresh_token', refresh_token: 'x', client_id: mine.client_id };
    const old = await tokenOf(server.app, { ...refresh, client_secret: client_secret ?? '' });
    expect({ status: old.status, error: old.error }).toEqual({ status: 401, error: 'invalid_client' });
    const now = await tokenOf(server.app, { ...refresh, client_secret: again.body.client_secret ?? '' });
    expect({ status: now.status, error: now.error }).toEqual({ status: 400, error: 'invalid_grant' });
  });
  it('refuses another client_id, another secret, and what could not be registered; its developer can see why', async () => {
    const mine = await registered();
    const wrong: [object, string][] = [
      [{ ...mine, client_id: 'another' }, 'invalid_client_metadata'],
      [{ ...mine, client_id: undefined }, 'invalid_client_metadata'],
      [{ ...mine, client_secret: 'chosen-by-me' }, 'invalid_client_metadata'],
      [{ ...mine, client_secret: 7 }, 'invalid_client_metadata'],
      [{ ...mine, client_secret: { toString: 'x' } }, 'invalid_client_metadata'],
      [{ ...mine, redirect_uris: ['http://app.example'] }, 'invalid_redirect_uri'],
    ];
    for (const [metadata, error] of wrong) {
      const { status, body } = await manage('PUT', mine, metadata);
      expect({ status, error: body.error }).toEqual({ status: 400, error });
    }
    const form = await send({
      method: 'PUT',
      url: `${REGISTER}/${mine.client_id}`,
      payload: 'x=y',
      headers: { ...FORM, authorization: `Bearer ${mine.registration_access_token}` },
    });
    expect({ status: form.status, error: form.body.error }).toEqual({ status: 400, error: 'invalid_client_metadata' });
    expect((await manage('GET', mine)).body['redirect_uris']).toEqual([CALLBACK]);
    await expect.poll(() => listLog(server.db, mine.client_id, { limit: 10 })).toHaveLength(wrong.length);
    const [last] = await listLog(server.db, mine.client_id, { limit: 1 });
    expect(last).toMatchObject({ endpoint: 'register', error: 'invalid_redirect_uri' });
    expect(JSON.stringify(await listLog(server.db, mine.client_id, { limit: 10 }))).not.toContain('chosen-by-me');
  });
  it('of an app that was approved, what is more than was approved waits; the answer says what there is, and what waits', async () => {
    const mine = await registered({ scope: 'launch/patient patient/*.rs' });
    await approve(mine.client_id);
    expect((await manage('GET', mine)).body['review']).toEqual({ state: 'active' });
    const evil = { ...mine, redirect_uris: [CALLBACK, 'https://evil.example/'], client_name: 'Bank of Health' };
    const { status, body } = await manage('PUT', mine, { ...evil, software_version: '2' });
    expect({ status, redirectUris: body['redirect_uris'], clientName: body['client_name'] }).toEqual({
      status: 200,
      redirectUris: [CALLBACK],
      clientName: 'Unnamed app',
    });
    expect({ softwareVersion: body['software_version'], review: body['review'] }).toEqual({
      softwareVersion: '2',
      review: {
        state: 'active',
        waiting: { version: 2, since: expect.any(String), fields: ['client_name', 'redirect_uris'] },
      },
    });
    await approve(mine.client_id);
    const after = (await manage('GET', mine)).body;
    expect({ clientName: after['client_name'], redirectUris: after['redirect_uris'] }).toEqual({
      clientName: evil.client_name,
      redirectUris: evil.redirect_uris,
    });
  });
  it('what only takes away holds at once, and takes back what waited', async () => {
    const mine = await registered({ scope: 'openid launch/patient patient/*.rs' });
    await approve(mine.client_id);
    await manage('PUT', mine, { ...mine, redirect_uris: [CALLBACK, 'https://app.example/two'] });
    const { body } = await manage('PUT', mine, { ...mine, scope: 'launch/patient patient/Patient.rs' });
    expect({ scope: body['scope'], review: body['review'] }).toEqual({
      scope: 'launch/patient patient/Patient.rs',
      review: { state: 'active' },
    });
  });
  it('one that was rejected hands in another version, and reads why the first was refused', async () => {
    const mine = await registered();
    await decide(mine.client_id, 'rejected', 'Nobody knows you.');
    expect((await manage('GET', mine)).body['review']).toEqual({ state: 'rejected', refused: 'Nobody knows you.' });
    const { status, body } = await manage('PUT', mine, { ...mine, client_name: 'Mended' });
    expect([status, body['review']]).toMatchObject([200, { state: 'provisional', waiting: { version: 2 } }]);
  });
  it('one that is suspended is mended, and stays suspended', async () => {
    const mine = await registered();
    await approve(mine.client_id);
    await decide(mine.client_id, 'suspended', 'A key leaked.');
    const { status, body } = await manage('PUT', mine, { ...mine, token_endpoint_auth_method: 'none' });
    expect({ status, review: body['review'] }).toEqual({ status: 200, review: { state: 'suspended' } });
  });
  it('makes ten versions in a day at most: each is kept', async () => {
    const mine = await registered();
    const rename = (name: string) => manage('PUT', mine, { ...mine, client_name: name });
    for (let i = 2; i <= 10; i += 1) expect((await rename(`Name ${'x'.repeat(i)}`)).status).toBe(200);
    expect((await rename('One more')).status).toBe(429);
    expect((await manage('GET', mine)).body['review']).toMatchObject({ waiting: { version: 10 } });
  });
});

const decide = (clientId: string, to: string, text?: string) =>
  server.db.transaction((tx) =>
    decideByOperator(tx, { clock: server.clock, random }, clientId, {
      to,
      reason: { ground: text === undefined ? undefined : 'security-risk', text },
    }),
  );
/** Whatever of it waits, a change of an app that works too. */
async function approve(clientId: string): Promise<void> {
  const [open] = await openVersionsOf(server.db, [clientId]);
  if (open === undefined) throw new Error('something waits');
  await server.db.transaction((tx) =>
    approveVersion(
      tx,
      { clock: server.clock, random },
      { clientId, by: undefined, version: open.version, logoVersion: undefined, mayDecide: async () => true },
    ),
  );
}

describe('RFC 7592 §2.3: deleting', () => {
  it('ends the app, its tokens and its registration', async () => {
    const { client_secret = '', ...mine } = await registered();
    const token = await connect(server.app, { client_id: mine.client_id, client_secret, redirect_uri: CALLBACK });
    const { status, body } = await manage('DELETE', mine);
    expect({ status, body }).toEqual({ status: 204, body: {} });
    server.clock.advance(1001);
    expect((await fhir(server.app, `${R4}/Patient/${token.patient}`, token.access_token)).statusCode).toBe(401);
    const refreshed = await tokenOf(server.app, {
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
      client_id: mine.client_id,
      client_secret,
    });
    expect(refreshed.error).toBe('unauthorized_client');
    for (const method of ['GET', 'DELETE'] as const) expect((await manage(method, mine)).status).toBe(401);
    expect((await findApp(server.db, server.clock, mine.client_id))?.state).toBe('retired');
    expect(await findVersions(server.db, mine.client_id)).toMatchObject([{ state: 'withdrawn' }]);
    const told = (await listAppEvents(server.db, mine.client_id)).map(({ kind }) => kind).sort();
    expect(told).toEqual(['registered', 'retired', 'submitted', 'withdrawn']);
  });
  it('is done once, by however many at once', async () => {
    const mine = await registered();
    const answers = await Promise.all(Array.from({ length: 5 }, () => manage('DELETE', mine)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401, 401]);
  });
});

describe('how often', () => {
  it('twenty times an hour from a network, at all paths together, and others not counted', async () => {
    const post = (from: string, url = REGISTER) =>
      send({ method: 'POST', url, payload: { redirect_uris: [CALLBACK] }, headers: { 'x-forwarded-for': from } });
    for (let i = 0; i < 20; i++) expect((await post(`2001:db8:0:1::${i + 1}`)).status).toBe(201);
    const over = await post('2001:db8:0:1::ffff');
    expect(over.status).toBe(429);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(minutes(50) / 1000);
    expect((await post('2001:db8:0:1::1', '/nge/prod/patientoauth/register')).status).toBe(429);
    expect((await post('2001:db8:0:2::1')).status).toBe(201);
    server.clock.advance(hours(1));
    expect((await post('2001:db8:0:1::1')).status).toBe(201);
  });
  it('five hundred times an hour in all, from however many networks', { timeout: 60_000 }, async () => {
    const busy = await startServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
    const group = () => Promise.all(Array.from({ length: 50 }, () => register({ redirect_uris: [CALLBACK] }, busy)));
    for (let i = 0; i < 10; i++) expect((await group()).map(({ status }) => status)).toEqual(Array(50).fill(201));
    const over = await register({ redirect_uris: [CALLBACK] }, busy);
    expect({ status: over.status, error: over.body.error }).toEqual({ status: 429, error: 'invalid_request' });
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(minutes(50) / 1000);
    busy.clock.advance(hours(1));
    expect((await register({ redirect_uris: [CALLBACK] }, busy)).status).toBe(201);
    await busy.close();
  });
});

describe('the setting DYNAMIC_REGISTRATION', () => {
  it('off: there is no such endpoint, discovery names none, and whoever asks there is told', async () => {
    const off = await startServer();
    for (const method of ['POST', 'GET'] as const) {
      const { status, body } = await send({ method, url: REGISTER }, off);
      expect({ status, error_description: body.error_description }).toEqual({
        status: 404,
        error_description: expect.stringContaining('turned self-registration off'),
      });
    }
    const elsewhere = await send({ method: 'POST', url: `${OAUTH}/nowhere` }, off);
    expect(elsewhere.body.error_description).toContain('no such endpoint');
    const { body } = await send({ method: 'GET', url: `${OAUTH}/.well-known/smart-configuration` }, off);
    expect(body['registration_endpoint']).toBeUndefined();
    await off.close();
  });
  it('sandbox and open: discovery names it', async () => {
    const below = await send({ method: 'POST', url: `${REGISTER}/a/register` });
    expect({ status: below.status, error_description: below.body.error_description }).toEqual({
      status: 404,
      error_description: expect.stringContaining('no such endpoint'),
    });
    const { body } = await send({ method: 'GET', url: `${OAUTH}/.well-known/smart-configuration` });
    expect(body['registration_endpoint']).toBe(`http://localhost:8080${REGISTER}`);
  });
  it('open: an app is active at once, and may change itself', async () => {
    const open = await startServer({ DYNAMIC_REGISTRATION: 'open' });
    const mine = await registered({}, open);
    expect((await findApp(open.db, open.clock, mine.client_id))?.state).toBe('active');
    const changed = await manage('PUT', mine, { ...mine, client_name: 'Renamed' }, open);
    expect({ status: changed.status, clientName: changed.body['client_name'] }).toEqual({
      status: 200,
      clientName: 'Renamed',
    });
    const versions = await findVersions(open.db, mine.client_id);
    expect(versions.map(({ state }) => state)).toEqual(['approved', 'replaced']);
    const told = await listAppEvents(open.db, mine.client_id);
    const approvals = told.filter(({ kind }) => kind === 'approved');
    expect(approvals.map(({ bySide, detail }) => [bySide, detail])).toEqual(
      Array(2).fill(['server', { automatic: true }]),
    );
    await open.close();
  });
  it('open: what an administrator once stopped is theirs to decide from then on', async () => {
    const open = await startServer({ DYNAMIC_REGISTRATION: 'open' });
    const mine = await registered({}, open);
    const deps = { clock: open.clock, random };
    const reason = { ground: 'security-risk', text: 'It leaks.' };
    const move = (to: string) =>
      open.db.transaction((tx) => decideByOperator(tx, deps, mine.client_id, { to, reason }));
    await move('suspended');
    await move('active');
    const { body } = await manage('PUT', mine, { ...mine, client_name: 'Renamed' }, open);
    expect([body['client_name'], body['review']]).toMatchObject(['Unnamed app', { waiting: { version: 2 } }]);
    await open.close();
  });
});

it('apps in a browser may register: CORS, for each method', async () => {
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const response = await server.app.inject({
      method: 'OPTIONS',
      url: method === 'POST' ? REGISTER : `${REGISTER}/x`,
      headers: { origin: 'https://app.example', 'access-control-request-method': method },
    });
    expect(response.headers['access-control-allow-methods']).toContain(method);
  }
});
