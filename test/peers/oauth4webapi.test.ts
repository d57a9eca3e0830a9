import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, CALLBACK } from '../support/apps.ts';
import { startReachableServer } from '../support/browser.ts';
import { PatientBrowser } from '../support/patient.ts';
import type { TestServer } from '../support/server.ts';

// oauth4webapi is a strict client: what is not as the specifications say, it refuses.

let server: TestServer & { origin: string };
beforeAll(async () => {
  server = await startReachableServer();
});
afterAll(() => server.close());

const OPTIONS = { [oauth.allowInsecureRequests]: true };

async function discover(algorithm: 'oauth2' | 'oidc'): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(`${server.origin}/nge/prod/patient-oauth`);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...OPTIONS, algorithm }));
}

describe.each(['oauth2', 'oidc'] as const)('oauth4webapi with %s discovery', (algorithm) => {
  it.each([true, false])(
    'goes the whole way: PKCE, state, iss, nonce, id_token, refresh, revocation (confidential: %s)',
    async (confidential) => {
      const { client_id, client_secret } = await addApp(server, { confidential });
      const as = await discover(algorithm);
      const client: oauth.Client = { client_id };
      const authentication = confidential ? oauth.ClientSecretBasic(client_secret) : oauth.None();
      const verifier = oauth.generateRandomCodeVerifier();
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
      const browser = new PatientBrowser(server.app);
      const page = await browser.authorize({
        response_type: 'code',
        client_id,
        redirect_uri: CALLBACK,
        scope: 'openid fhirUser offline_access launch/patient patient/*.rs',
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      const done = await browser.decide(page);
      const parameters = oauth.validateAuthResponse(as, client, new URL(done.location ?? ''), state);
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        authentication,
        parameters,
        CALLBACK,
        verifier,
        OPTIONS,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(as, answer, OPTIONS);
      expect(oauth.getValidatedIdTokenClaims(tokens)?.['fhirUser']).toContain(`/Patient/${tokens['patient']}`);

      const refreshed = await oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token ?? '', OPTIONS),
      );
      expect(refreshed['patient']).toBe(tokens['patient']);

      const url = new URL(`${server.origin}/nge/prod/fhir-api-r4/fhir/r4/Patient`);
      const read = await oauth.protectedResourceRequest(refreshed.access_token, 'GET', url, undefined, null, OPTIONS);
      expect(read.status).toBe(200);
      await oauth.processRevocationResponse(
        await oauth.revocationRequest(as, client, authentication, refreshed.refresh_token ?? '', OPTIONS),
      );
    },
  );
});
