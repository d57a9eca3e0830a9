import { createServer } from 'node:http';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { NewApp } from '../../../src/registry/index.ts';
import { addApp, setState } from '../apps.ts';
import { hiddenFields, OAUTH, PatientBrowser, recordLines, SANDBOX_PATIENT } from '../patient.ts';
import { startServer, type TestServer } from '../server.ts';
import { signingKeys } from '../signing-keys.ts';
import { SANDBOX_GUARDIAN, SANDBOX_STAFF } from '../staff.ts';

export interface KnownApp {
  readonly clientId: string;
  readonly kind: 'patient' | 'staff' | 'backend';
  readonly auth: 'none' | 'secret' | 'private_key_jwt';
  readonly secret: string;
  readonly redirectUris: readonly string[];
  /** A signed assertion, new each time. */
  assertion?(): Promise<string>;
}

/** Somebody who is signed in. */
export interface Person {
  readonly kind: 'patient' | 'staff';
  readonly cookie: string;
  readonly csrf: string;
  /** Keys of records they may choose. */
  readonly records: readonly string[];
}

/** The newest of what answers gave, to be used and spoiled by later requests. */
export interface Held {
  readonly codes: { code: string; clientId: string; redirectUri: string }[];
  readonly tokens: { access: string; refresh: string | undefined; clientId: string }[];
  readonly pushed: { requestUri: string; clientId: string }[];
  readonly launches: { launch: string; clientId: string }[];
  readonly registered: { clientId: string; token: string; secret: string | undefined }[];
}

export interface World {
  readonly server: TestServer;
  readonly apps: readonly KnownApp[];
  readonly people: readonly Person[];
  /** `practice-patient` of a sandbox patient. */
  readonly patientKey: string;
  readonly held: Held;
  /** Every redirect and launch URI that an app ever registered. */
  readonly registeredUris: Map<string, Set<string>>;
  /** Everything that must never be in a log. */
  readonly secrets: Set<string>;
  proof(claims: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

/** Secrets that are made up for a request begin with this, so that one look finds any of them. */
export const MARK = 'mArKeD-sEcReT-';
export const ORIGIN = 'http://localhost:8080';
export const LAUNCHER = '/practice/launch';

const MOST_HELD = 100;

/** Keeps the newest. */
export function keep<Item>(items: Item[], item: Item): void {
  items.push(item);
  if (items.length > MOST_HELD) items.shift();
}

/** A server whose every answer can be judged: apps of every kind and state, and people who are signed in. */
export async function makeWorld(): Promise<World> {
  const unreachable = await closedPort();
  const server = await startServer({
    DYNAMIC_REGISTRATION: 'open',
    TRUSTED_JWKS_HOSTS: '127.0.0.1',
    LOG_LEVEL: 'debug',
  });
  const apps = await makeApps(server, `http://127.0.0.1:${unreachable}/jwks`);
  const patientApp = apps.find(({ kind }) => kind === 'patient');
  if (patientApp === undefined) throw new Error('there is an app for patients');
  const query = {
    response_type: 'code',
    client_id: patientApp.clientId,
    redirect_uri: patientApp.redirectUris[0] ?? '',
  };
  const people = [
    await signedIn(server, SANDBOX_PATIENT, `${OAUTH}/authorize?${new URLSearchParams(query)}`),
    await signedIn(server, SANDBOX_GUARDIAN, `${OAUTH}/authorize?${new URLSearchParams(query)}`),
    await signedIn(server, SANDBOX_STAFF, LAUNCHER),
  ];
  const [patient] = await server.db.queryText<{ key: string }>(
    "select practice_id || '-' || patient_id as key from record where practice_id = 1 order by patient_id limit 1",
    [],
  );
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  return {
    server,
    apps,
    people,
    patientKey: patient?.key ?? '',
    held: { codes: [], tokens: [], pushed: [], launches: [], registered: [] },
    registeredUris: new Map(apps.map(({ clientId, redirectUris }) => [clientId, new Set(redirectUris)])),
    secrets: new Set([
      ...apps.map(({ secret }) => secret).filter((secret) => secret !== ''),
      ...people.flatMap(({ cookie, csrf }) => [cookie.split('=')[1] ?? '', csrf]),
    ]),
    proof: (claims) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } as never })
        .sign(privateKey),
    close: () => server.close(),
  };
}

async function makeApps(server: TestServer, deadKeys: string): Promise<readonly KnownApp[]> {
  const web = 'https://app.example/callback';
  const launchUri = 'https://staff.example/launch?from=practice';
  const wanted: readonly Partial<NewApp>[] = [
    { redirectUris: [web, 'https://app.example/other?kept=yes&more=%20'] },
    { auth: 'none', redirectUris: ['http://127.0.0.1:4000/cb', 'http://[::1]/cb?a=b', 'com.example.app:/callback'] },
    { auth: 'none', redirectUris: [web], requireAud: true, dpopBound: true },
    { redirectUris: [web], secretInQuery: false, mayIntrospect: true, idTokenAlg: 'ES256' },
    { redirectUris: [web], state: 'provisional', apis: ['dstu2'] },
    { kind: 'staff', redirectUris: ['https://staff.example/callback'], launchUri, scope: STAFF_SCOPE },
  ];
  const apps = await Promise.all(wanted.map((options) => addKnown(server, options)));
  for (const alg of ['ES384', 'RS384'] as const) apps.push(await addKeyed(server, alg, { redirectUris: [web] }));
  const practiceIds = [1 as never];
  apps.push(await addKeyed(server, 'ES384', { kind: 'backend', redirectUris: [], practiceIds, scope: 'system/*.rs' }));
  const dead = await addApp(server, { auth: 'private_key_jwt', jwksUri: deadKeys, redirectUris: [web] });
  apps.push({
    ...known(dead, 'private_key_jwt'),
    assertion: async () => 'eyJhbGciOiJFUzM4NCIsImtpZCI6IngifQ.e30.AAAA',
  });
  for (const state of ['suspended', 'retired']) {
    const app = await addApp(server, { redirectUris: [web] });
    await setState(server, app, state);
    apps.push(known(app, 'secret'));
  }
  return apps;
}

const STAFF_SCOPE = 'launch launch/patient openid fhirUser offline_access patient/*.rs user/*.rs';

async function addKnown(server: TestServer, options: Partial<NewApp>): Promise<KnownApp> {
  const app = await addApp(server, options);
  const { kind = 'patient', auth = 'secret', redirectUris = [], launchUri } = options;
  const uris = launchUri === undefined ? redirectUris : [...redirectUris, launchUri];
  return { ...known(app, auth), kind, redirectUris: uris };
}

async function addKeyed(server: TestServer, alg: 'ES384' | 'RS384', options: Partial<NewApp>): Promise<KnownApp> {
  const { signing, jwks } = await signingKeys(alg);
  const app = await addKnown(server, { ...options, auth: 'private_key_jwt', jwks });
  const assertion = () =>
    new SignJWT({ iss: app.clientId, sub: app.clientId, aud: `${ORIGIN}${OAUTH}/token`, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg, kid: signing.kid, typ: 'JWT' })
      .setExpirationTime('240s')
      .sign(signing.key);
  return { ...app, assertion };
}

const known = (
  app: { client_id: string; client_secret: string; redirect_uri: string },
  auth: KnownApp['auth'],
): KnownApp => ({
  clientId: app.client_id,
  kind: 'patient',
  auth,
  secret: app.client_secret,
  redirectUris: [app.redirect_uri],
});

async function signedIn(
  server: TestServer,
  person: { username: string; password: string },
  address: string,
): Promise<Person> {
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in', person);
  const { body } = await browser.get(address);
  const csrf = hiddenFields(body)['csrf'] ?? /name="csrf" value="([^"]+)"/.exec(body)?.[1];
  if (csrf === undefined) throw new Error(`${person.username} is not shown a form: ${body}`);
  return {
    kind: person === SANDBOX_STAFF ? 'staff' : 'patient',
    cookie: `session=${browser.cookie('session') ?? ''}`,
    csrf,
    records: recordLines(body).map(({ key }) => key),
  };
}

/** A port of this machine where nothing answers. */
async function closedPort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
