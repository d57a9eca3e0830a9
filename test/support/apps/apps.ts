import { type AppRegistration, changeAppState, registerApp } from '../../../src/apps/index.ts';
import { type ClientId, type Clock, systemRandom } from '../../../src/kernel/index.ts';
import type { TestServer } from '../servers/server.ts';

export interface TestApp {
  readonly client_id: ClientId;
  readonly redirect_uri: string;
  readonly client_secret?: string;
}

export const CALLBACK = 'https://app.example/callback';
const ALL = 'openid fhirUser launch/patient offline_access patient/*.rs';

/** Registers an app with the same function as the command line. */
export async function addApp(
  server: Pick<TestServer, 'db'> & { readonly clock: Clock },
  options: Partial<AppRegistration> = {},
): Promise<TestApp & { readonly client_secret: string }> {
  const redirectUris = options.redirectUris ?? (options.kind === 'backend' ? [] : [CALLBACK]);
  const wanted = { name: 'Test App', scope: ALL, apis: ['r4', 'dstu2'], state: 'active', ...options } as const;
  const deps = { clock: server.clock, random: systemRandom, trustedJwksHosts: ['127.0.0.1'] };
  const made = await server.db.transaction((tx) => registerApp(tx, deps, { ...wanted, redirectUris }));
  return {
    client_id: made.clientId,
    client_secret: made.clientSecret ?? '',
    redirect_uri: redirectUris[0] ?? CALLBACK,
  };
}

export const setAppState = (server: TestServer, app: TestApp, state: string) =>
  changeAppState(server.db, server.clock, app.client_id, state);
