import type { TestServer } from '../servers/server.ts';
import { type ApiCaller, apiCaller } from './developer-portal.ts';
import { startSandboxSession } from './staff.ts';

export const SANDBOX_DEVELOPER = { username: 'developerapitest', password: 'Password1!' };

/** Signs in as the sandbox's developer in a new browser, which makes the caller a visitor of its own. */
export async function signInSandboxDeveloper(server: Pick<TestServer, 'app' | 'db' | 'clock'>): Promise<ApiCaller> {
  return apiCaller(server, await startSandboxSession(server, SANDBOX_DEVELOPER));
}
