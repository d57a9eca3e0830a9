import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

const deleteReceipts = statement(
  'oauth.receipt.forget-accounts',
  {},
  'delete from receipt where account_id = any($1::uuid[])',
);
const deleteGrants = statement(
  'oauth.consent.forget-accounts',
  {},
  'delete from consent_grant where account_id = any($1::uuid[])',
);

/** Deletes the grants of closed accounts and their receipts. Closing ended the grants, and their tokens are deleted. */
export async function deleteConsentsOfAccounts(tx: Executor, accountIds: readonly AccountId[]): Promise<void> {
  await tx.query(deleteReceipts, [accountIds]);
  await tx.query(deleteGrants, [accountIds]);
}
