import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/kernel/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import {
  authorizationCode,
  CHALLENGE,
  encodeForm,
  type Fields,
  FORM,
  OAUTH,
  PatientBrowser,
  R4,
  VERIFIER,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const ORIGIN = 'http://localhost:8080';
const TOKEN = `${ORIGIN}${OAUTH}/token`;

/** Makes a client with a key of its own. */
async function keyHolder(alg = 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const prove = (claims: JWTPayload, header: object = {}) =>
    new SignJWT({ jti: crypto.randomUUID(), iat: Math.floor(server.clock.now().getTime() / 1000), ...claims })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header })
      .sign(privateKey);
  const forToken = () => prove({ htm: 'POST', htu: TOKEN });
  const forRead = (path: string, token: string, changes: JWTPayload = {}) =>
    prove({ htm: 'GET', htu: `${ORIGIN}${path}`, ath: sha256(token).toString('base64url'), ...changes });
  return { prove, forToken, forRead };
}
type KeyHolder = Awaited<ReturnType<typeof keyHolder>>;

const post = (fields: Fields, dpop?: string) =>
  server.app.inject({
    method: 'POST',
    url: `${OAUTH}/token`,
    headers: { ...FORM, ...(dpop === undefined ? {} : { dpop }) },
    payload: encodeForm(fields),
  });
const read = (path: string, authorization: string, dpop?: string) =>
  server.app.inject({ url: path, headers: { authorization, ...(dpop === undefined ? {} : { dpop }) } });

async function newCode(client: { client_id: string; redirect_uri: string }, query: Fields = {}): Promise<string> {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri } = client;
  const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
  return authorizationCode(
    await browser.submitConsent(
      await browser.authorize({ response_type: 'code', client_id, redirect_uri, ...pkce, ...query }),
    ),
  );
}

async function boundToken(holder: KeyHolder) {
  const app = await addApp(server, { auth: 'none' });
  const { client_id, redirect_uri } = app;
  const code = await newCode(app);
  const fields = { grant_type: 'authorization_code', code, client_id, redirect_uri, code_verifier: VERIFIER };
  const response = await post(fields, await holder.forToken());
  return { app, ...response.json() };
}

describe('RFC 9449 §5: a token request with a proof', () => {
  it('gets a token of type DPoP that is bound to the key', async () => {
    const holder = await keyHolder();
    const token = await boundToken(holder);
    expect(token.token_type).toBe('DPoP');
    const proof = await holder.forRead(`${R4}/Patient`, token.access_token);
    expect((await read(`${R4}/Patient`, `DPoP ${token.access_token}`, proof)).statusCode).toBe(200);
  });

  it('binds the refresh tokens of a public app: a request with another key is rejected and revokes nothing', async () => {
    const holder = await keyHolder();
    const { refresh_token, app } = await boundToken(holder);
    const fields = { grant_type: 'refresh_token', refresh_token, client_id: app.client_id };
    const thief = await keyHolder();
    // The second token is one that was used and deleted long ago, as far as the server can tell.
    const forgotten = `${refresh_token.split('.')[0]}.${'A'.repeat(43)}`;
    for (const sent of [refresh_token, forgotten]) {
      for (const dpop of [undefined, await thief.forToken()]) {
        const rejected = await post({ ...fields, refresh_token: sent }, dpop);
        expect({ status: rejected.statusCode, error: rejected.json().error }).toEqual({
          status: 400,
          error: 'invalid_grant',
        });
      }
    }
    const next = await post(fields, await holder.forToken());
    expect({ status: next.statusCode, token_type: next.json().token_type }).toEqual({
      status: 200,
      token_type: 'DPoP',
    });
  });

  it('binds the refresh tokens of public apps that come at the same time', async () => {
    const holder = await keyHolder();
    const thief = await keyHolder();
    const bound = await Promise.all([1, 2, 3, 4, 5].map(() => boundToken(holder)));
    const answers = await Promise.all(
      bound.map(async ({ refresh_token, app }, i) =>
        post(
          { grant_type: 'refresh_token', refresh_token, client_id: app.client_id },
          await (i % 2 === 0 ? holder : thief).forToken(),
        ),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 400, 200, 400, 200]);
  });

  it('lets a confidential app change its key, because it authenticates by other means', async () => {
    const [first, second] = [await keyHolder(), await keyHolder('RS256')];
    const app = await addApp(server);
    const code = await newCode(app);
    const fields = { grant_type: 'authorization_code', code, ...app, code_verifier: VERIFIER };
    const { refresh_token } = (await post(fields, await first.forToken())).json();
    const { client_id, client_secret } = app;
    const again = { grant_type: 'refresh_token', refresh_token, client_id, client_secret };
    const next = (await post(again, await second.forToken())).json();
    const proof = await second.forRead(`${R4}/Patient`, next.access_token);
    expect((await read(`${R4}/Patient`, `DPoP ${next.access_token}`, proof)).statusCode).toBe(200);
  });

  it('§5.2: is required of an app that registered dpop_bound_access_tokens', async () => {
    const app = await addApp(server, { dpopBound: true });
    const code = await newCode(app);
    const fields = { grant_type: 'authorization_code', code, ...app, code_verifier: VERIFIER };
    const rejected = await post(fields);
    expect({ status: rejected.statusCode, error: rejected.json().error }).toEqual({
      status: 400,
      error: 'invalid_dpop_proof',
    });
    expect((await post(fields, await (await keyHolder()).forToken())).statusCode).toBe(200);
  });

  it('§10: must use the key of dpop_jkt if the code was requested with it', async () => {
    const app = await addApp(server);
    const code = await newCode(app, { dpop_jkt: 'A'.repeat(43) });
    const fields = { grant_type: 'authorization_code', code, ...app, code_verifier: VERIFIER };
    const rejected = (await post(fields, await (await keyHolder()).forToken())).json();
    expect({ error: rejected.error, error_description: rejected.error_description }).toEqual({
      error: 'invalid_grant',
      error_description: expect.stringMatching(/dpop_jkt/),
    });
  });
});

describe('RFC 9449 §4.3: an invalid proof is rejected', () => {
  const bytes = (count: number) => Buffer.alloc(count, 0x7f).toString('base64url');
  /**
   * Verifying with an RSA key of this size takes long. So the server rejects the proof before it verifies the
   * signature.
   */
  async function withRsa(changes: JWK) {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    return new SignJWT({ jti: crypto.randomUUID(), iat: minutesAgo(0), htm: 'POST', htu: TOKEN })
      .setProtectedHeader({ alg: 'RS256', typ: 'dpop+jwt', jwk: { ...(await exportJWK(publicKey)), ...changes } })
      .sign(privateKey);
  }
  const minutesAgo = (count: number) => Math.floor(server.clock.now().getTime() / 1000) - 60 * count;
  it.each<[string, (holder: KeyHolder) => Promise<string>, RegExp]>([
    ['for another method', (holder) => holder.prove({ htm: 'GET', htu: TOKEN }), /htm/],
    ['for another URL', (holder) => holder.prove({ htm: 'POST', htu: 'https://evil.example/token' }), /htu/],
    ['that is old', (holder) => holder.prove({ htm: 'POST', htu: TOKEN, iat: minutesAgo(5) }), /iat/],
    ['from the future', (holder) => holder.prove({ htm: 'POST', htu: TOKEN, iat: minutesAgo(-5) }), /iat/],
    ['without a jti', (holder) => holder.prove({ htm: 'POST', htu: TOKEN, jti: '' }), /jti/],
    ['of another type', (holder) => holder.prove({ htm: 'POST', htu: TOKEN }, { typ: 'jwt' }), /typ/],
    ['that isn’t a JWT', async () => 'nonsense', /a signed JWT/],
    [
      'whose embedded key did not sign it',
      async (holder) => {
        const [header = '', ...rest] = (await holder.forToken()).split('.');
        const other = JSON.parse(
          Buffer.from((await (await keyHolder()).forToken()).split('.')[0] ?? '', 'base64url').toString(),
        );
        const changed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), jwk: other.jwk };
        return [Buffer.from(JSON.stringify(changed)).toString('base64url'), ...rest].join('.');
      },
      /signature/,
    ],
    [
      'signed with a shared secret',
      async () => {
        const claims = { jti: 'x', iat: minutesAgo(0), htm: 'POST', htu: TOKEN };
        const jwk = { kty: 'oct', k: 'c2VjcmV0' };
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk }).sign(Buffer.alloc(32));
      },
      /alg|a signed JWT/,
    ],
    ['by an RSA key whose exponent is as long as its modulus', () => withRsa({ e: bytes(256) }), /4096 bits/],
    ['by an RSA key of more than 4096 bits', () => withRsa({ n: bytes(513) }), /4096 bits/],
  ])('%s', async (_, make, description) => {
    const app = await addApp(server);
    const fields = { grant_type: 'authorization_code', code: await newCode(app), ...app, code_verifier: VERIFIER };
    const rejected = await post(fields, await make(await keyHolder()));
    expect({ status: rejected.statusCode, error: rejected.json().error }).toEqual({
      status: 400,
      error: 'invalid_dpop_proof',
    });
    expect(rejected.json().error_description).toMatch(description);
  });

  it('§11.1: that is reused', async () => {
    const holder = await keyHolder();
    const token = await boundToken(holder);
    const proof = await holder.forRead(`${R4}/Patient`, token.access_token);
    expect((await read(`${R4}/Patient`, `DPoP ${token.access_token}`, proof)).statusCode).toBe(200);
    const again = await read(`${R4}/Patient`, `DPoP ${token.access_token}`, proof);
    expect({ status: again.statusCode, wwwAuthenticate: again.headers['www-authenticate'] }).toEqual({
      status: 401,
      wwwAuthenticate: expect.stringMatching(/^DPoP .*invalid_dpop_proof/),
    });
  });
});

describe('RFC 9449 §7.1: a bound token at the FHIR API', () => {
  it('is rejected as a bearer token', async () => {
    const token = await boundToken(await keyHolder());
    const rejected = await read(`${R4}/Patient`, `Bearer ${token.access_token}`);
    expect(rejected.statusCode).toBe(401);
    expect(rejected.headers['www-authenticate']).toMatch(/invalid_token/);
  });
  it('is rejected with the proof of another key, for another URL, for another token, or without one', async () => {
    const holder = await keyHolder();
    const { access_token } = await boundToken(holder);
    const thief = await keyHolder();
    for (const proof of [
      undefined,
      await thief.forRead(`${R4}/Patient`, access_token),
      await holder.forRead(`${R4}/Condition`, access_token),
      await holder.forRead(`${R4}/Patient`, 'another token'),
    ]) {
      const rejected = await read(`${R4}/Patient`, `DPoP ${access_token}`, proof);
      expect({ status: rejected.statusCode, resourceType: rejected.json().resourceType }).toEqual({
        status: 401,
        resourceType: 'OperationOutcome',
      });
    }
  });
  it('a proof adds nothing to a plain token', async () => {
    const app = await addApp(server);
    const fields = { grant_type: 'authorization_code', code: await newCode(app), ...app, code_verifier: VERIFIER };
    const { access_token } = (await post(fields)).json();
    const proof = await (await keyHolder()).forRead(`${R4}/Patient`, access_token);
    expect((await read(`${R4}/Patient`, `DPoP ${access_token}`, proof)).statusCode).toBe(401);
    expect((await read(`${R4}/Patient`, `Bearer ${access_token}`)).statusCode).toBe(200);
  });
  it('can introspect tokens with a proof only: SMART App Launch 2.2, Token Introspection', async () => {
    const holder = await keyHolder();
    const { access_token, app } = await boundToken(holder);
    const path = `${OAUTH}/introspect`;
    const ask = (scheme: string, dpop?: string) =>
      server.app.inject({
        method: 'POST',
        url: path,
        headers: { ...FORM, authorization: `${scheme} ${access_token}`, ...(dpop === undefined ? {} : { dpop }) },
        payload: encodeForm({ token: access_token }),
      });
    const proof = await holder.forRead(path, access_token, { htm: 'POST' });
    expect((await ask('DPoP', proof)).json()).toMatchObject({
      active: true,
      client_id: app.client_id,
      token_type: 'DPoP',
      cnf: { jkt: expect.any(String) },
    });
    const [asBearer, unproved, again] = [await ask('Bearer'), await ask('DPoP'), await ask('DPoP', proof)];
    expect([asBearer, unproved, again].map(({ statusCode }) => statusCode)).toEqual([401, 401, 401]);
    expect(asBearer.headers['www-authenticate']).toMatch(/^Bearer .*invalid_token/);
    expect(unproved.headers['www-authenticate']).toMatch(/^DPoP .*invalid_dpop_proof/);
  });
  it('works in a browser: CORS allows the DPoP header', async () => {
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization, dpop',
    };
    const preflight = await server.app.inject({ method: 'OPTIONS', url: `${R4}/Patient`, headers });
    expect(preflight.headers['access-control-allow-headers']).toMatch(/dpop/i);
  });
});
