import { createPasskeys, createStaffAccount, type StaffRole } from '../../../src/identity/index.ts';
import { createSession } from '../../../src/identity/sessions/session.ts';
import { type AccountId, type Clock, systemRandom as random } from '../../../src/kernel/index.ts';
import { listPractices } from '../../../src/practices/index.ts';
import type { TestServer } from '../servers/server.ts';
import { SoftAuthenticator } from './authenticator.ts';
import { passwordCost } from './password-cost.ts';
import { PatientBrowser } from './patient.ts';

export const SANDBOX_STAFF = { username: 'staffapitest', password: 'Password1!' };
export const SANDBOX_DESK = { username: 'deskapitest', password: 'Password1!' };
export const SANDBOX_GUARDIAN = { username: 'guardianapitest', password: 'Password1!' };

export interface StaffMember {
  readonly accountId: AccountId;
  readonly username: string;
  readonly password: string;
  /** Second factor. Staff can't sign in with a password alone. */
  readonly passkey: SoftAuthenticator;
}

type DatabaseAndClock = Pick<TestServer, 'db'> & { readonly clock: Clock };

/** Creates a staff member at these practices, by default a clinician. */
export async function addStaffMember(
  { db, clock }: DatabaseAndClock,
  kinds: readonly ('sandbox' | 'live')[] = ['live'],
  roles: readonly StaffRole[] = ['clinician'],
): Promise<StaffMember> {
  const practices = (await listPractices(db))
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ practiceId }) => ({ practiceId, practitionerId: random.uuid(), roles }));
  const person = { username: `staff-${random.bytes(6).toString('hex')}`, password: random.bytes(12).toString('hex') };
  const wanted = { ...person, displayName: 'Dr. Test', published: false, practices };
  const accountId = await db.transaction((tx) => createStaffAccount(tx, { clock, random, passwordCost }, wanted));
  if (accountId === undefined) throw new Error('the username is new');
  return { ...person, accountId, passkey: await addPasskey({ db, clock }, accountId) };
}

/** Adds a passkey to an account, like the security page. */
export async function addPasskey(
  { db, clock }: DatabaseAndClock,
  accountId: AccountId,
  authenticator = new SoftAuthenticator(),
): Promise<SoftAuthenticator> {
  const passkeys = createPasskeys({ db, clock, random, publicUrl: authenticator.origin, brandName: 'Test' });
  const options = await passkeys.additionalRegistrationOptions(accountId, { username: 'test', displayName: 'Test' });
  const made = await passkeys.verifyRegistration(authenticator.create(options as never), accountId);
  await db.transaction((tx) => passkeys.savePasskey(tx, accountId, made, 'Test'));
  return authenticator;
}

/**
 * Creates a session of an account, for tests that aren't about signing in.
 * @returns the value of its cookie
 */
export const startSession = ({ db, clock }: Pick<TestServer, 'db' | 'clock'>, accountId: AccountId): Promise<string> =>
  createSession(db, { clock, random }, { accountId });

/**
 * Creates a session of a shared sandbox account in a new browser. Anyone may use such an account, and sees only what
 * was done in the same browser.
 * @returns the value of the session cookie
 */
export async function startSandboxSession(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  { username }: { readonly username: string },
): Promise<string> {
  const [account] = await db.queryText<{ account_id: AccountId }>(
    'select account_id from account where username = $1',
    [username],
  );
  if (account === undefined) throw new Error(`the sandbox has no ${username}`);
  return createSession(db, { clock, random }, { accountId: account.account_id, browser: random.bytes(32) });
}

/** Opens a browser that is signed in to an account, whether or not the account has a second factor. */
export async function signInAs(
  server: Pick<TestServer, 'app' | 'db' | 'clock'>,
  accountId: AccountId,
): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  browser.setCookie('session', await startSession(server, accountId));
  return browser;
}
