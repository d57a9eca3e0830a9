import type { TestApp } from '../../support/apps/apps.ts';
import { type ApiCaller, apiCaller, type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import {
  connectApp,
  getFhir,
  PatientBrowser,
  R4,
  SANDBOX_PATIENT,
  type TestUser,
} from '../../support/people/patient.ts';
import {
  LIVE_PRACTICE,
  type SignedInStaff,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../../support/people/practice-portal.ts';
import { signInAs, startSession } from '../../support/people/staff.ts';
import { type RestoredServer, startRestoredServer } from '../../support/servers/restored-server.ts';
import type { TestServer } from '../../support/servers/server.ts';

/** Access that exists at the time to which the database is restored, and ends after it. */
export interface Access {
  /** Ends the access. */
  end(): Promise<unknown>;
  /** Tries the access. */
  works(): Promise<boolean>;
}

/** Changes after the time to which the database is restored. Each function prepares one before that time. */
export interface RemedyCases {
  /** Ends of access by their titles, each with the name of its event. `--reapply` ends the access again. */
  readonly endings: Readonly<Record<string, readonly [event: string, prepare: () => Promise<Access>]>>;
  /** Access that ended and was given back, by the event that gave it back. */
  readonly lifted: Readonly<Record<string, () => Promise<Access>>>;
  /** Changes that an operator repeats by hand, by the event. */
  readonly byHand: Readonly<Record<string, () => Promise<() => Promise<unknown>>>>;
}

const OFFLINE = { scope: 'openid offline_access launch/patient patient/*.rs' };
export const STAFF = `/practice/${LIVE_PRACTICE}/staff`;
/** Milliseconds for which a server may remember that an app or a token is valid. */
const REMEMBERED = 2000;

let restored: RestoredServer | undefined;

export const place = (): RestoredServer => {
  if (restored === undefined) throw new Error('no server is running');
  return restored;
};
export const server = (): TestServer => place().now;
export const run: RestoredServer['run'] = (...command) => place().run(...command);

/** Who makes the changes: a practice's administrator, two administrators of the installation, and a developer. */
export const people = {} as {
  boss: SignedInStaff;
  ada: SignedInStaff;
  bob: SignedInStaff;
  dev: Developer;
};

export async function startContext(): Promise<void> {
  restored = await startRestoredServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
  people.ada = await signInAdministrator(server(), 'Ada Min');
  people.bob = await signInAdministrator(server(), 'Bob Min');
  people.boss = await signInStaff(server(), ['administrator']);
  people.dev = await signInDeveloper(server(), { verified: true });
}

export async function closeContext(): Promise<void> {
  await restored?.close();
  restored = undefined;
}

type Account = Pick<SignedInStaff, 'accountId'>;
export const visitor = (): PatientBrowser => new PatientBrowser(server().app);
export const browserOf = ({ accountId }: Account): Promise<PatientBrowser> => signInAs(server(), accountId);
export const caller = async ({ accountId }: Account): Promise<ApiCaller> =>
  apiCaller(server(), await startSession(server(), accountId));

export async function call(account: Account, ...request: Parameters<ApiCaller['call']>) {
  const response = await (await caller(account)).call(...request);
  if (response.status >= 400)
    throw new Error(`${request.join(' ')}: ${response.status} ${JSON.stringify(response.body)}`);
  return response.body;
}

export async function submit(browser: PatientBrowser, page: string, fields = {}, action = page): Promise<void> {
  const { status, body } = await submitForm(browser, page, fields, action);
  if (status !== 303) throw new Error(`${page}: ${status} ${body}`);
}

export const opens = async (path: string, browser = visitor()): Promise<boolean> =>
  (await browser.get(path)).status === 200;
export const signsIn = async (person: TestUser): Promise<boolean> =>
  (await visitor().signIn('/sign-in', person)).status === 303;

/** Connects an app. @returns a function that tries its access token */
export async function connect(app: TestApp, person: TestUser = SANDBOX_PATIENT): Promise<() => Promise<boolean>> {
  const { access_token, status, error } = await connectApp(server().app, app, OFFLINE, {}, person);
  if (status !== 200) throw new Error(`not connected: ${error}`);
  return async () => {
    server().clock.advance(REMEMBERED);
    return (await getFhir(server().app, `${R4}/Patient`, access_token)).statusCode === 200;
  };
}
