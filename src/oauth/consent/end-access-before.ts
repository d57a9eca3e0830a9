import { type Executor, statement } from '../../database/index.ts';
import type { GrantEndedBy } from './grant-store.ts';

const endGrant = statement(
  'oauth.restore.end-grant',
  { grant_id: 'uuid' },
  `update consent_grant set revoked_at = $3, ended_by = $4
   where grant_id = $1 and revoked_at is null and subject <> 'backend' and granted_at <= $2::timestamptz
   returning grant_id`,
);
const endFamilies = statement(
  'oauth.restore.end-families',
  { family_id: 'text' },
  `update token_family set revoked_at = $3, revoked_for = $4
   where grant_id = $1 and revoked_at is null and created_at <= $2::timestamptz returning family_id`,
);

/** Access that ended, or tokens that were used, after the time to which the database was restored. */
export interface EndedAccess {
  readonly grantId: string;
  /** Time of the event, in ISO 8601. What the person allowed later stays. */
  readonly before: string;
}

/**
 * Ends a grant again, unless the person allowed the app again since.
 * @returns whether it gave access
 */
export async function endGrantBefore(
  tx: Executor,
  now: Date,
  { grantId, before }: EndedAccess,
  by: GrantEndedBy,
): Promise<boolean> {
  const ended = await tx.query(endGrant, [grantId, before, now, by]);
  await tx.query(endFamilies, [grantId, before, now, `ended by the ${by}`]);
  return ended.length > 0;
}

/**
 * Ends the tokens of a grant that were issued before a time. The app has newer ones, which the restored database doesn't
 * know, so it has to ask the person again anyway.
 * @returns whether there were any
 */
export const endTokensBefore = async (tx: Executor, now: Date, { grantId, before }: EndedAccess): Promise<boolean> =>
  (await tx.query(endFamilies, [grantId, before, now, 'the database was restored'])).length > 0;
