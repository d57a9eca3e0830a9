import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

const lock = statement(
  'people.factors.lock',
  { account_id: 'uuid' },
  'select account_id from account where account_id = $1 and closed_at is null for update',
);

/**
 * Locks the account row, so that decisions about all of an account's factors are made one at a time.
 * @returns whether the account is open
 */
export async function lockFactors(tx: Executor, accountId: AccountId): Promise<boolean> {
  return (await tx.query(lock, [accountId])).length > 0;
}
