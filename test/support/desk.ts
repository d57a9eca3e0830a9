import { type AccountId, type PracticeId, systemRandom as random } from '../../src/kernel/index.ts';
import { addStaff, type Role } from '../../src/people/index.ts';
import { addPractice, DEFAULT_TIME_ZONE } from '../../src/practices/index.ts';
import { hasElement, hiddenFields, parse } from './html.ts';
import { passwordCost } from './password-cost.ts';
import type { PatientBrowser, Shown } from './patient.ts';
import type { TestServer } from './server.ts';
import { signInAs } from './staff.ts';

export const SANDBOX_PRACTICE = 1 as PracticeId;
export const LIVE_PRACTICE = 2 as PracticeId;

/** A member of staff who is signed in to the practice portal. */
export interface Member {
  readonly accountId: AccountId;
  readonly username: string;
  readonly browser: PatientBrowser;
}

type At = Pick<TestServer, 'app' | 'db' | 'clock'>;

/** Creates a member of staff with these roles at these practices, who isn't in any directory. */
export async function member(
  server: At,
  roles: readonly Role[],
  practiceIds: readonly PracticeId[] = [LIVE_PRACTICE],
  displayName = 'Pat Desk',
): Promise<Member> {
  const username = `desk-${random.bytes(6).toString('hex')}`;
  const practices = practiceIds.map((practiceId) => ({ practiceId, practitionerId: undefined, roles }));
  const wanted = { username, password: 'three words and more', displayName, published: false, practices };
  const accountId = await server.db.transaction((tx) =>
    addStaff(tx, { clock: server.clock, random, passwordCost }, wanted),
  );
  if (accountId === undefined) throw new Error('the username is new');
  return { accountId, username, browser: await signInAs(server, accountId) };
}

/** Creates an administrator of the installation. */
export async function administrator(server: At, displayName = 'Ada Min'): Promise<Member> {
  const made = await member(server, [], [], displayName);
  await server.db.queryText('update account set administrator = true where account_id = $1', [made.accountId]);
  return made;
}

export async function anotherPractice(
  server: At,
  name: string,
  kind: 'live' | 'sandbox' = 'live',
): Promise<PracticeId> {
  const made = await addPractice(server.db, { kind, name, timeZone: DEFAULT_TIME_ZONE });
  if (made === undefined) throw new Error('the name is new');
  return made;
}

/** Opens a page and submits its form, or the form with this action. */
export async function submit(
  browser: PatientBrowser,
  page: string,
  fields: Readonly<Record<string, string | readonly string[]>> = {},
  action = page,
): Promise<Shown> {
  const shown = await browser.get(page);
  const form = `form[action="${action}"]`;
  if (!hasElement(shown, form))
    throw new Error(`no form for ${action}: ${shown.status} ${shown.location} ${shown.body}`);
  return browser.post(action, { ...hiddenFields(shown, form), ...fields });
}

/** The error summary of a page: each message with the field that it links to. */
export const faultsOn = (shown: Shown): readonly string[] => {
  const $ = parse(shown);
  return $('.fault a[href^="#"]')
    .toArray()
    .map((link) => `${link.attribs['href']?.slice(1)}: ${$(link).text()}`);
};

/** The audit log events of a kind, newest first. */
export const trailOf = (
  { db }: Pick<TestServer, 'db'>,
  kind: string,
): Promise<{ account_id: string | null; outcome: string; detail: Record<string, unknown> }[]> =>
  db.queryText('select account_id, outcome, detail from audit_event where kind = $1 order by at desc, id', [kind]);
