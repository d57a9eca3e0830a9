import type { Page } from 'playwright-core';
import { derivedUuid } from '../../../src/kernel/index.ts';
import type { PortalServer } from '../browser/portal-browser.ts';
import { CHALLENGE, connectApp, type Fields } from '../people/patient.ts';
import type { TestServer } from '../servers/server.ts';

/** The client of the API explorer and Swagger UI. */
const CLIENT_ID = derivedUuid('sandbox', 'api explorer');

export const EXPLORER_APP = {
  clientId: CLIENT_ID,
  client: ({ config }: Pick<TestServer, 'config'>) => ({
    client_id: CLIENT_ID,
    redirect_uri: `${config.publicUrl}/developer/explorer/callback`,
  }),
  ask: (more: Fields = {}): Fields => ({ code_challenge: CHALLENGE, code_challenge_method: 'S256', ...more }),
};

/** Opens the explorer as it is after a test patient signed in. The sign-in pages are skipped. */
export async function openConnectedExplorer(
  page: Page,
  server: PortalServer,
  path: string,
  { client = EXPLORER_APP.client(server), scope = 'launch/patient openid fhirUser offline_access patient/*.rs' } = {},
): Promise<void> {
  const { status: _, ...answer } = await connectApp(server.app, client, EXPLORER_APP.ask({ scope }), {
    offline: 'yes',
  });
  const connection = {
    clientId: client.client_id,
    isConfidential: false,
    nonce: '',
    requestedScope: scope,
    tokens: answer,
    expiresAt: Date.now() + 1000 * answer.expires_in,
    revoked: false,
    events: [],
  };
  // The explorer reads the session storage while it loads, so the test fills that first.
  await page.goto(`${server.origin}/api/session`);
  await page.evaluate(`sessionStorage.setItem('api-explorer-2', ${JSON.stringify(JSON.stringify({ connection }))})`);
  await page.goto(`${server.origin}${path}`);
}
