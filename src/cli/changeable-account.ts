import type { Executor } from '../database/index.ts';
import { OperatorFault } from '../kernel/index.ts';
import { findAccount } from '../people/index.ts';

/**
 * Finds an account that may be changed.
 * @throws OperatorError if there is none, or if it is a shared sandbox account
 */
export async function changeableAccount(tx: Executor, username: string) {
  const account = await findAccount(tx, username);
  if (account === undefined) throw new OperatorFault(`There is no account with the username ${username}.`);
  if (account.published)
    throw new OperatorFault(`${username} is an account of the sandbox, which everyone may use: it can't be changed.`);
  return account;
}
