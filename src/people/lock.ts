import { type Executor, statement } from '../database/index.ts';
import { type AccountId, type Clock, OperatorFault } from '../kernel/index.ts';
import { findAccount } from './account.ts';
import { endSessionsOf } from './session.ts';

const lock = statement(
  'people.account.lock',
  {},
  'update account set locked_at = coalesce(locked_at, $2), locked_for = $3 where account_id = $1',
);
const unlock = statement(
  'people.account.unlock',
  {},
  'update account set locked_at = null, locked_for = null where account_id = $1',
);

/** Nobody signs in with it, its sessions are over, and no token of it is good, until it is unlocked. */
export async function lockAccount(tx: Executor, clock: Clock, username: string, reason: string): Promise<AccountId> {
  const accountId = await lockable(tx, username);
  await tx.query(lock, [accountId, clock.now(), reason]);
  await endSessionsOf(tx, accountId);
  return accountId;
}

export async function unlockAccount(tx: Executor, username: string): Promise<AccountId> {
  const accountId = await lockable(tx, username);
  await tx.query(unlock, [accountId]);
  // A sign-in that crossed the locking may have left one, which must not come alive now.
  await endSessionsOf(tx, accountId);
  return accountId;
}

/** Everyone knows the sandbox's credentials: one visitor of it must not lock out the others. */
async function lockable(tx: Executor, username: string): Promise<AccountId> {
  const account = await findAccount(tx, username);
  if (account === undefined) throw new OperatorFault(`There is no account with the username ${username}.`);
  if (account.published)
    throw new OperatorFault(`${username} is an account of the sandbox, which everyone may use: it can't be locked.`);
  return account.accountId;
}
