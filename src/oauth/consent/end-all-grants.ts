import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/**
 * Ends all token families of the account permanently: if the person grants access again, the tokens of an earlier
 * consent don't work again.
 */
const endFamiliesStatement = statement(
  'oauth.consent.end-all-families',
  {},
  `update token_family f set revoked_at = $2, revoked_for = $3 from consent_grant g
   where g.grant_id = f.grant_id and g.account_id = $1 and f.revoked_at is null`,
);
const endGrantsStatement = statement(
  'oauth.consent.end-all',
  { grant_id: 'uuid' },
  `update consent_grant set revoked_at = $2, ended_by = $3
   where account_id = $1 and revoked_at is null returning grant_id`,
);

/**
 * Ends all grants that an account gave to apps, for the person's own record and others. Every process rejects the
 * tokens within a second.
 * @param by who ends the grants; stored with each grant and shown to the patient later
 * @returns the number of ended grants
 */
export async function endAllGrantsOfAccount(
  tx: Executor,
  now: Date,
  accountId: AccountId,
  by: 'patient' | 'staff' = 'patient',
): Promise<number> {
  await tx.query(endFamiliesStatement, [accountId, now, 'account closed']);
  return (await tx.query(endGrantsStatement, [accountId, now, by])).length;
}
