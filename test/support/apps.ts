import type { Api } from '../../src/access/index.ts';
import { type ClientId, systemRandom } from '../../src/kernel/index.ts';
import { changeAppState, registerApp } from '../../src/registry/index.ts';
import type { TestServer } from './server.ts';

export interface TestApp {
  readonly client_id: ClientId;
  readonly redirect_uri: string;
  readonly client_secret?: string;
}

export const CALLBACK = 'https://app.example/callback';
const ALL = 'openid fhirUser launch/patient offline_access patient/*.rs';

/** Registers an app through the registry, as the command line does. */
export async function addApp(
  server: TestServer,
  options: {
    scope?: string;
    apis?: readonly Api[];
    confidential?: boolean;
    state?: 'provisional' | 'active';
    redirectUris?: readonly string[];
  } = {},
): Promise<TestApp & { readonly client_secret: string }> {
  const {
    scope = ALL,
    apis = ['r4', 'dstu2'],
    confidential = true,
    state = 'active',
    redirectUris = [CALLBACK],
  } = options;
  const made = await server.db.transaction((tx) =>
    registerApp(
      tx,
      { clock: server.clock, random: systemRandom },
      { name: 'Test App', scope, apis, confidential, state, redirectUris },
    ),
  );
  return {
    client_id: made.clientId,
    client_secret: made.clientSecret ?? '',
    redirect_uri: redirectUris[0] ?? CALLBACK,
  };
}

export const setState = (server: TestServer, app: TestApp, state: string) =>
  changeAppState(server.db, server.clock, app.client_id, state);
