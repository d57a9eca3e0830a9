import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { hiddenFields } from '../../browser/html.ts';
import { OAUTH, PatientBrowser, recordChoices, SANDBOX_PATIENT } from '../../people/patient.ts';
import { SANDBOX_GUARDIAN, SANDBOX_STAFF } from '../../people/staff.ts';
import { startServer, type TestServer } from '../../servers/server.ts';
import { type AppKeys, addKnownApps, appKeys, type KnownApp } from './known-apps.ts';

/** A patient or staff member who is signed in. */
export interface SignedInPerson {
  readonly kind: 'patient' | 'staff';
  readonly cookie: string;
  readonly csrf: string;
  /** Keys of the records that the person may choose. Empty if there is no choice. */
  readonly records: readonly string[];
}

export interface HeldToken {
  readonly token: string;
  readonly clientId: string;
  /** True if the token requires a DPoP proof with our key (RFC 9449). */
  readonly bound: boolean;
}

export interface HeldCode extends HeldToken {
  readonly redirectUri: string;
  readonly verifier: string | undefined;
}

/** A consent page that was displayed, with what a browser needs to submit its form. */
export interface DisplayedConsent {
  readonly cookie: string;
  readonly hidden: Readonly<Record<string, string>>;
  /** Keys of the consent items that may be checked. */
  readonly items: readonly string[];
  /** Groups whose switch may be on. */
  readonly groups: readonly string[];
}

/** The newest values from responses. Later requests use and mutate them. */
export interface RecentValues {
  readonly codes: HeldCode[];
  readonly access: HeldToken[];
  readonly refresh: HeldToken[];
  /** request_uris of pushed requests (RFC 9126). */
  readonly pushed: HeldToken[];
  /** Launch tokens of EHR launches. */
  readonly launches: HeldToken[];
  readonly registered: { readonly app: KnownApp; readonly token: string }[];
  readonly pages: DisplayedConsent[];
  /** Browsers that got a sign-in page. */
  readonly browsers: Pick<SignedInPerson, 'cookie' | 'csrf'>[];
}

/** Facts from earlier responses, for judging later ones. */
export interface ResponseLedger {
  /** Registered redirect and launch URIs of each app at present, by client_id. */
  readonly uris: Map<string, ReadonlySet<string>>;
  /** The client_id of each code and refresh token. */
  readonly owners: Map<string, string>;
  /** Parameters of each pushed request, by request_uri. */
  readonly pushed: Map<string, URLSearchParams>;
  /** The code_verifier of each code_challenge. */
  readonly verifiers: Map<string, string>;
  /** Parameters of the authorization request that led to each code. */
  readonly asked: Map<string, URLSearchParams>;
  /** Number of successful exchanges of each code. */
  readonly exchanged: Map<string, number>;
  /** Refresh tokens that were issued for each refresh token. */
  readonly successors: Map<string, Set<string>>;
  /** All secrets, which must never be in a log. */
  readonly secrets: Set<string>;
}

export interface OAuthWorld {
  readonly server: TestServer;
  readonly apps: readonly KnownApp[];
  readonly people: readonly SignedInPerson[];
  readonly recent: RecentValues;
  readonly ledger: ResponseLedger;
  readonly keys: AppKeys;
  /** Thumbprint of the key for DPoP proofs (RFC 7638). */
  readonly thumbprint: string;
  /** Makes a DPoP proof (RFC 9449 §4.2). */
  proof(claims: JWTPayload): Promise<string>;
}

/**
 * Starts a server with apps of every kind and in every state, and with people who are signed in. All its responses can
 * be judged.
 */
export async function startOAuthWorld(): Promise<OAuthWorld> {
  const server = await startServer({
    DYNAMIC_REGISTRATION: 'open',
    AUTHORIZATION_RESPONSE_ISS: 'on',
    TRUSTED_JWKS_HOSTS: '127.0.0.1',
    LOG_LEVEL: 'debug',
  });
  const apps = await addKnownApps(server);
  const people = await signInPeople(server, apps);
  return {
    server,
    apps,
    people,
    recent: { codes: [], access: [], refresh: [], pushed: [], launches: [], registered: [], pages: [], browsers: [] },
    ledger: newLedger(apps, people),
    keys: await appKeys(server.clock, 'ES384'),
    ...(await createProver(server)),
  };
}

const newLedger = (apps: readonly KnownApp[], people: readonly SignedInPerson[]): ResponseLedger => ({
  uris: new Map(
    apps.map(({ clientId, redirectUris, launchUri = [] }) => [clientId, new Set(redirectUris.concat(launchUri))]),
  ),
  owners: new Map(),
  pushed: new Map(),
  verifiers: new Map(),
  asked: new Map(),
  exchanged: new Map(),
  successors: new Map(),
  secrets: new Set([
    SANDBOX_PATIENT.password,
    ...apps.map(({ secret }) => secret).filter((secret) => secret !== ''),
    ...people.flatMap(({ cookie, csrf }) => [cookie.replace('session=', ''), csrf]),
  ]),
});

async function createProver({ clock }: TestServer): Promise<Pick<OAuthWorld, 'proof' | 'thumbprint'>> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    proof: (claims) =>
      new SignJWT({ jti: crypto.randomUUID(), iat: Math.floor(clock.now().getTime() / 1000), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey),
  };
}

async function signInPeople(server: TestServer, apps: readonly KnownApp[]): Promise<readonly SignedInPerson[]> {
  const pageFor = (kind: KnownApp['kind']): string => {
    const app = apps.find((one) => one.kind === kind);
    const { clientId: client_id = '', redirectUris: [redirect_uri = ''] = [] } = app ?? {};
    return `${OAUTH}/authorize?${new URLSearchParams({ response_type: 'code', client_id, redirect_uri })}`;
  };
  return [
    await signInPerson(server, 'patient', SANDBOX_PATIENT, pageFor('patient')),
    await signInPerson(server, 'patient', SANDBOX_GUARDIAN, pageFor('patient')),
    await signInPerson(server, 'staff', SANDBOX_STAFF, pageFor('staff')),
  ];
}

async function signInPerson(
  server: TestServer,
  kind: SignedInPerson['kind'],
  person: { username: string; password: string },
  address: string,
): Promise<SignedInPerson> {
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in', person);
  const { body } = await browser.get(address);
  const { csrf } = hiddenFields(body);
  if (csrf === undefined) throw new Error(`${person.username} is not shown a form: ${body}`);
  const records = recordChoices(body).map(({ key }) => key);
  return { kind, cookie: `session=${browser.cookie('session') ?? ''}`, csrf, records };
}
