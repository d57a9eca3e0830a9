import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/index.ts';
import { createClientAuthenticationDeps } from '../../../src/oauth/clients/client-authentication.ts';
import { deleteExpiredOneTimeIds } from '../../../src/oauth/clients/one-time-ids.ts';
import { addApp } from '../../support/apps/apps.ts';
import {
  type Assertion,
  addAppWithKeys,
  assertionBody,
  authenticate,
  clock,
  closeClients,
  createSigner,
  deps,
  ec,
  expectRejection,
  hostedKeySets,
  ISSUER,
  keySets,
  openClients,
  origin,
  random,
  rsa,
  type Signer,
  server,
  signAssertion,
  TOKEN,
  TYPE,
  withAssertion,
} from '../../support/apps/client-authentication.ts';

beforeAll(openClients);
afterAll(closeClients);

describe('RFC 7523, SMART App Launch 2.2 Client Authentication: Asymmetric: private_key_jwt', () => {
  it.each(['RS384', 'ES384'])('%s is accepted, with and without client_id', async (alg) => {
    const by = alg === 'RS384' ? rsa : ec;
    const { client_id } = await addAppWithKeys(rsa, ec);
    expect((await authenticate(await withAssertion(client_id, { by }))).clientId).toBe(client_id);
    const { body } = await withAssertion(client_id, { by });
    expect((await authenticate({ body: { ...body, client_id } })).clientId).toBe(client_id);
  });
  it('RFC 7521 §4.2.1: client_assertion_type must be the defined value', async () => {
    const { client_id } = await addAppWithKeys(rsa);
    const client_assertion = await signAssertion(client_id);
    expect(await expectRejection({ body: { client_assertion } })).toMatchObject({ code: 'invalid_request' });
    const saml = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' };
    expect(await expectRejection({ body: { client_assertion, ...saml } })).toMatchObject({ code: 'invalid_request' });
    const none = await expectRejection({ body: { client_id, client_assertion_type: TYPE } });
    expect(none.message).toContain('client_assertion is missing');
  });
  it('RFC 6749 §2.3: cannot be combined with a secret, and each app must use its registered method', async () => {
    const keyed = await addAppWithKeys(rsa);
    const plain = await addApp(server);
    const both = { ...(await withAssertion(keyed.client_id)).body, client_secret: 'x' };
    expect(await expectRejection({ body: both })).toMatchObject({ code: 'invalid_request' });
    const secret = await expectRejection({ body: { client_id: keyed.client_id, client_secret: 'x' } });
    expect({ code: secret.code, message: secret.message }).toEqual({
      code: 'invalid_client',
      message: expect.stringContaining('with keys'),
    });
    const signed = await expectRejection(await withAssertion(plain.client_id));
    expect({ code: signed.code, message: signed.message }).toEqual({
      code: 'invalid_client',
      message: expect.stringContaining('with a client_secret'),
    });
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
    ['§3.5 nbf ahead', () => ({ claims: { nbf: in_(60) } }), 'nbf of client_assertion is'],
    ['§3.6 iat ahead', () => ({ claims: { iat: in_(60) } }), 'iat of client_assertion is'],
    ['§3.7 jti missing', () => ({ claims: { jti: undefined } }), 'no jti'],
    ['kid missing', () => ({ header: { kid: undefined } }), 'no kid'],
    ['kid unknown', () => ({ header: { kid: 'stranger' } }), 'kid stranger isn’t in the registered key set'],
    ['kid of a key of another kind', () => ({ header: { kid: 'ec' } }), "key ec can't verify RS384"],
    [
      'jku of an app that registered the keys themselves',
      () => ({ header: { jku: 'https://app.example/jwks' } }),
      'jku is https://app.example/jwks, but this app registered its keys directly. Remove jku, or register a jwks_uri.',
    ],
  ])('is rejected: %s', async (_what, how, message) => {
    const { client_id } = await addAppWithKeys(rsa, ec);
    const problem = await expectRejection(await withAssertion(client_id, how()));
    expect({ code: problem.code, status: problem.status }).toEqual({ code: 'invalid_client', status: 401 });
    expect(problem.message).toContain(message);
  });
  it('§3.2: sub must be the client_id that is sent with it', async () => {
    const mine = await addAppWithKeys(rsa);
    const other = await addAppWithKeys(rsa);
    const { body } = await withAssertion(mine.client_id);
    const problem = await expectRejection({ body: { ...body, client_id: other.client_id } });
    expect(problem.message).toContain(`expected the client_id, ${other.client_id}`);
  });
  it('§3.3: aud may be the issuer, one of several audiences, and end with a slash', async () => {
    const { client_id } = await addAppWithKeys(rsa);
    for (const aud of [ISSUER, `${ISSUER}/`, [TOKEN], ['https://other.example', ISSUER]]) {
      expect((await authenticate(await withAssertion(client_id, { claims: { aud } }))).clientId).toBe(client_id);
    }
  });
  it('tolerates ten seconds of clock skew', async () => {
    const { client_id } = await addAppWithKeys(rsa);
    const claims = { iat: in_(8), nbf: in_(8), exp: in_(308) };
    expect((await authenticate(await withAssertion(client_id, { claims }))).clientId).toBe(client_id);
  });

  it('is verified with at most three keys of the same kid, because a key set may hold hundreds', async () => {
    const others = await Promise.all([1, 2, 3].map(() => createSigner('ES384', 'ec')));
    const third = await addAppWithKeys(...others.slice(1), ec);
    expect((await authenticate(await withAssertion(third.client_id, { by: ec }))).clientId).toBe(third.client_id);
    const fourth = await addAppWithKeys(...others, ec);
    expect((await expectRejection(await withAssertion(fourth.client_id, { by: ec }))).message).toContain(
      'doesn’t match',
    );
  });
  it('RFC 7518 §6.3.1: an RSA key that is slow to verify with is not used', async () => {
    const long = (count: number) => Buffer.alloc(count, 0x7f).toString('base64url');
    for (const changes of [{ e: long(256) }, { n: long(513) }]) {
      const { client_id } = await addApp(server, {
        auth: 'private_key_jwt',
        jwks: { keys: [{ ...rsa.jwk, ...changes }, ec.jwk] },
      });
      expect((await expectRejection(await withAssertion(client_id))).message).toContain(
        "The registered key rsa can't verify RS384",
      );
    }
  });

  it('RFC 8725 §3.1: no algorithm except the two is accepted, whatever the header says', async () => {
    const { client_id } = await addAppWithKeys(rsa, ec);
    const [, payload] = (await signAssertion(client_id)).split('.');
    const other = await createSigner('RS256', 'rsa');
    for (const alg of ['none', 'HS256', 'RS256', 'PS384']) {
      const header = Buffer.from(JSON.stringify({ alg, kid: 'rsa' })).toString('base64url');
      const problem = await expectRejection({ body: assertionBody(`${header}.${payload}.c2ln`) });
      expect(problem.message).toContain(`signed with ${alg}`);
    }
    expect((await expectRejection(await withAssertion(client_id, { by: other }))).message).toContain(
      'signed with RS256',
    );
  });
  it('RFC 7515 §4.1.11: crit is rejected as not understood', async () => {
    const { client_id } = await addAppWithKeys(rsa);
    const [, payload] = (await signAssertion(client_id)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'RS384', kid: 'rsa', crit: ['b64'], b64: false })).toString(
      'base64url',
    );
    expect((await expectRejection({ body: assertionBody(`${header}.${payload}.c2ln`) })).message).toContain('crit');
  });
  it.each(['', 'x', 'a.b.c', 'e30.e30.', 'e30.e30.e30.e30.e30', `${'x'.repeat(9000)}.e30.e30`])(
    'a value that isn’t a signed JWT is rejected (%#)',
    async (text) => {
      const { client_id } = await addAppWithKeys(rsa);
      const { code, status } = await expectRejection({
        body: { client_id, client_assertion_type: TYPE, client_assertion: text },
      });
      expect([400, 401]).toContain(status);
      expect(['invalid_client', 'invalid_request']).toContain(code);
    },
  );

  it('§3.7: a jti is accepted once, even in a hundred concurrent requests, and scoped to this client', async () => {
    const [one, other] = await Promise.all([addAppWithKeys(rsa), addAppWithKeys(rsa)]);
    const claims = { jti: random.uuid() };
    const sent = await withAssertion(one.client_id, { claims });
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => authenticate(sent)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await expectRejection(sent)).message).toContain('was already used');
    expect((await authenticate(await withAssertion(other.client_id, { claims }))).clientId).toBe(other.client_id);
  });
  it('a rejected assertion does not consume its jti', async () => {
    const { client_id } = await addAppWithKeys(rsa);
    const claims = { jti: random.uuid() };
    const forged = await withAssertion(client_id, { claims, by: await createSigner('RS384', 'rsa') });
    expect((await expectRejection(forged)).message).toContain('signature');
    expect((await authenticate(await withAssertion(client_id, { claims }))).clientId).toBe(client_id);
  });
  it('a jti is forgotten when no assertion with it can be valid anymore', async () => {
    const { client_id } = await addAppWithKeys(rsa);
    const claims = { jti: random.uuid() };
    await authenticate(await withAssertion(client_id, { claims }));
    const remembered = () => server.db.queryText('select from seen_once', []);
    expect(await remembered()).not.toEqual([]);
    clock.advance(minutes(5) + seconds(30));
    await deleteExpiredOneTimeIds(server.db, clock.now());
    expect(await remembered()).toEqual([]);
    expect((await authenticate(await withAssertion(client_id, { claims }))).clientId).toBe(client_id);
  });
});

describe('invalid signatures', () => {
  it('are verified thirty times a minute, then rejected unverified, for that client from that network only', async () => {
    const [one, other] = await Promise.all([addAppWithKeys(ec), addAppWithKeys(ec)]);
    const forger = await createSigner('ES384', 'ec');
    const forge = async (clientId: string) => (await withAssertion(clientId, { by: forger })).body;
    const forged = await Promise.all(Array.from({ length: 50 }, () => forge(one.client_id)));
    // The requests run concurrently. Each is counted before its signature is verified.
    const problems = await Promise.all(forged.map((body) => expectRejection({ body: body ?? {} })));
    expect(problems.filter(({ message }) => message.includes('doesn’t match'))).toHaveLength(30);
    const limited = problems.filter(({ retryAfter }) => retryAfter !== undefined);
    expect(limited).toHaveLength(20);
    expect(limited[0]).toMatchObject({ code: 'invalid_client', status: 401, retryAfter: expect.any(Number) });
    // The limit doesn't affect this client on another network, or another client on this network.
    const mine = await withAssertion(one.client_id, { by: ec });
    expect((await authenticate({ ...mine, address: '198.51.100.7' })).clientId).toBe(one.client_id);
    expect((await authenticate(await withAssertion(other.client_id, { by: ec }))).clientId).toBe(other.client_id);
    clock.advance(minutes(1));
    expect((await authenticate(await withAssertion(one.client_id, { by: ec }))).clientId).toBe(one.client_id);
  });
});

describe('keys at a jwks_uri', () => {
  const hostedApp = (path: string, keys: readonly Signer[], headers: Record<string, string> = {}) => {
    hostedKeySets.set(path, { keys: keys.map(({ jwk }) => jwk), headers, asked: 0 });
    return addApp(server, { auth: 'private_key_jwt', jwksUri: `${origin}${path}` });
  };

  it('are fetched, cached, and fetched again for a new kid', async () => {
    const { client_id } = await hostedApp('/rotates', [rsa]);
    for (let i = 0; i < 3; i++) await authenticate(await withAssertion(client_id));
    expect(hostedKeySets.get('/rotates')?.asked).toBe(1);
    const next = await createSigner('ES384', 'next');
    hostedKeySets.set('/rotates', { keys: [next.jwk], asked: 0 });
    clock.advance(seconds(11));
    expect((await authenticate(await withAssertion(client_id, { by: next }))).clientId).toBe(client_id);
    expect((await expectRejection(await withAssertion(client_id))).message).toContain(
      'kid rsa isn’t in the registered key set',
    );
    expect(hostedKeySets.get('/rotates')?.asked).toBe(1);
  });
  it('a jku that differs from the registered URL is rejected with an explanation', async () => {
    const { client_id } = await hostedApp('/jku-of-another', [rsa]);
    const problem = await expectRejection(
      await withAssertion(client_id, { header: { jku: 'https://evil.example/jwks' } }),
    );
    expect({ code: problem.code, status: problem.status }).toEqual({ code: 'invalid_client', status: 401 });
    expect(problem.message).toContain('which isn’t the registered jwks_uri of this app');
  });
  it('a jku that is the registered URL is accepted', async () => {
    const { client_id } = await hostedApp('/jku', [rsa]);
    const header = { jku: `${origin}/jku` };
    expect((await authenticate(await withAssertion(client_id, { header }))).clientId).toBe(client_id);
  });
  it('a fetch that fails is explained in the error', async () => {
    const { client_id } = await addApp(server, { auth: 'private_key_jwt', jwksUri: `${origin}/nothing` });
    const problem = await expectRejection(await withAssertion(client_id));
    expect(problem).toMatchObject({ code: 'invalid_client', status: 401 });
    expect(problem.message).toContain("jwks_uri can't be used: it responded with status 404");
  });
  it('are not fetched from a private network unless the operator trusts the host', async () => {
    const { port } = keySets.address() as AddressInfo;
    const jwksUri = `https://127.0.0.1:${port}/private`;
    const { client_id } = await addApp(server, { auth: 'private_key_jwt', jwksUri });
    hostedKeySets.set('/private', { keys: [rsa.jwk], asked: 0 });
    const { db, clients } = deps;
    const strict = createClientAuthenticationDeps({
      db,
      clock,
      clients: { find: (id) => clients.get(id) },
      provisionalApps: 'sandbox',
      trustedJwksHosts: [],
    });
    expect((await expectRejection(await withAssertion(client_id), strict)).message).toContain(
      'its address isn’t public',
    );
    expect(hostedKeySets.get('/private')?.asked).toBe(0);
  });
  it('are not fetched before the rest of the assertion is valid', async () => {
    const { client_id } = await hostedApp('/late', [rsa]);
    await expectRejection(await withAssertion(client_id, { claims: { aud: 'https://other.example' } }));
    await expectRejection(await withAssertion(client_id, { claims: { jti: undefined } }));
    expect(hostedKeySets.get('/late')?.asked).toBe(0);
  });
});
