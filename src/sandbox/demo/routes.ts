import type { FastifyInstance } from 'fastify';
import { sendHtml } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../../oauth/index.ts';
import type { FindPublicContext } from '../../web-pages/index.ts';
import {
  DEMO_CLIENT_ID,
  DEMO_SCOPE,
  SANDBOX_PASSWORD,
  SANDBOX_STAFF_USERNAME,
  SANDBOX_USERNAME,
  STAFF_APP_CLIENT_ID,
  STAFF_APP_SCOPE,
} from '../published-credentials.ts';
import { demoPage } from './page.ts';
import { PRIVACY_PATH, privacyPage } from './privacy.ts';
import { sourcePage } from './source-page.ts';
import { STAFF_APP_PATH, STAFF_LAUNCH_PATH, STAFF_SOURCE_PATH, staffPage } from './staff-page.ts';

interface DemoDeps {
  readonly publicUrl: string;
  readonly addresses: OAuthAddresses;
}

interface StaffAppDeps extends DemoDeps {
  readonly findContext: FindPublicContext;
}

/** Serves the demo app at `/demo`, on the host of its registered redirect URI. */
export function demoRoutes(app: FastifyInstance, deps: DemoDeps): void {
  const { publicUrl, addresses } = deps;
  const home = `${publicUrl}/demo`;
  const page = demoPage({
    ...serverAddresses(addresses),
    clientId: DEMO_CLIENT_ID,
    redirectUri: home,
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

/**
 * Serves the two pages of the staff app, and its source. The launcher, which opens the app, uses the host of the
 * registered launch URL.
 */
export function staffAppRoutes(app: FastifyInstance, { publicUrl, addresses, findContext }: StaffAppDeps): void {
  const config = {
    ...serverAddresses(addresses),
    clientId: STAFF_APP_CLIENT_ID,
    redirectUri: `${publicUrl}${STAFF_APP_PATH}`,
    scope: STAFF_APP_SCOPE,
    launcher: `${publicUrl}/practice/launch`,
    chart: `${publicUrl}/practice/launch/chart`,
    hint: { username: SANDBOX_STAFF_USERNAME, password: SANDBOX_PASSWORD },
  };
  const pages = [
    [STAFF_LAUNCH_PATH, staffPage(config, 'launch.js')],
    [STAFF_APP_PATH, staffPage(config, 'visit.js')],
  ] as const;
  for (const [path, page] of pages)
    app.get(path, async (_request, reply) => sendHtml(reply.header('cache-control', 'no-store'), page));
  app.get(STAFF_SOURCE_PATH, async (request, reply) => sendHtml(reply, sourcePage(await findContext(request))));
}

const serverAddresses = ({ issuer, revoke, fhir }: OAuthAddresses) => ({
  issuer,
  revokeUrl: revoke,
  r4Base: fhir.r4,
});
