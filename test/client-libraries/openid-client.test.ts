import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PracticeId } from '../../src/kernel/index.ts';
import { addApp, CALLBACK } from '../support/apps/apps.ts';
import { completeAuthorization } from '../support/apps/complete-authorization.ts';
import { createSigningKeys } from '../support/apps/signing-keys.ts';
import { R4 } from '../support/people/patient.ts';
import { startListening } from '../support/servers/listening-server.ts';
import type { TestServer } from '../support/servers/server.ts';

// openid-client is the common library for Node.js web apps.

let server: TestServer & { origin: string };
let issuer: URL;
beforeAll(async () => {
  server = await startListening({ DYNAMIC_REGISTRATION: 'open' });
  issuer = new URL(`${server.origin}/nge/prod/patient-oauth`);
});
afterAll(() => server.close());

const SCOPE = 'openid fhirUser offline_access launch/patient patient/*.rs';
const INSECURE = { execute: [openid.allowInsecureRequests] };
const WAYS = ['none', 'client_secret_basic', 'client_secret_post', 'RS384', 'ES384'] as const;
type ClientAuthMethod = (typeof WAYS)[number];

async function discover(authMethod: ClientAuthMethod): Promise<openid.Configuration> {
  if (authMethod === 'RS384' || authMethod === 'ES384') {
    const { signing, jwks } = await createSigningKeys(authMethod);
    const { client_id } = await addApp(server, { auth: 'private_key_jwt', jwks });
    return openid.discovery(issuer, client_id, undefined, openid.PrivateKeyJwt(signing), INSECURE);
  }
  const { client_id, client_secret } = await addApp(server, { auth: authMethod === 'none' ? 'none' : 'secret' });
  const proof = {
    none: openid.None,
    client_secret_basic: openid.ClientSecretBasic,
    client_secret_post: openid.ClientSecretPost,
  };
  return openid.discovery(issuer, client_id, undefined, proof[authMethod](client_secret), INSECURE);
}

async function question() {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
  const parameters = {
    redirect_uri: CALLBACK,
    scope: SCOPE,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  };
  return { parameters, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
}

/** Runs the flow to the tokens, with a pushed request or parameters in the URL. */
async function connect(config: openid.Configuration, options: openid.DPoPOptions & { pushed?: true } = {}) {
  // By default, the library accepts an id_token without verifying its signature, because it came over TLS.
  openid.enableNonRepudiationChecks(config);
  const { parameters, checks } = await question();
  const address =
    options.pushed === true
      ? await openid.buildAuthorizationUrlWithPAR(config, parameters, options)
      : openid.buildAuthorizationUrl(config, parameters);
  const redirected = await completeAuthorization(server.app, address);
  return openid.authorizationCodeGrant(config, redirected, checks, undefined, options);
}

const read = (config: openid.Configuration, token: string, options: openid.DPoPOptions = {}) =>
  openid.fetchProtectedResource(
    config,
    token,
    new URL(`${server.origin}${R4}/Patient`),
    'GET',
    null,
    undefined,
    options,
  );

/** A public app introspects tokens with one of its own access tokens: RFC 7662 §2.1. */
function askingWith(config: openid.Configuration, token: string): openid.Configuration {
  const byToken: openid.ClientAuth = (_as, _client, _body, headers) => headers.set('authorization', `Bearer ${token}`);
  const asking = new openid.Configuration(config.serverMetadata(), config.clientMetadata().client_id, {}, byToken);
  openid.allowInsecureRequests(asking);
  return asking;
}

describe('openid-client', () => {
  it.each(WAYS)(
    'completes the whole flow as %s: discovery, PKCE, nonce, id_token, userinfo, refresh, introspection, revocation',
    async (authMethod) => {
      const config = await discover(authMethod);
      expect(config.serverMetadata().supportsPKCE()).toBe(true);
      const tokens = await connect(config);
      const claims = tokens.claims();
      expect({ iss: claims?.iss, fhirUser: claims?.['fhirUser'] }).toEqual({
        iss: issuer.href,
        fhirUser: `${server.origin}${R4}/Patient/${tokens['patient']}`,
      });
      const info = await openid.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '');
      expect(info['fhirUser']).toBe(claims?.['fhirUser']);

      const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(refreshed['patient']).toBe(tokens['patient']);
      expect((await read(config, refreshed.access_token)).status).toBe(200);
      const asking = authMethod === 'none' ? askingWith(config, tokens.access_token) : config;
      const described = await openid.tokenIntrospection(asking, refreshed.access_token);
      expect(described).toMatchObject({ active: true, sub: claims?.sub, scope: refreshed.scope });

      await openid.tokenRevocation(config, refreshed.access_token);
      expect(await openid.tokenIntrospection(asking, refreshed.access_token)).toEqual({ active: false });
      const last = await openid.refreshTokenGrant(config, refreshed.refresh_token ?? '');
      await openid.tokenRevocation(config, last.refresh_token ?? '');
      await expect(openid.refreshTokenGrant(config, last.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    },
  );

  it.each(WAYS)('RFC 9126 as %s: a pushed request leads to tokens', async (authMethod) => {
    const config = await discover(authMethod);
    const tokens = await connect(config, { pushed: true });
    expect((await read(config, tokens.access_token)).status).toBe(200);
  });

  it.each(['none', 'client_secret_basic', 'RS384'] as const)(
    'RFC 9449 as %s: a token bound to a key, at the FHIR API, at userinfo and at refresh',
    async (authMethod) => {
      const config = await discover(authMethod);
      const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
      const tokens = await connect(config, { DPoP });
      expect(tokens.token_type).toBe('dpop');
      const { sub = '' } = tokens.claims() ?? {};
      expect((await openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP })).sub).toBe(sub);
      const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP });
      expect((await read(config, refreshed.access_token, { DPoP })).status).toBe(200);
      const stolen = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
      await expect(read(config, refreshed.access_token, { DPoP: stolen })).rejects.toMatchObject({ status: 401 });
    },
  );

  it.each(['RS384', 'ES384'] as const)('SMART Backend Services with %s: client credentials', async (alg) => {
    const { signing, jwks } = await createSigningKeys(alg);
    const practiceIds = [1 as PracticeId];
    const terms = { kind: 'backend', auth: 'private_key_jwt', jwks, practiceIds, scope: 'system/*.rs' } as const;
    const { client_id } = await addApp(server, terms);
    const config = await openid.discovery(issuer, client_id, undefined, openid.PrivateKeyJwt(signing), INSECURE);
    const tokens = await openid.clientCredentialsGrant(config, { scope: 'system/*.rs' });
    expect({ scope: tokens.scope, expiresIn: tokens.expiresIn() }).toEqual({
      scope: 'system/*.rs',
      expiresIn: expect.closeTo(300, -1),
    });
    expect((await read(config, tokens.access_token)).status).toBe(200);
  });

  it.each(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const)(
    'RFC 7591 with %s: registers itself and gets tokens',
    async (method) => {
      const { signing, jwks } = await createSigningKeys('ES384');
      const signed = method === 'private_key_jwt';
      const metadata = {
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: method,
        id_token_signed_response_alg: 'ES256',
        ...(signed ? { jwks } : {}),
      };
      const config = await openid.dynamicClientRegistration(
        issuer,
        metadata,
        signed ? openid.PrivateKeyJwt(signing) : undefined,
        INSECURE,
      );
      const tokens = await connect(config);
      expect(tokens.claims()?.aud).toBe(config.clientMetadata().client_id);
      expect((await read(config, tokens.access_token)).status).toBe(200);
    },
  );
});
