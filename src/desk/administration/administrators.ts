import type { Trail } from '../../audit/index.ts';
import { type Database, type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { type InviteDeps, type Invited, inviteAdministrator } from '../invitations/invite.ts';
import { endFirstInvitations } from '../invitations/store.ts';

/** Somebody who runs the installation. */
export interface Administrator {
  readonly accountId: AccountId;
  readonly username: string;
  readonly displayName: string;
  readonly lockedAt: Date | undefined;
}

const COLUMNS = {
  account_id: 'uuid',
  username: 'text',
  display_name: 'text',
  locked_at: 'timestamptz?',
} as const;
const list = statement(
  'desk.administrators',
  COLUMNS,
  `select account_id, username, display_name, locked_at from account where administrator and closed_at is null
   order by display_name, username`,
);
const appoint = statement(
  'desk.administrator.appoint',
  {},
  `update account set administrator = true where account_id = $1 and kind = 'staff' and not published`,
);
/** Two who remove each other at the same moment wait here for each other. */
const lockAll = statement(
  'desk.administrators.lock',
  COLUMNS,
  `select account_id, username, display_name, locked_at from account where administrator and closed_at is null
   order by account_id for update`,
);
const dismiss = statement(
  'desk.administrator.dismiss',
  {},
  'update account set administrator = false where account_id = $1',
);

/** By name. */
export async function listAdministrators(db: Executor): Promise<readonly Administrator[]> {
  return (await db.query(list)).map(administratorOf);
}

/** Sandbox accounts, whose password everyone knows, and patients never are. */
export async function appointAdministrator(tx: Executor, accountId: AccountId): Promise<void> {
  await tx.query(appoint, [accountId]);
}

/** Nobody else changes who runs the installation until the transaction ends. */
export const lockAdministrators = async (tx: Executor): Promise<readonly Administrator[]> =>
  (await tx.query(lockAll)).map(administratorOf);

/** Never the last one who can sign in; and by nobody who was removed in the meantime. */
export async function dismissAdministrator(
  tx: Executor,
  by: AccountId,
  accountId: AccountId,
): Promise<'done' | 'last' | 'none'> {
  const all = await lockAdministrators(tx);
  if (![by, accountId].every((id) => all.some((one) => one.accountId === id))) return 'none';
  if (!all.some((one) => one.accountId !== accountId && one.lockedAt === undefined)) return 'last';
  await tx.query(dismiss, [accountId]);
  return 'done';
}

export interface FirstAdministratorDeps extends Omit<InviteDeps, 'audit'> {
  readonly db: Database;
  readonly audit: Trail;
}

/**
 * A link for the first administrator, as long as there is none: who it is, they say themselves. One that was made before
 * and not used is over.
 * @param endUntil links that were made after this stay as they are: processes that start together each print one, and the
 *   first that is used ends the others
 */
export function inviteFirstAdministrator(deps: FirstAdministratorDeps, endUntil?: Date): Promise<Invited | undefined> {
  return deps.db.transaction(async (tx) => {
    if ((await tx.query(list)).length > 0) return undefined;
    const now = deps.clock.now();
    await endFirstInvitations(tx, now, endUntil ?? now);
    return inviteAdministrator(tx, deps, { accountId: undefined }, { name: '' });
  });
}

const administratorOf = (row: RowOf<typeof COLUMNS>): Administrator => ({
  accountId: row.account_id as AccountId,
  username: row.username,
  displayName: row.display_name,
  lockedAt: row.locked_at ?? undefined,
});
