import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

const lock = statement(
  'people.factors.lock',
  { account_id: 'uuid' },
  'select account_id from account where account_id = $1 and closed_at is null for update',
);

/**
 * Locks the account row until the transaction ends, so that concurrent requests check and change the account's
 * authentication factors one at a time.
 * @returns false if there is no such account or it is closed
 */
export async function lockFactors(tx: Executor, accountId: AccountId): Promise<boolean> {
  return (await tx.query(lock, [accountId])).length > 0;
}
