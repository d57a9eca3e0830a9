import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppRegistration } from '../../src/apps/index.ts';
import type { PracticeId } from '../../src/kernel/index.ts';
import { addApp, CALLBACK } from '../support/apps/apps.ts';
import { completeAuthorization } from '../support/apps/complete-authorization.ts';
import { createSigningKeys } from '../support/apps/signing-keys.ts';
import { R4 } from '../support/people/patient.ts';
import { startListening } from '../support/servers/listening-server.ts';
import type { TestServer } from '../support/servers/server.ts';

// oauth4webapi is a strict client that rejects deviations from the specifications.

let server: TestServer & { origin: string };
beforeAll(async () => {
  server = await startListening({ DYNAMIC_REGISTRATION: 'open', AUTHORIZATION_RESPONSE_ISS: 'on' });
});
afterAll(() => server.close());

const OPTIONS = { [oauth.allowInsecureRequests]: true };
const SCOPE = 'openid fhirUser offline_access launch/patient patient/*.rs';

async function discover(algorithm: 'oauth2' | 'oidc' = 'oauth2'): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(`${server.origin}/nge/prod/patient-oauth`);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...OPTIONS, algorithm }));
}

/** A registered app and its authentication method, in the types of oauth4webapi. */
interface Peer {
  readonly client: oauth.Client;
  readonly proof: oauth.ClientAuth;
}

const WAYS = ['none', 'client_secret_basic', 'client_secret_post', 'RS384', 'ES384'] as const;
type AuthMethod = (typeof WAYS)[number];

async function peer(authMethod: AuthMethod, options: Partial<AppRegistration> = {}): Promise<Peer> {
  const idToken = options.idTokenAlg === undefined ? {} : { id_token_signed_response_alg: options.idTokenAlg };
  if (authMethod === 'RS384' || authMethod === 'ES384') {
    const { signing, jwks } = await createSigningKeys(authMethod);
    const { client_id } = await addApp(server, { auth: 'private_key_jwt', jwks, ...options });
    return { client: { client_id, ...idToken }, proof: oauth.PrivateKeyJwt(signing) };
  }
  const { client_id, client_secret } = await addApp(server, {
    auth: authMethod === 'none' ? 'none' : 'secret',
    ...options,
  });
  const client = { client_id, ...idToken };
  if (authMethod === 'none') return { client, proof: oauth.None() };
  const prove = authMethod === 'client_secret_basic' ? oauth.ClientSecretBasic : oauth.ClientSecretPost;
  return { client, proof: prove(client_secret) };
}

interface RequestOptions {
  readonly parameters: Record<string, string>;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

async function question({ client }: Peer, scope = SCOPE): Promise<RequestOptions> {
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const parameters = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  return { parameters, verifier, state, nonce };
}

function authorizeAddress(as: oauth.AuthorizationServer, parameters: Record<string, string>): URL {
  const address = new URL(as.authorization_endpoint ?? '');
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address;
}

/** Runs the flow from the redirect to the tokens: state, `iss`, PKCE, nonce, and the id_token with its signature. */
async function tokensFor(
  as: oauth.AuthorizationServer,
  { client, proof }: Peer,
  { verifier, state, nonce }: RequestOptions,
  redirected: URL,
  options: oauth.DPoPRequestOptions = {},
): Promise<oauth.TokenEndpointResponse> {
  const parameters = oauth.validateAuthResponse(as, client, redirected, state);
  const all = { ...OPTIONS, ...options };
  const answer = await oauth.authorizationCodeGrantRequest(as, client, proof, parameters, CALLBACK, verifier, all);
  const expected = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, expected);
  await oauth.validateApplicationLevelSignature(as, answer, OPTIONS);
  return tokens;
}

async function connect(
  as: oauth.AuthorizationServer,
  one: Peer,
  options: oauth.DPoPRequestOptions = {},
): Promise<oauth.TokenEndpointResponse> {
  const asked = await question(one);
  const redirected = await completeAuthorization(server.app, authorizeAddress(as, asked.parameters));
  return tokensFor(as, one, asked, redirected, options);
}

const refresh = async (
  as: oauth.AuthorizationServer,
  { client, proof }: Peer,
  token: string | undefined,
  options: oauth.DPoPRequestOptions = {},
) => {
  const all = { ...OPTIONS, ...options };
  const answer = await oauth.refreshTokenGrantRequest(as, client, proof, token ?? '', all);
  return oauth.processRefreshTokenResponse(as, client, answer);
};

const read = (token: string, options: oauth.DPoPRequestOptions = {}) => {
  const url = new URL(`${server.origin}${R4}/Patient`);
  return oauth.protectedResourceRequest(token, 'GET', url, undefined, null, { ...OPTIONS, ...options });
};

const introspect = async (as: oauth.AuthorizationServer, { client, proof }: Peer, token: string) =>
  oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof, token, OPTIONS));

/** A public app introspects tokens with one of its own access tokens: RFC 7662 §2.1. */
async function asking(as: oauth.AuthorizationServer, one: Peer, authMethod: AuthMethod): Promise<Peer> {
  if (authMethod !== 'none') return one;
  const { access_token } = await connect(as, one);
  return { ...one, proof: (_as, _client, _body, headers) => headers.set('authorization', `Bearer ${access_token}`) };
}

describe.each(['oauth2', 'oidc'] as const)('oauth4webapi with %s discovery', (algorithm) => {
  it.each(WAYS)(
    'completes the whole flow as %s: PKCE, state, iss, nonce, id_token, userinfo, refresh, introspection, revocation',
    async (authMethod) => {
      const as = await discover(algorithm);
      const one = await peer(authMethod);
      const { client, proof } = one;
      const tokens = await connect(as, one);
      const claims = oauth.getValidatedIdTokenClaims(tokens);
      expect(claims?.['fhirUser']).toContain(`/Patient/${tokens['patient']}`);

      const info = await oauth.processUserInfoResponse(
        as,
        client,
        claims?.sub ?? '',
        await oauth.userInfoRequest(as, client, tokens.access_token, OPTIONS),
      );
      expect(info['fhirUser']).toBe(claims?.['fhirUser']);

      const refreshed = await refresh(as, one, tokens.refresh_token);
      expect(refreshed['patient']).toBe(tokens['patient']);
      expect((await read(refreshed.access_token)).status).toBe(200);
      const asker = await asking(as, one, authMethod);
      expect(await introspect(as, asker, refreshed.access_token)).toMatchObject({
        active: true,
        client_id: client.client_id,
        token_type: 'Bearer',
        scope: refreshed.scope,
        iss: as.issuer,
        sub: claims?.sub,
        patient: tokens['patient'],
      });

      await oauth.processRevocationResponse(
        await oauth.revocationRequest(as, client, proof, refreshed.refresh_token ?? '', OPTIONS),
      );
      expect(await introspect(as, asker, refreshed.access_token)).toEqual({ active: false });
    },
  );
});

describe('oauth4webapi', () => {
  it('accepts an ES256 id_token if the app requested one, and no other', async () => {
    const as = await discover('oidc');
    const tokens = await connect(as, await peer('none', { idTokenAlg: 'ES256' }));
    expect(oauth.getValidatedIdTokenClaims(tokens)?.iss).toBe(as.issuer);
    const other = await peer('none');
    const mistaken = { ...other, client: { ...other.client, id_token_signed_response_alg: 'ES256' } };
    await expect(connect(as, mistaken)).rejects.toThrow(/alg/);
  });

  it.each(['none', 'client_secret_basic', 'ES384'] as const)(
    'RFC 9449 as %s: a token bound to a key is valid with that key, at the FHIR API, at userinfo and at refresh',
    async (authMethod) => {
      const as = await discover();
      const one = await peer(authMethod, { dpopBound: true });
      const { client } = one;
      const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
      const tokens = await connect(as, one, { DPoP });
      expect(tokens.token_type).toBe('dpop');
      expect((await read(tokens.access_token, { DPoP })).status).toBe(200);
      const { sub = '' } = oauth.getValidatedIdTokenClaims(tokens) ?? {};
      const userinfo = await oauth.userInfoRequest(as, client, tokens.access_token, { ...OPTIONS, DPoP });
      expect((await oauth.processUserInfoResponse(as, client, sub, userinfo)).sub).toBe(sub);

      const refreshed = await refresh(as, one, tokens.refresh_token, { DPoP });
      expect((await read(refreshed.access_token, { DPoP })).status).toBe(200);
      const resourceServer = await peer('client_secret_basic', { mayIntrospect: true });
      const described = await introspect(as, resourceServer, refreshed.access_token);
      expect({ token_type: described.token_type, jkt: described.cnf?.jkt }).toEqual({
        token_type: 'DPoP',
        jkt: await DPoP.calculateThumbprint(),
      });

      const stolen = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
      await expect(read(refreshed.access_token, { DPoP: stolen })).rejects.toMatchObject({ status: 401 });
      await expect(read(refreshed.access_token)).rejects.toMatchObject({ status: 401 });
    },
  );

  it.each(['none', 'client_secret_post', 'RS384'] as const)(
    'RFC 9126 as %s: a pushed request leads to tokens',
    async (authMethod) => {
      const as = await discover();
      const one = await peer(authMethod);
      const { client, proof } = one;
      const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
      const asked = await question(one);
      const options = { ...OPTIONS, DPoP };
      const answer = await oauth.pushedAuthorizationRequest(as, client, proof, asked.parameters, options);
      const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, answer);
      const address = authorizeAddress(as, { client_id: client.client_id, request_uri });
      const redirected = await completeAuthorization(server.app, address);
      const tokens = await tokensFor(as, one, asked, redirected, { DPoP });
      expect((await read(tokens.access_token, { DPoP })).status).toBe(200);
    },
  );

  it('RFC 9449 §10.1: a code from a request that was pushed with a key is valid with that key alone', async () => {
    const as = await discover();
    const one = await peer('none');
    const { client, proof } = one;
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const asked = await question(one);
    const answer = await oauth.pushedAuthorizationRequest(as, client, proof, asked.parameters, { ...OPTIONS, DPoP });
    const { request_uri } = await oauth.processPushedAuthorizationResponse(as, client, answer);
    const redirected = await completeAuthorization(
      server.app,
      authorizeAddress(as, { client_id: client.client_id, request_uri }),
    );
    await expect(tokensFor(as, one, asked, redirected)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it.each(['RS384', 'ES384'] as const)('SMART Backend Services with %s: client_credentials', async (authMethod) => {
    const as = await discover();
    const practiceIds = [1 as PracticeId];
    const one = await peer(authMethod, { kind: 'backend', redirectUris: [], practiceIds, scope: 'system/*.rs' });
    const { client, proof } = one;
    const parameters = { scope: 'system/Patient.rs' };
    const answer = await oauth.clientCredentialsGrantRequest(as, client, proof, parameters, OPTIONS);
    const tokens = await oauth.processClientCredentialsResponse(as, client, answer);
    expect({ scope: tokens.scope, refresh_token: tokens.refresh_token }).toEqual({
      scope: 'system/Patient.rs',
      refresh_token: undefined,
    });
    const bundle = (await (await read(tokens.access_token)).json()) as { total: number };
    expect(bundle.total).toBeGreaterThan(10);
    expect((await introspect(as, one, tokens.access_token)).sub).toBe(client.client_id);
  });

  it.each(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const)(
    'RFC 7591 with %s: an app that registered itself gets tokens',
    async (method) => {
      const as = await discover();
      const { signing, jwks } = await createSigningKeys('ES384');
      const metadata = {
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: method,
        ...(method === 'private_key_jwt' ? { jwks } : {}),
      };
      const client = await oauth.processDynamicClientRegistrationResponse(
        await oauth.dynamicClientRegistrationRequest(as, metadata, OPTIONS),
      );
      const secret = String(client['client_secret']);
      const proof = {
        client_secret_basic: oauth.ClientSecretBasic(secret),
        client_secret_post: oauth.ClientSecretPost(secret),
        private_key_jwt: oauth.PrivateKeyJwt(signing),
        none: oauth.None(),
      }[method];
      const tokens = await connect(as, { client, proof });
      expect((await read(tokens.access_token)).status).toBe(200);
    },
  );

  it('gets errors as RFC 6749 §5.2 defines them', async () => {
    const as = await discover();
    const one = await peer('client_secret_basic');
    await expect(refresh(as, one, 'unknown')).rejects.toMatchObject({ error: 'invalid_grant', status: 400 });
    const liar = { ...one, proof: oauth.ClientSecretBasic('wrong') };
    await expect(refresh(as, liar, 'unknown')).rejects.toMatchObject({
      status: 401,
      cause: [{ scheme: 'basic', parameters: { realm: 'Patient Access' } }],
    });
  });
});
