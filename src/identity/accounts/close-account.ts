import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';
import type { IdentityRoutePorts } from '../deps.ts';
import { removeAuthenticator } from '../factors/authenticator.ts';
import { removeRecoveryCodes } from '../factors/recovery-codes.ts';
import { endLinks } from '../links/one-time-links.ts';
import { removePasskeys } from '../passkeys/passkey-store.ts';
import { forgetKnownBrowsers } from '../sessions/known-browser.ts';
import { endAllSessions } from '../sessions/session.ts';

/**
 * Closes an account, but leaves its row in place because the audit log refers to it. Changes the username to one that
 * no one can choose or sign in with.
 */
const closeAccountRow = statement(
  'people.account.close',
  { account_id: 'uuid' },
  `update account set closed_at = $2, username = 'closed:' || account_id, email = null, unconfirmed_email = null,
     unconfirmed_since = null, password_hash = null,
     administrator = false
   where account_id = $1 and not published and closed_at is null returning account_id`,
);
const endRepresentations = statement(
  'people.account.end-representations',
  {},
  `update representation set ended_at = $2, ended_for = 'account closed' where account_id = $1 and ended_at is null`,
);
const deleteStaffPositions = statement('people.account.end-jobs', {}, 'delete from staff where account_id = $1');

/**
 * Ends all access through an account: the access of apps and to patient records, staff roles, sessions, one-time links
 * and all ways to sign in.
 * @returns whether the account was open
 */
export async function closeAccount(
  tx: Executor,
  { now, endAppAccess }: { readonly now: Date } & Pick<IdentityRoutePorts, 'endAppAccess'>,
  accountId: AccountId,
): Promise<boolean> {
  await endAppAccess(tx, now, accountId);
  await tx.query(endRepresentations, [accountId, now]);
  await tx.query(deleteStaffPositions, [accountId]);
  await endAllSessions(tx, accountId);
  await endLinks(tx, accountId, now);
  await removePasskeys(tx, accountId);
  await removeAuthenticator(tx, accountId);
  await removeRecoveryCodes(tx, accountId);
  await forgetKnownBrowsers(tx, accountId);
  return (await tx.query(closeAccountRow, [accountId, now])).length > 0;
}

const visitorAccounts = statement(
  'people.account.of-sandbox-record',
  { account_id: 'uuid', only: 'bool' },
  `select t.account_id,
     a.kind = 'patient' and not a.administrator
       and not exists (select from staff s where s.account_id = a.account_id)
       and not exists (
         select from representation o
         join record q on q.record_id = o.record_id and q.record_id <> t.record_id
         join practice w on w.practice_id = q.practice_id
         where o.account_id = a.account_id and (o.ended_at is null or w.kind <> 'sandbox')) as only
   from representation t
   join record r on r.record_id = t.record_id
   join practice p on p.practice_id = r.practice_id and p.kind = 'sandbox'
   join account a on a.account_id = t.account_id and not a.published and a.closed_at is null
   where t.record_id = $1 and t.account_id is distinct from $2 order by t.account_id for update of a`,
);

const deleteSandboxAccess = statement(
  'people.account.forget-sandbox-record',
  {},
  `delete from representation t using account a, record r, practice p
   where t.account_id = $1 and t.record_id = $2 and a.account_id = t.account_id and not a.published
     and r.record_id = t.record_id and p.practice_id = r.practice_id and p.kind = 'sandbox'`,
);

/** An account, except a shared one, that can or could open the record of a sandbox patient. */
export interface SandboxVisitorAccount {
  readonly accountId: AccountId;
  /**
   * Whether the account was only ever for sandbox patients and opens no other record. Any other account may belong to a
   * real person and must not be closed.
   */
  readonly onlyThisRecord: boolean;
}

/**
 * Lists the open accounts, except shared ones, with access to the record of a sandbox patient, now or in the past.
 * Locks them until the transaction ends. Empty for a record of a live practice.
 * @param except an account to leave out
 */
export async function listSandboxVisitorAccounts(
  tx: Executor,
  recordId: RecordId,
  except: AccountId | undefined,
): Promise<readonly SandboxVisitorAccount[]> {
  const rows = await tx.query(visitorAccounts, [recordId, except ?? null]);
  return rows.map(({ account_id, only }) => ({ accountId: account_id as AccountId, onlyThisRecord: only }));
}

/**
 * Removes an account's access to the record of a sandbox patient, without a trace, so that the patient is as if the
 * account had never had it. Changes nothing for a record of a live practice or a shared account. End the access of apps
 * with `endAccessThroughAccount` too.
 */
export async function removeSandboxAccess(tx: Executor, accountId: AccountId, recordId: RecordId): Promise<void> {
  await tx.query(deleteSandboxAccess, [accountId, recordId]);
}
