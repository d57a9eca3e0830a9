import { createServer } from 'node:http';
import { type CryptoKey, SignJWT } from 'jose';
import type { AppRegistration } from '../../../../src/apps/index.ts';
import { addApp, CALLBACK, setAppState } from '../../apps/apps.ts';
import { createSigningKeys } from '../../apps/signing-keys.ts';
import { OAUTH } from '../../people/patient.ts';
import type { TestClock, TestServer } from '../../servers/server.ts';

export const ORIGIN = 'http://localhost:8080';

export interface KnownApp {
  readonly clientId: string;
  readonly kind: 'patient' | 'staff' | 'backend';
  readonly auth: 'none' | 'secret' | 'private_key_jwt';
  readonly secret: string;
  readonly redirectUris: readonly string[];
  readonly launchUri?: string | undefined;
  readonly api: 'r4' | 'dstu2';
  readonly dpopBound: boolean;
  readonly mayIntrospect: boolean;
  /** True if no request of the app can succeed. */
  readonly neverSucceeds: boolean;
  /** Makes a new client assertion. */
  assertion?(): Promise<string>;
}

/** Keys with which apps that register themselves authenticate. */
export interface AppKeys {
  readonly jwks: unknown;
  assertionFor(clientId: string): Promise<string>;
}

const STAFF_SCOPE = 'launch launch/patient openid fhirUser offline_access patient/*.rs user/*.rs';
const WANTED: readonly Partial<AppRegistration>[] = [
  { redirectUris: [CALLBACK, 'https://app.example/other?kept=yes&more=%20'] },
  { auth: 'none', redirectUris: ['http://127.0.0.1:4000/cb', 'http://[::1]/cb?a=b', 'com.example.app:/callback'] },
  { auth: 'none', requireAud: true, dpopBound: true },
  { secretInQuery: false, mayIntrospect: true, idTokenAlg: 'ES256' },
  { state: 'provisional', apis: ['dstu2'] },
  {
    kind: 'staff',
    redirectUris: ['https://staff.example/callback'],
    launchUri: 'https://staff.example/launch?from=practice',
    scope: STAFF_SCOPE,
  },
];

/** Registers apps of every kind and in every state. */
export async function addKnownApps(server: TestServer): Promise<readonly KnownApp[]> {
  const apps = await Promise.all(WANTED.map((options) => addKnown(server, options)));
  for (const alg of ['ES384', 'RS384'] as const) apps.push(await addKeyed(server, alg, {}));
  const practiceIds = [1 as never];
  apps.push(await addKeyed(server, 'ES384', { kind: 'backend', redirectUris: [], practiceIds, scope: 'system/*.rs' }));
  const unreachable = `http://127.0.0.1:${await closedPort()}/jwks`;
  const dead = await addKnown(server, { auth: 'private_key_jwt', jwksUri: unreachable });
  const { assertionFor } = await appKeys(server.clock, 'ES384');
  apps.push({ ...dead, neverSucceeds: true, assertion: () => assertionFor(dead.clientId) });
  for (const state of ['suspended', 'retired']) {
    const app = await addKnown(server, {});
    await setAppState(server, { client_id: app.clientId as never, redirect_uri: CALLBACK }, state);
    apps.push({ ...app, neverSucceeds: true });
  }
  return apps;
}

async function addKnown(server: TestServer, options: Partial<AppRegistration>): Promise<KnownApp> {
  const app = await addApp(server, options);
  return {
    clientId: app.client_id,
    secret: app.client_secret,
    kind: options.kind ?? 'patient',
    auth: options.auth ?? 'secret',
    redirectUris: options.redirectUris ?? [CALLBACK],
    launchUri: options.launchUri,
    api: options.apis?.[0] ?? 'r4',
    dpopBound: options.dpopBound ?? false,
    mayIntrospect: options.mayIntrospect ?? false,
    neverSucceeds: false,
  };
}

async function addKeyed(
  server: TestServer,
  alg: 'ES384' | 'RS384',
  options: Partial<AppRegistration>,
): Promise<KnownApp> {
  const { jwks, assertionFor } = await appKeys(server.clock, alg);
  const app = await addKnown(server, { ...options, auth: 'private_key_jwt', jwks });
  return { ...app, assertion: () => assertionFor(app.clientId) };
}

export async function appKeys(clock: TestClock, alg: 'ES384' | 'RS384'): Promise<AppKeys> {
  const { signing, jwks } = await createSigningKeys(alg);
  return { jwks, assertionFor: (clientId) => assertion(clock, alg, signing, clientId) };
}

/** Makes a client assertion (RFC 7523 §3). */
const assertion = (
  clock: TestClock,
  alg: string,
  { key, kid }: { key: CryptoKey; kid: string },
  clientId: string,
): Promise<string> =>
  new SignJWT({ iss: clientId, sub: clientId, aud: `${ORIGIN}${OAUTH}/token`, jti: crypto.randomUUID() })
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .setExpirationTime(Math.floor(clock.now().getTime() / 1000) + 240)
    .sign(key);

/** Returns a local port on which nothing listens. */
async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
