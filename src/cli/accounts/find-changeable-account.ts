import type { Executor } from '../../database/index.ts';
import { findAccountByUsername } from '../../identity/index.ts';
import { OperatorError } from '../../kernel/index.ts';

/**
 * Finds an account that may be changed.
 * @throws OperatorError if there is no such account, or if it is a sandbox account, whose password is public
 */
export async function findChangeableAccount(tx: Executor, username: string) {
  const account = await findAccountByUsername(tx, username);
  if (account === undefined) throw new OperatorError(`There is no account with the username ${username}.`);
  if (account.published) throw new OperatorError(`${username} is a shared sandbox account. It can't be changed.`);
  return account;
}
