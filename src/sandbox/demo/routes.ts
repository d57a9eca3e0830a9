import type { FastifyInstance } from 'fastify';
import { sendHtml } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../../oauth/index.ts';
import { DEMO_CLIENT_ID, DEMO_SCOPE, SANDBOX_PASSWORD, SANDBOX_USERNAME } from '../published-credentials.ts';
import { demoPage } from './page.ts';
import { PRIVACY_PATH, privacyPage } from './privacy.ts';

/** Serves the demo app at `/demo` on the host of its registered redirect URI. */
export function demoRoutes(app: FastifyInstance, deps: { publicUrl: string; addresses: OAuthAddresses }): void {
  const { publicUrl, addresses } = deps;
  const home = `${publicUrl}/demo`;
  const page = demoPage({
    clientId: DEMO_CLIENT_ID,
    redirectUri: home,
    issuer: addresses.issuer,
    revokeUrl: addresses.revoke,
    r4Base: addresses.fhir.r4,
    dstu2Base: addresses.fhir.dstu2,
    scope: DEMO_SCOPE,
    hint: { username: SANDBOX_USERNAME, password: SANDBOX_PASSWORD },
  });
  const privacy = privacyPage();
  app.get(PRIVACY_PATH, async (_request, reply) => sendHtml(reply, privacy));
  const host = new URL(publicUrl).host;
  app.get('/demo', async (request, reply) => {
    // Redirect to the host of the redirect URI. 127.0.0.1 and localhost are the same server but two origins, so the app
    // couldn't find on one the state that it stored on the other.
    if (request.host !== host) return reply.redirect(home, 302);
    return sendHtml(reply.header('cache-control', 'no-store'), page);
  });
}
