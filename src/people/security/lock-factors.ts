import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

const lock = statement(
  'people.factors.lock',
  { account_id: 'uuid' },
  'select account_id from account where account_id = $1 and closed_at is null for update',
);

/** What is decided by all of an account's ways in is decided by one at a time. @returns whether it is open */
export async function lockFactors(tx: Executor, accountId: AccountId): Promise<boolean> {
  return (await tx.query(lock, [accountId])).length > 0;
}
