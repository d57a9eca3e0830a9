import { type Executor, statement } from '../../database/index.ts';
import { type AccountId, type Clock, OperatorError } from '../../kernel/index.ts';
import { endLinks } from '../links/one-time-links.ts';
import { endAllSessions } from '../sessions/session.ts';
import { findAccountByUsername } from './account.ts';

/**
 * Locks an account, except a shared sandbox account. A shared sandbox account's password is public, so one user could
 * lock out all others.
 */
const lock = statement(
  'people.account.lock',
  { account_id: 'uuid' },
  `update account set locked_at = coalesce(locked_at, $2), locked_for = $3
   where account_id = $1 and not published and closed_at is null returning account_id`,
);
const unlock = statement(
  'people.account.unlock',
  { account_id: 'uuid' },
  `update account set locked_at = null, locked_for = null
   where account_id = $1 and not published and closed_at is null returning account_id`,
);

/**
 * Locks an account until it is unlocked. Sign-in is denied, and the account's sessions, tokens and unused one-time
 * links no longer work.
 * @returns false for a closed account or a shared sandbox account
 */
export async function lockAccountById(
  tx: Executor,
  clock: Clock,
  accountId: AccountId,
  reason: string,
): Promise<boolean> {
  const locked = (await tx.query(lock, [accountId, clock.now(), reason])).length > 0;
  if (!locked) return false;
  await endAllSessions(tx, accountId);
  await endLinks(tx, accountId, clock.now());
  return true;
}

/**
 * Unlocks an account, so that its owner can sign in again.
 * @returns false for a closed account or a shared sandbox account
 */
export async function unlockAccountById(tx: Executor, accountId: AccountId): Promise<boolean> {
  const unlocked = (await tx.query(unlock, [accountId])).length > 0;
  // A sign-in may have created a session while the account was being locked. Unlocking ends that session; otherwise it
  // would become valid.
  if (unlocked) await endAllSessions(tx, accountId);
  return unlocked;
}

/**
 * Locks an account by username, for the command line. Throws an `OperatorError` when there is no such account
 * or it is a shared sandbox account.
 */
export async function lockAccount(tx: Executor, clock: Clock, username: string, reason: string): Promise<AccountId> {
  const accountId = await requireLockableAccount(tx, username);
  await lockAccountById(tx, clock, accountId, reason);
  return accountId;
}

/**
 * Unlocks an account by username, for the command line. Throws an `OperatorError` when there is no such account
 * or it is a shared sandbox account.
 */
export async function unlockAccount(tx: Executor, username: string): Promise<AccountId> {
  const accountId = await requireLockableAccount(tx, username);
  await unlockAccountById(tx, accountId);
  return accountId;
}

async function requireLockableAccount(tx: Executor, username: string): Promise<AccountId> {
  const account = await findAccountByUsername(tx, username);
  if (account === undefined) throw new OperatorError(`There is no account with the username ${username}.`);
  if (account.published) throw new OperatorError(`${username} is a shared sandbox account. It can't be locked.`);
  return account.accountId;
}
