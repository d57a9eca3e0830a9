import { type Executor, statement } from '../../database/index.ts';
import { type AccountId, days, later, type OrganisationId } from '../../kernel/index.ts';

/** Minimum milliseconds between a declined request to join an organization and the next request. */
const MIN_INTERVAL = days(1);

const requestJoin = statement(
  'registry.join.ask',
  { account_id: 'uuid' },
  `insert into join_request as had (organisation_id, account_id, asked_at)
   select $1, $2, $3 where not exists (select from membership where organisation_id = $1 and account_id = $2)
   on conflict (organisation_id, account_id) do update
     set asked_at = excluded.asked_at, decided_at = null, decided_by = null, accepted = null
     where had.accepted or had.decided_at < $4
   returning account_id`,
);
const decide = statement(
  'registry.join.decide',
  { account_id: 'uuid' },
  `update join_request set decided_at = $3, decided_by = $4, accepted = $5
   where organisation_id = $1 and account_id = $2 and decided_at is null returning account_id`,
);
const purge = statement(
  'registry.join.sweep',
  {},
  'delete from join_request where coalesce(decided_at, asked_at) < $1',
);
const listOfAccount = statement(
  'registry.join.of-account',
  { organisation_id: 'uuid', name: 'text', asked_at: 'timestamptz', decided_at: 'timestamptz?' },
  `select j.organisation_id, o.name, j.asked_at, j.decided_at
   from join_request j join organisation o using (organisation_id)
   where j.account_id = $1 and j.accepted is not true
     and not exists (select from membership m where m.organisation_id = j.organisation_id and m.account_id = $1)
   order by j.asked_at, j.organisation_id`,
);

interface JoinRequest {
  readonly organisationId: OrganisationId;
  readonly accountId: AccountId;
  readonly now: Date;
}

/**
 * Records a person's request to join an organization.
 * @returns whether a request was made; false if the person is a member, has a pending request, or
 * was declined less than a day ago
 */
export async function requestToJoin(tx: Executor, { organisationId, accountId, now }: JoinRequest): Promise<boolean> {
  return (await tx.query(requestJoin, [organisationId, accountId, now, later(now, -MIN_INTERVAL)])).length > 0;
}

/**
 * Accepts or declines a request to join an organization.
 * @returns whether the request was still pending: of two concurrent decisions only the first counts
 */
export async function decideJoinRequest(
  tx: Executor,
  decision: JoinRequest & { readonly by: AccountId; readonly accepted: boolean },
): Promise<boolean> {
  const { organisationId, accountId, now, by, accepted } = decision;
  return (await tx.query(decide, [organisationId, accountId, now, by, accepted])).length > 0;
}

export interface OwnJoinRequest {
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  readonly requestedAt: Date;
  /** When the request was declined. undefined if it is pending. */
  readonly declinedAt: Date | undefined;
}

/** Returns the pending and declined requests of an account to join organizations. */
export async function listJoinRequests(db: Executor, accountId: AccountId): Promise<readonly OwnJoinRequest[]> {
  return (await db.query(listOfAccount, [accountId])).map((row) => ({
    organisationId: row.organisation_id as OrganisationId,
    organisationName: row.name,
    requestedAt: row.asked_at,
    declinedAt: row.decided_at ?? undefined,
  }));
}

/** Deletes requests that were made, and perhaps decided, before a time. */
export async function purgeJoinRequests(db: Executor, before: Date): Promise<void> {
  await db.query(purge, [before]);
}
