import { createStaffAccount, type StaffRole } from '../../../src/identity/index.ts';
import { type AccountId, type PracticeId, systemRandom as random } from '../../../src/kernel/index.ts';
import { createPractice, DEFAULT_TIME_ZONE } from '../../../src/practices/index.ts';
import { hasElement, hiddenFields, parse } from '../browser/html.ts';
import type { TestServer } from '../servers/server.ts';
import { passwordCost } from './password-cost.ts';
import type { BrowserResponse, PatientBrowser } from './patient.ts';
import { signInAs } from './staff.ts';

export const SANDBOX_PRACTICE = 1 as PracticeId;
export const LIVE_PRACTICE = 2 as PracticeId;

/** A staff member who is signed in to the practice portal. */
export interface SignedInStaff {
  readonly accountId: AccountId;
  readonly username: string;
  readonly browser: PatientBrowser;
}

type At = Pick<TestServer, 'app' | 'db' | 'clock'>;

/**
 * Creates a staff member with these roles at these practices and signs in. The person isn't in the practices'
 * directories.
 */
export async function signInStaff(
  server: At,
  roles: readonly StaffRole[],
  practiceIds: readonly PracticeId[] = [LIVE_PRACTICE],
  displayName = 'Pat Desk',
): Promise<SignedInStaff> {
  const username = `desk-${random.bytes(6).toString('hex')}`;
  const practices = practiceIds.map((practiceId) => ({ practiceId, practitionerId: undefined, roles }));
  const wanted = { username, password: 'three words and more', displayName, published: false, practices };
  const accountId = await server.db.transaction((tx) =>
    createStaffAccount(tx, { clock: server.clock, random, passwordCost }, wanted),
  );
  if (accountId === undefined) throw new Error('the username is new');
  return { accountId, username, browser: await signInAs(server, accountId) };
}

/** Creates an administrator of the installation and signs in. */
export async function signInAdministrator(server: At, displayName = 'Ada Min'): Promise<SignedInStaff> {
  const made = await signInStaff(server, [], [], displayName);
  await server.db.queryText('update account set administrator = true where account_id = $1', [made.accountId]);
  return made;
}

export async function addAnotherPractice(
  server: At,
  name: string,
  kind: 'live' | 'sandbox' = 'live',
): Promise<PracticeId> {
  const made = await createPractice(server.db, { kind, name, timeZone: DEFAULT_TIME_ZONE });
  if (made === undefined) throw new Error('the name is new');
  return made;
}

/** Opens a page and submits its form, or the one of its forms with this action. */
export async function submitForm(
  browser: PatientBrowser,
  page: string,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
  action = page,
): Promise<BrowserResponse> {
  const response = await browser.get(page);
  const form = `form[action="${action}"]`;
  if (!hasElement(response, form))
    throw new Error(`no form for ${action}: ${response.status} ${response.location} ${response.body}`);
  return browser.post(action, { ...hiddenFields(response, form), ...fields });
}

/** Returns the error summary of a page: each message with the name of the field that it links to. */
export const formErrors = (response: BrowserResponse): readonly string[] => {
  const $ = parse(response);
  return $('.error-summary a[href^="#"]')
    .toArray()
    .map((link) => `${link.attribs['href']?.slice(1)}: ${$(link).text()}`);
};

/** Returns the audit events of a kind, newest first. */
export const listAuditEvents = (
  { db }: Pick<TestServer, 'db'>,
  kind: string,
): Promise<{ account_id: string | null; outcome: string; detail: Record<string, unknown> }[]> =>
  db.queryText('select account_id, outcome, detail from audit_event where kind = $1 order by at desc, id', [kind]);
