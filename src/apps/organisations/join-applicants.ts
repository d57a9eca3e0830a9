import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';

const requests = statement(
  'portal.organisation.requests',
  { account_id: 'uuid', display_name: 'text', email: 'text?', asked_at: 'timestamptz' },
  `select a.account_id, a.display_name, a.email, j.asked_at
   from join_request j join account a on a.account_id = j.account_id and a.closed_at is null
   where j.organisation_id = $1 and j.decided_at is null
     and not exists (select from membership m where m.organisation_id = j.organisation_id and m.account_id = j.account_id)
   order by j.asked_at, a.account_id`,
);
export interface JoinApplicant {
  readonly accountId: AccountId;
  readonly name: string;
  readonly email: string | undefined;
  readonly requestedAt: Date;
}

/** Returns the people who asked to join an organization, oldest request first. */
export async function listJoinApplicants(
  db: Executor,
  organisationId: OrganisationId,
): Promise<readonly JoinApplicant[]> {
  return (await db.query(requests, [organisationId])).map((row) => ({
    accountId: row.account_id as AccountId,
    name: row.display_name,
    email: row.email ?? undefined,
    requestedAt: row.asked_at,
  }));
}
