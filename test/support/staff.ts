import { type AccountId, systemRandom as random } from '../../src/kernel/index.ts';
import { addStaff, openPasskeys, type Role } from '../../src/people/index.ts';
import { beginSession } from '../../src/people/session.ts';
import { listPractices } from '../../src/practices/index.ts';
import { SoftAuthenticator } from './authenticator.ts';
import { passwordCost } from './password-cost.ts';
import { PatientBrowser } from './patient.ts';
import type { TestServer } from './server.ts';

export const SANDBOX_STAFF = { username: 'staffapitest', password: 'Password1!' };
export const SANDBOX_DESK = { username: 'deskapitest', password: 'Password1!' };
export const SANDBOX_GUARDIAN = { username: 'guardianapitest', password: 'Password1!' };

export interface StaffMember {
  readonly accountId: AccountId;
  readonly username: string;
  readonly password: string;
  /** Staff never sign in with a password alone. */
  readonly passkey: SoftAuthenticator;
}

/** Somebody who works at these practices, as a clinician unless roles are given. */
export async function addStaffMember(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  kinds: readonly ('sandbox' | 'live')[] = ['live'],
  roles: readonly Role[] = ['clinician'],
): Promise<StaffMember> {
  const practices = (await listPractices(db))
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ practiceId }) => ({ practiceId, practitionerId: random.uuid(), roles }));
  const person = { username: `staff-${random.bytes(6).toString('hex')}`, password: random.bytes(12).toString('hex') };
  const wanted = { ...person, displayName: 'Dr. Test', published: false, practices };
  const accountId = await db.transaction((tx) => addStaff(tx, { clock, random, passwordCost }, wanted));
  if (accountId === undefined) throw new Error('the username is new');
  return { ...person, accountId, passkey: await addPasskey({ db, clock }, accountId) };
}

/** A passkey for an account, as the page of its ways in makes one. */
export async function addPasskey(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  accountId: AccountId,
  authenticator = new SoftAuthenticator(),
): Promise<SoftAuthenticator> {
  const passkeys = openPasskeys({ db, clock, random, publicUrl: authenticator.origin, brandName: 'Test' });
  const options = await passkeys.optionsToAdd(accountId, { username: 'test', displayName: 'Test' });
  const made = await passkeys.verifyRegistration(authenticator.create(options as never), accountId);
  await db.transaction((tx) => passkeys.keepPasskey(tx, accountId, made, 'Test'));
  return authenticator;
}

/** The cookie of a session that this account has just begun: for what is about anything but signing in. */
export const sessionOf = ({ db, clock }: Pick<TestServer, 'db' | 'clock'>, accountId: AccountId): Promise<string> =>
  beginSession(db, { clock, random }, { accountId });

/**
 * The same for an account that the sandbox comes with, in a browser of its own: everyone may use the account, and sees
 * what was done in their own browser alone.
 */
export async function sessionOfSandbox(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  { username }: { readonly username: string },
): Promise<string> {
  const [account] = await db.queryText<{ account_id: AccountId }>(
    'select account_id from account where username = $1',
    [username],
  );
  if (account === undefined) throw new Error(`the sandbox has no ${username}`);
  return beginSession(db, { clock, random }, { accountId: account.account_id, browser: random.bytes(32) });
}

/** A browser that somebody is signed in at, with whatever factors they have. */
export async function signInAs(
  server: Pick<TestServer, 'app' | 'db' | 'clock'>,
  accountId: AccountId,
): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  browser.keepCookie('session', await sessionOf(server, accountId));
  return browser;
}
