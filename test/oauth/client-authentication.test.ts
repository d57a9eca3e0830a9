import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientId, hours, minutes, Problem, seconds, systemRandom } from '../../src/kernel/index.ts';
import {
  authenticateClient,
  type ClientAuthDeps,
  claimedClientId,
  clientAuthDeps,
  type PresentedClient,
} from '../../src/oauth/client/client-authentication.ts';
import { sweepSeen } from '../../src/oauth/client/seen-once.ts';
import { readParameters } from '../../src/oauth/parameters.ts';
import { addSecret, changeAppState, endSecret, findApp, listSecrets, setApp } from '../../src/registry/index.ts';
import { addApp } from '../support/apps.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/empty-database.ts';
import { testClock } from '../support/server.ts';
import { testDatabase } from '../support/test-database.ts';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const TOKEN = 'https://ehr.example/patient-oauth/token';
const ISSUER = 'https://ehr.example/patient-oauth';
const clock = testClock();
const random = systemRandom;

let database: EmptyDatabase;
let server: { db: EmptyDatabase['db']; clock: typeof clock };
let deps: ClientAuthDeps;
let keySets: Server;
let origin: string;
/** What is at each path of the app's own server. */
const hosted = new Map<string, { keys: readonly JWK[]; headers?: Record<string, string>; asked: number }>();

interface Signer {
  readonly alg: 'RS384' | 'ES384' | 'RS256' | 'ES256';
  readonly kid: string;
  readonly jwk: JWK;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
}
let rsa: Signer;
let ec: Signer;

async function signer(alg: Signer['alg'], kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } };
}

beforeAll(async () => {
  database = await emptyDatabase(testDatabase());
  server = { db: database.db, clock };
  deps = authOf('sandbox');
  [rsa, ec] = await Promise.all([signer('RS384', 'rsa'), signer('ES384', 'ec')]);
  keySets = createServer((request, response) => {
    const found = hosted.get(request.url ?? '');
    if (found === undefined) return void response.writeHead(404).end();
    found.asked += 1;
    response.writeHead(200, found.headers).end(JSON.stringify({ keys: found.keys }));
  });
  await new Promise<void>((resolve) => keySets.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(keySets.address() as AddressInfo).port}`;
});
afterAll(async () => {
  keySets.close();
  await database.close();
});

const authOf = (provisionalApps: 'sandbox' | 'inactive') =>
  clientAuthDeps({
    db: database.db,
    clock,
    clients: { find: (id) => findApp(database.db, clock, id) },
    provisionalApps,
    trustedJwksHosts: ['127.0.0.1'],
  });

interface Sent {
  readonly query?: Record<string, string>;
  readonly body?: Record<string, string>;
  readonly basic?: string;
  readonly address?: string;
  readonly fallbackClientId?: string;
}

function presented({ query = {}, body = {}, basic, address = '192.0.2.1', fallbackClientId }: Sent): PresentedClient {
  const authorization = basic === undefined ? undefined : `Basic ${Buffer.from(basic).toString('base64')}`;
  const { values: parameters } = readParameters(query, body);
  return { authorization, query, body, parameters, address, audiences: [TOKEN, ISSUER], fallbackClientId };
}

const authenticate = (sent: Sent, by = deps) => authenticateClient(by, presented(sent));

/** The refusal, as code, status and words. */
async function refused(sent: Sent, by = deps): Promise<Problem> {
  const error = await authenticate(sent, by).then(
    ({ clientId }) => new Error(`${clientId} was let in`),
    (thrown) => thrown,
  );
  if (!(error instanceof Problem)) throw error;
  return error;
}

const withKeys = (...keys: Signer[]) =>
  addApp(server, { auth: 'private_key_jwt', jwks: { keys: keys.map(({ jwk }) => jwk) } });

interface Assertion {
  readonly by?: Signer;
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
}

/** An assertion that is good in all that is not given. */
async function assertion(clientId: string, { by = rsa, header = {}, claims = {} }: Assertion = {}): Promise<string> {
  const now = Math.floor(clock.now().getTime() / 1000);
  const usual = { iss: clientId, sub: clientId, aud: TOKEN, iat: now, exp: now + 300, jti: random.uuid() };
  const payload = Object.fromEntries(
    Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined),
  );
  const all = Object.entries({ alg: by.alg, kid: by.kid, typ: 'JWT', ...header }).filter(([, v]) => v !== undefined);
  return new SignJWT(payload as JWTPayload)
    .setProtectedHeader(Object.fromEntries(all) as { alg: string })
    .sign(by.privateKey);
}

const assertedBody = (client_assertion: string) => ({ client_assertion_type: TYPE, client_assertion });
const asserted = async (clientId: string, how?: Assertion): Promise<Sent> => ({
  body: assertedBody(await assertion(clientId, how)),
});

describe('RFC 6749 §2.3.1: a secret', () => {
  it('may come in the form, in the query, by Basic, or in any mix that agrees', async () => {
    const { client_id, client_secret } = await addApp(server);
    const basic = `${client_id}:${client_secret}`;
    const ways: Sent[] = [
      { body: { client_id, client_secret } },
      { query: { client_id, client_secret } },
      { query: { client_id }, body: { client_secret } },
      { query: { client_secret }, body: { client_id, client_secret } },
      { basic },
      { basic, body: { client_id } },
      { basic, query: { client_id, client_secret } },
    ];
    for (const way of ways) expect((await authenticate(way)).clientId, JSON.stringify(way)).toBe(client_id);
  });
  it('§2.3.1: is form-encoded in Basic', async () => {
    const { client_id, client_secret } = await addApp(server);
    const encoded = [...client_secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    expect((await authenticate({ basic: `${client_id}:${encoded}` })).clientId).toBe(client_id);
  });
  it('that does not agree with itself is refused', async () => {
    const { client_id, client_secret } = await addApp(server);
    const basic = `${client_id}:${client_secret}`;
    expect(await refused({ basic, body: { client_id: 'another' } })).toMatchObject({ code: 'invalid_request' });
    expect(await refused({ basic, body: { client_secret: 'another' } })).toMatchObject({ code: 'invalid_request' });
  });
  it('§5.2: that is missing, wrong or unreadable is 401 invalid_client, in words', async () => {
    const { client_id } = await addApp(server);
    const words = async (sent: Sent) => {
      const { code, status, message } = await refused(sent);
      expect([code, status]).toEqual(['invalid_client', 401]);
      return message;
    };
    expect(await words({ body: { client_id } })).toContain('client_secret is missing');
    expect(await words({ body: { client_id, client_secret: 'x' } })).toContain('not a secret of this app');
    expect(await words({ body: { client_id: 'nobody', client_secret: 'x' } })).toContain('not known here');
    expect(await words({ body: {} })).toContain('client_id is missing');
    expect(await words({ body: assertedBody('x.y.z') })).toBe('client_assertion is not a signed JWT.');
    expect(await words(await asserted('nobody'))).toContain('sub of client_assertion is nobody, which is no client_id');
    expect(await words(await asserted('nobody', { claims: { sub: undefined } }))).toContain('sub of client_assertion');
    expect(await words({ basic: 'no colon' })).toContain('Authorization header');
  });
  it('in the query is refused where the operator turned that off, and is to be treated as leaked', async () => {
    const { client_id, client_secret } = await addApp(server, { secretInQuery: false });
    for (const body of [{ client_id }, { client_id, client_secret }]) {
      const problem = await refused({ query: { client_secret }, body });
      expect(problem).toMatchObject({ code: 'invalid_client', status: 401 });
      expect(problem.message).toContain('treat this secret as leaked');
      expect(problem.message).not.toContain(client_secret);
    }
    expect((await authenticate({ body: { client_id, client_secret } })).clientId).toBe(client_id);
  });
});

describe('two live secrets', () => {
  it('are both good, and there is no third until one has ended', async () => {
    const { client_id, client_secret } = await addApp(server);
    const add = () => server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id));
    clock.advance(1000);
    const second = (await add()).clientSecret;
    for (const secret of [client_secret, second]) {
      expect((await authenticate({ body: { client_id, client_secret: secret } })).clientId).toBe(client_id);
    }
    await expect(add()).rejects.toThrow('two secrets already');
    const [first] = await listSecrets(server.db, clock, client_id);
    await endSecret(server.db, clock, client_id, first?.createdAt ?? new Date(0));
    clock.advance(1000);
    expect((await refused({ body: { client_id, client_secret } })).code).toBe('invalid_client');
    expect((await authenticate({ body: { client_id, client_secret: second } })).clientId).toBe(client_id);
    await add();
  });
  it('of five who add one at once, one does', async () => {
    const { client_id } = await addApp(server);
    const add = () => server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id));
    const results = await Promise.allSettled([add(), add(), add(), add(), add()]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await listSecrets(server.db, clock, client_id)).toHaveLength(2);
  });
  it('one that has expired is good no more, and makes room', async () => {
    const { client_id } = await addApp(server);
    const expiresAt = new Date(clock.now().getTime() + hours(24));
    const add = () => server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id, { expiresAt }));
    const { clientSecret } = await add();
    expect((await authenticate({ body: { client_id, client_secret: clientSecret } })).clientId).toBe(client_id);
    clock.advance(hours(24));
    expect((await refused({ body: { client_id, client_secret: clientSecret } })).message).toContain('expired');
    await expect(add()).rejects.toThrow('in the future');
    expect(await listSecrets(server.db, clock, client_id)).toHaveLength(1);
  });
  it('are for apps with a secret', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    const adding = server.db.transaction((tx) => addSecret(tx, { clock, random }, client_id));
    await expect(adding).rejects.toThrow('registered as public');
  });
});

describe('a public client', () => {
  it('says who it is and proves nothing; its token may say it too', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    expect((await authenticate({ body: { client_id } })).clientId).toBe(client_id);
    expect((await authenticate({ fallbackClientId: client_id })).clientId).toBe(client_id);
  });
  it('has no keys to sign with', async () => {
    const { client_id } = await addApp(server, { auth: 'none' });
    expect((await refused(await asserted(client_id))).message).toContain('registered as public');
  });
  it('a confidential one is not taken for one, whatever token it holds', async () => {
    const { client_id } = await addApp(server);
    expect((await refused({ fallbackClientId: client_id })).message).toContain('client_secret is missing');
    const keyed = await withKeys(rsa);
    expect((await refused({ fallbackClientId: keyed.client_id })).message).toContain('client_assertion is missing');
  });
});

describe('the state of an app', () => {
  it('active and provisional ones may go on, all others not', async () => {
    const { client_id, client_secret } = await addApp(server, { state: 'provisional' });
    const body = { client_id, client_secret };
    expect((await authenticate({ body })).state).toBe('provisional');
    const steps = [
      ['rejected', 'rejected'],
      ['provisional', undefined],
      ['active', undefined],
      ['suspended', 'suspended'],
      ['retired', 'retired'],
    ] as const;
    for (const [state, word] of steps) {
      await changeAppState(server.db, clock, client_id, state);
      clock.advance(1000);
      if (word === undefined) expect((await authenticate({ body })).state).toBe(state);
      else {
        const problem = await refused({ body });
        expect(problem).toMatchObject({ code: 'unauthorized_client', status: 400 });
        expect(problem.message).toContain(word);
      }
    }
  });
  it('a provisional one may not, where the operator says so', async () => {
    const { client_id, client_secret } = await addApp(server, { state: 'provisional' });
    const problem = await refused({ body: { client_id, client_secret } }, authOf('inactive'));
    expect(problem).toMatchObject({ code: 'unauthorized_client', status: 400 });
    expect(problem.message).toContain('not approved yet');
  });
  it('is told to nobody who does not prove who they are', async () => {
    const { client_id } = await addApp(server);
    await changeAppState(server.db, clock, client_id, 'suspended');
    expect((await refused({ body: { client_id, client_secret: 'x' } })).code).toBe('invalid_client');
  });
});

describe('RFC 7523, SMART App Launch 2.2 Client Authentication: Asymmetric: private_key_jwt', () => {
  it.each(['RS384', 'ES384'])('%s is accepted, with the client_id and without', async (alg) => {
    const by = alg === 'RS384' ? rsa : ec;
    const { client_id } = await withKeys(rsa, ec);
    expect((await authenticate(await asserted(client_id, { by }))).clientId).toBe(client_id);
    const { body } = await asserted(client_id, { by });
    expect((await authenticate({ body: { ...body, client_id } })).clientId).toBe(client_id);
  });
  it('RFC 7521 §4.2.1: client_assertion_type is the one there is', async () => {
    const { client_id } = await withKeys(rsa);
    const client_assertion = await assertion(client_id);
    expect(await refused({ body: { client_assertion } })).toMatchObject({ code: 'invalid_request' });
    const saml = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' };
    expect(await refused({ body: { client_assertion, ...saml } })).toMatchObject({ code: 'invalid_request' });
    const none = await refused({ body: { client_id, client_assertion_type: TYPE } });
    expect(none.message).toContain('client_assertion is missing');
  });
  it('RFC 6749 §2.3: not together with a secret; and each app as it is registered', async () => {
    const keyed = await withKeys(rsa);
    const plain = await addApp(server);
    const both = { ...(await asserted(keyed.client_id)).body, client_secret: 'x' };
    expect(await refused({ body: both })).toMatchObject({ code: 'invalid_request' });
    const secret = await refused({ body: { client_id: keyed.client_id, client_secret: 'x' } });
    expect([secret.code, secret.message]).toEqual(['invalid_client', expect.stringContaining('with keys')]);
    const signed = await refused(await asserted(plain.client_id));
    expect([signed.code, signed.message]).toEqual(['invalid_client', expect.stringContaining('with a client_secret')]);
  });

  const in_ = (s: number) => Math.floor(clock.now().getTime() / 1000) + s;
  it.each<[string, () => Assertion, string]>([
    ['§3.1 iss', () => ({ claims: { iss: 'another' } }), 'iss of client_assertion is another'],
    ['§3.1 iss missing', () => ({ claims: { iss: undefined } }), 'iss of client_assertion is missing'],
    [
      '§3.3 aud',
      () => ({ claims: { aud: 'https://other.example/token' } }),
      `https://other.example/token; expected ${TOKEN}`,
    ],
    ['§3.3 aud of several', () => ({ claims: { aud: ['https://other.example'] } }), 'aud of client_assertion'],
    ['§3.3 aud missing', () => ({ claims: { aud: undefined } }), 'aud of client_assertion is missing'],
    ['§3.4 exp missing', () => ({ claims: { exp: undefined } }), 'no exp'],
    ['§3.4 exp past', () => ({ claims: { exp: in_(-12) } }), 'expired 1'],
    ['§3.4 exp now', () => ({ claims: { exp: in_(0) } }), 'expired'],
    ['exp more than five minutes ahead', () => ({ claims: { exp: in_(400) } }), 'at most 300 s'],
    ['exp no number', () => ({ claims: { exp: 'soon' } }), 'no exp'],
    ['§3.5 nbf ahead', () => ({ claims: { nbf: in_(60) } }), 'nbf of client_assertion lies'],
    ['§3.6 iat ahead', () => ({ claims: { iat: in_(60) } }), 'iat of client_assertion lies'],
    ['§3.7 jti missing', () => ({ claims: { jti: undefined } }), 'no jti'],
    ['kid missing', () => ({ header: { kid: undefined } }), 'no kid'],
    ['kid unknown', () => ({ header: { kid: 'stranger' } }), 'kid stranger is not in the registered key set'],
    ['kid of a key of another kind', () => ({ header: { kid: 'ec' } }), "key ec can't verify RS384"],
    ['jku not registered', () => ({ header: { jku: 'https://evil.example/jwks' } }), 'not the jwks_uri'],
  ])('is refused: %s', async (_what, how, words) => {
    const { client_id } = await withKeys(rsa, ec);
    const problem = await refused(await asserted(client_id, how()));
    expect([problem.code, problem.status]).toEqual(['invalid_client', 401]);
    expect(problem.message).toContain(words);
  });
  it('§3.2: sub must be the client_id that is sent beside it', async () => {
    const mine = await withKeys(rsa);
    const other = await withKeys(rsa);
    const { body } = await asserted(mine.client_id);
    const problem = await refused({ body: { ...body, client_id: other.client_id } });
    expect(problem.message).toContain(`expected the client_id, ${other.client_id}`);
  });
  it('§3.3: aud may be the issuer, one of several, and have a slash at its end', async () => {
    const { client_id } = await withKeys(rsa);
    for (const aud of [ISSUER, `${ISSUER}/`, [TOKEN], ['https://other.example', ISSUER]]) {
      expect((await authenticate(await asserted(client_id, { claims: { aud } }))).clientId).toBe(client_id);
    }
  });
  it('clocks may be ten seconds apart', async () => {
    const { client_id } = await withKeys(rsa);
    const claims = { iat: in_(8), nbf: in_(8), exp: in_(308) };
    expect((await authenticate(await asserted(client_id, { claims }))).clientId).toBe(client_id);
  });

  it('by the first three keys of its kid: a key set may hold hundreds', async () => {
    const others = await Promise.all([1, 2, 3].map(() => signer('ES384', 'ec')));
    const third = await withKeys(...others.slice(1), ec);
    expect((await authenticate(await asserted(third.client_id, { by: ec }))).clientId).toBe(third.client_id);
    const fourth = await withKeys(...others, ec);
    expect((await refused(await asserted(fourth.client_id, { by: ec }))).message).toContain('does not match');
  });
  it('RFC 7518 §6.3.1: not by an RSA key that takes long to verify with', async () => {
    const long = (count: number) => Buffer.alloc(count, 0x7f).toString('base64url');
    for (const changes of [{ e: long(256) }, { n: long(513) }]) {
      const { client_id } = await addApp(server, {
        auth: 'private_key_jwt',
        jwks: { keys: [{ ...rsa.jwk, ...changes }, ec.jwk] },
      });
      expect((await refused(await asserted(client_id))).message).toContain("The registered key rsa can't verify RS384");
    }
  });

  it('RFC 8725 §3.1: with no algorithm but the two, whatever the header says', async () => {
    const { client_id } = await withKeys(rsa, ec);
    const [, payload] = (await assertion(client_id)).split('.');
    const other = await signer('RS256', 'rsa');
    for (const alg of ['none', 'HS256', 'RS256', 'PS384']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'rsa' })).toString('base64url');
      const problem = await refused({ body: assertedBody(`${header}.${payload}.c2ln`) });
      expect(problem.message).toContain(`signed with ${alg}`);
    }
    expect((await refused(await asserted(client_id, { by: other }))).message).toContain('signed with RS256');
  });
  it('RFC 7515 §4.1.11: crit is not understood', async () => {
    const { client_id } = await withKeys(rsa);
    const [, payload] = (await assertion(client_id)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'RS384', kid: 'rsa', crit: ['b64'], b64: false })).toString(
      'base64url',
    );
    expect((await refused({ body: assertedBody(`${header}.${payload}.c2ln`) })).message).toContain('crit');
  });
  it.each(['', 'x', 'a.b.c', 'e30.e30.', 'e30.e30.e30.e30.e30', `${'x'.repeat(9000)}.e30.e30`])(
    'what is no signed JWT is refused (%#)',
    async (text) => {
      const { client_id } = await withKeys(rsa);
      const { code, status } = await refused({
        body: { client_id, client_assertion_type: TYPE, client_assertion: text },
      });
      expect([400, 401]).toContain(status);
      expect(['invalid_client', 'invalid_request']).toContain(code);
    },
  );

  it('§3.7: a jti is good once, also of a hundred at once, and for this client alone', async () => {
    const [one, other] = await Promise.all([withKeys(rsa), withKeys(rsa)]);
    const claims = { jti: random.uuid() };
    const sent = await asserted(one.client_id, { claims });
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => authenticate(sent)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await refused(sent)).message).toContain('was used before');
    expect((await authenticate(await asserted(other.client_id, { claims }))).clientId).toBe(other.client_id);
  });
  it('is not used up by an assertion that is refused', async () => {
    const { client_id } = await withKeys(rsa);
    const claims = { jti: random.uuid() };
    const forged = await asserted(client_id, { claims, by: await signer('RS384', 'rsa') });
    expect((await refused(forged)).message).toContain('signature');
    expect((await authenticate(await asserted(client_id, { claims }))).clientId).toBe(client_id);
  });
  it('ids are forgotten when no assertion that bears them can be good any more', async () => {
    const { client_id } = await withKeys(rsa);
    const claims = { jti: random.uuid() };
    await authenticate(await asserted(client_id, { claims }));
    const remembered = () => server.db.queryText('select from seen_once', []);
    expect(await remembered()).not.toEqual([]);
    clock.advance(minutes(5) + seconds(30));
    await sweepSeen(server.db, clock.now());
    expect(await remembered()).toEqual([]);
    expect((await authenticate(await asserted(client_id, { claims }))).clientId).toBe(client_id);
  });
});

describe('wrong signatures', () => {
  it('are verified thirty times a minute, then refused unseen: for that client from that network alone', async () => {
    const [one, other] = await Promise.all([withKeys(ec), withKeys(ec)]);
    const forger = await signer('ES384', 'ec');
    const forge = async (clientId: string) => (await asserted(clientId, { by: forger })).body;
    const forged = await Promise.all(Array.from({ length: 50 }, () => forge(one.client_id)));
    // all at once: none is counted late
    const problems = await Promise.all(forged.map((body) => refused({ body: body ?? {} })));
    expect(problems.filter(({ message }) => message.includes('does not match'))).toHaveLength(30);
    const limited = problems.filter(({ retryAfter }) => retryAfter !== undefined);
    expect(limited).toHaveLength(20);
    expect(limited[0]).toMatchObject({ code: 'invalid_client', status: 401, retryAfter: expect.any(Number) });
    // the client itself from elsewhere, and another client from here
    const mine = await asserted(one.client_id, { by: ec });
    expect((await authenticate({ ...mine, address: '198.51.100.7' })).clientId).toBe(one.client_id);
    expect((await authenticate(await asserted(other.client_id, { by: ec }))).clientId).toBe(other.client_id);
    clock.advance(minutes(1));
    expect((await authenticate(await asserted(one.client_id, { by: ec }))).clientId).toBe(one.client_id);
  });
});

describe('keys by address', () => {
  const hostedApp = (path: string, keys: readonly Signer[], headers: Record<string, string> = {}) => {
    hosted.set(path, { keys: keys.map(({ jwk }) => jwk), headers, asked: 0 });
    return addApp(server, { auth: 'private_key_jwt', jwksUri: `${origin}${path}` });
  };

  it('are fetched, kept, and fetched again for a new kid', async () => {
    const { client_id } = await hostedApp('/rotates', [rsa]);
    for (let i = 0; i < 3; i++) await authenticate(await asserted(client_id));
    expect(hosted.get('/rotates')?.asked).toBe(1);
    const next = await signer('ES384', 'next');
    hosted.set('/rotates', { keys: [next.jwk], asked: 0 });
    clock.advance(seconds(11));
    expect((await authenticate(await asserted(client_id, { by: next }))).clientId).toBe(client_id);
    expect((await refused(await asserted(client_id))).message).toContain('kid rsa is not in the registered key set');
    expect(hosted.get('/rotates')?.asked).toBe(1);
  });
  it('a jku that is the registered address is fine', async () => {
    const { client_id } = await hostedApp('/jku', [rsa]);
    const header = { jku: `${origin}/jku` };
    expect((await authenticate(await asserted(client_id, { header }))).clientId).toBe(client_id);
  });
  it('that can’t be had are told of in words', async () => {
    const { client_id } = await addApp(server, { auth: 'private_key_jwt', jwksUri: `${origin}/nothing` });
    const problem = await refused(await asserted(client_id));
    expect(problem).toMatchObject({ code: 'invalid_client', status: 401 });
    expect(problem.message).toContain("jwks_uri can't be used: it answers with status 404");
  });
  it('are not fetched from this network unless the operator trusts the host', async () => {
    const { port } = keySets.address() as AddressInfo;
    const jwksUri = `https://127.0.0.1:${port}/private`;
    const { client_id } = await addApp(server, { auth: 'private_key_jwt', jwksUri });
    hosted.set('/private', { keys: [rsa.jwk], asked: 0 });
    const { db, clients } = deps;
    const strict = clientAuthDeps({ db, clock, clients, provisionalApps: 'sandbox', trustedJwksHosts: [] });
    expect((await refused(await asserted(client_id), strict)).message).toContain('its address is not a public one');
    expect(hosted.get('/private')?.asked).toBe(0);
  });
  it('are not asked for before the rest of the assertion is good', async () => {
    const { client_id } = await hostedApp('/late', [rsa]);
    await refused(await asserted(client_id, { claims: { aud: 'https://other.example' } }));
    await refused(await asserted(client_id, { claims: { jti: undefined } }));
    expect(hosted.get('/late')?.asked).toBe(0);
  });
});

describe('who a refused request is filed under', () => {
  it.each<[string, Sent]>([
    ['a client_id in form or query', { query: { client_id: 'app' } }],
    ['Basic', { basic: 'app:secret' }],
  ])('%s', (_where, sent) => {
    const { authorization, parameters } = presented(sent);
    expect(claimedClientId(authorization, parameters)).toBe('app');
  });
  it('the subject of an assertion, good or not', async () => {
    const { parameters } = presented(await asserted('app', { claims: { exp: 1 } }));
    expect(claimedClientId(undefined, parameters)).toBe('app');
    expect(claimedClientId(undefined, { client_assertion: 'x' })).toBeUndefined();
    expect(claimedClientId('Basic', {})).toBeUndefined();
  });
});

it('a setting that is turned off for an app holds within a second', async () => {
  const { client_id, client_secret } = await addApp(server);
  const query = { client_id, client_secret };
  expect((await authenticate({ query })).secretInQuery).toBe(true);
  await server.db.transaction((tx) => setApp(tx, { clock, random }, client_id as ClientId, { secretInQuery: false }));
  clock.advance(1000);
  expect((await refused({ query })).message).toContain('leaked');
});

describe('an app is remembered for less than a second', () => {
  const addsSecret = (clientId: string) => server.db.transaction((tx) => addSecret(tx, { clock, random }, clientId));
  const changed = (clientId: ClientId, terms: Parameters<typeof setApp>[3]) =>
    server.db.transaction((tx) => setApp(tx, { clock, random }, clientId, terms));

  it('what it was given since works at once, in every process: a secret, an approval, a key', async () => {
    const { client_id, client_secret } = await addApp(server, { state: 'provisional' });
    const body = { client_id, client_secret };
    const processes = [authOf('sandbox'), authOf('sandbox')];
    for (const process of processes) await authenticate({ body }, process);
    const { clientSecret } = await addsSecret(client_id);
    for (const process of processes) {
      expect((await authenticate({ body: { client_id, client_secret: clientSecret } }, process)).clientId).toBe(
        client_id,
      );
    }
    const strict = authOf('inactive');
    expect((await refused({ body }, strict)).message).toContain('not approved yet');
    await changeAppState(server.db, clock, client_id, 'active');
    expect((await authenticate({ body }, strict)).state).toBe('active');

    const keyed = await withKeys(rsa);
    await authenticate(await asserted(keyed.client_id));
    await changed(keyed.client_id, { jwks: { keys: [ec.jwk] } });
    expect((await authenticate(await asserted(keyed.client_id, { by: ec }))).clientId).toBe(keyed.client_id);
  });
  it('what was taken from it is gone within a second: a secret, its approval', async () => {
    const { client_id, client_secret } = await addApp(server);
    const { clientSecret } = await addsSecret(client_id);
    const [body, second] = [client_secret, clientSecret].map((secret) => ({ client_id, client_secret: secret }));
    await authenticate({ body: body ?? {} });
    const [first] = await listSecrets(server.db, clock, client_id);
    await endSecret(server.db, clock, client_id, first?.createdAt ?? new Date(0));
    clock.advance(1000);
    expect((await refused({ body: body ?? {} })).message).toContain('not a secret of this app');
    await authenticate({ body: second ?? {} });
    await changeAppState(server.db, clock, client_id, 'suspended');
    clock.advance(1000);
    expect((await refused({ body: second ?? {} })).message).toContain('suspended');
  });
  it('RFC 7523 §3.7: an assertion that was refused for the state of its app is not used up', async () => {
    const strict = authOf('inactive');
    const { client_id } = await addApp(server, {
      auth: 'private_key_jwt',
      jwks: { keys: [rsa.jwk] },
      state: 'provisional',
    });
    const sent = await asserted(client_id);
    expect((await refused(sent, strict)).code).toBe('unauthorized_client');
    await changeAppState(server.db, clock, client_id, 'active');
    expect((await authenticate(sent, strict)).clientId).toBe(client_id);
    expect((await refused(sent, strict)).message).toContain('was used before');
  });
  it('a wrong signature is counted once, although the app was looked up anew', async () => {
    const { client_id } = await withKeys(ec);
    const forger = await signer('ES384', 'ec');
    await authenticate(await asserted(client_id, { by: ec }));
    const messages: string[] = [];
    for (let i = 0; i < 31; i++) {
      await changed(client_id, { name: `App ${i}` });
      messages.push((await refused(await asserted(client_id, { by: forger }))).message);
    }
    expect(messages.slice(0, 30).filter((message) => message.includes('does not match'))).toHaveLength(30);
    expect(messages[30]).toContain('Too many assertions');
  });
});
