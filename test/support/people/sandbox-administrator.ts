import type { TestServer } from '../servers/server.ts';
import { type ApiCaller, apiCaller } from './developer-portal.ts';
import { startSandboxSession } from './staff.ts';

export const SANDBOX_ADMINISTRATOR = { username: 'adminapitest', password: 'Password1!' };

/** Signs in as the sandbox's administrator in a new browser, which makes the caller a visitor of its own. */
export async function signInVisitor(server: Pick<TestServer, 'app' | 'db' | 'clock'>): Promise<ApiCaller> {
  return apiCaller(server, await startSandboxSession(server, SANDBOX_ADMINISTRATOR));
}

/** An app of the made-up review, as lists show it. */
export interface ListedApp {
  readonly clientId: string;
  readonly name: string;
  readonly state: string;
  readonly organisation: { readonly organisationId: string; readonly name: string } | null;
}

/** Lists the made-up apps of a visitor. The first call makes the visitor's copy. */
export const listVisitorApps = async (visitor: ApiCaller): Promise<readonly ListedApp[]> =>
  (await visitor.call('GET', '/review/apps')).body.apps;
