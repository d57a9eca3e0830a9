import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../../kernel/index.ts';

const lastChoice = statement(
  'oauth.consent.last-choice',
  { unticked: '_text', has_access: 'bool' },
  `select g.unticked, exists (
     select from token_family f join token t on t.family_id = f.family_id
     where f.grant_id = g.grant_id and f.revoked_at is null and (f.expires_at is null or f.expires_at > $4)
       and t.kind <> 'code' and t.used_at is null and t.expires_at > $4) as has_access
   from consent_grant g where g.record_id = $1 and g.account_id = $2 and g.client_id = $3`,
);
const keep = statement(
  'oauth.consent.keep',
  { grant_id: 'uuid' },
  `insert into consent_grant (grant_id, account_id, client_id, record_id, unticked, granted_at)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (record_id, account_id, client_id)
   do update set
     unticked = array(select unnest(consent_grant.unticked) except select unnest($7::text[])) || excluded.unticked,
     granted_at = excluded.granted_at, revoked_at = null, ended_by = null
   returning grant_id`,
);
/** A grant's families only ever lose by this. What may be refreshed no more has no refresh token that is good. */
const takeFrom = statement(
  'oauth.consent.take',
  {},
  `with taken as (
     update token_family set denied = array(select distinct unnest(denied || $2::text[])),
       expires_at = least(expires_at, $3),
       refresh_seconds = case when 'offline_access' = any($2) and scope ~ '(^| )offline_access( |$)' then null
         else refresh_seconds end
     where grant_id = $1 and revoked_at is null
     returning family_id, refresh_seconds)
   update token t set expires_at = $4 from taken
   where t.family_id = taken.family_id and taken.refresh_seconds is null and t.kind = 'refresh' and t.used_at is null
     and t.expires_at > $4`,
);
const keepStaff = statement(
  'oauth.consent.keep-staff',
  { grant_id: 'uuid' },
  `insert into consent_grant (grant_id, account_id, client_id, subject, granted_at) values ($1, $2, $3, 'staff', $4)
   on conflict (account_id, client_id) where subject = 'staff'
   do update set granted_at = excluded.granted_at, revoked_at = null, ended_by = null
   returning grant_id`,
);
const endGrantRow = statement(
  'oauth.consent.end',
  { client_id: 'text', account_id: 'uuid?', record_id: 'int8?' },
  `update consent_grant set revoked_at = $2, ended_by = $3
   where grant_id = $1 and revoked_at is null and subject <> 'backend'
   returning client_id, account_id, record_id`,
);
/** For good: a grant that is given anew does not bring back what came of the old one. */
const endFamilies = statement(
  'oauth.consent.end-families',
  {},
  `update token_family set revoked_at = $2, revoked_for = $3 where grant_id = $1 and revoked_at is null`,
);
const endFamiliesTo = statement(
  'oauth.consent.end-access-to',
  {},
  `update token_family f set revoked_at = $3, revoked_for = $4 from consent_grant g
   where g.grant_id = f.grant_id and g.account_id = $1 and g.record_id = $2 and f.revoked_at is null`,
);
const list = statement(
  'oauth.consent.list',
  {
    grant_id: 'uuid',
    subject: 'text',
    client_id: 'text',
    app: 'text',
    username: 'text?',
    patient_id: 'uuid?',
    practice: 'text?',
    granted_at: 'timestamptz',
    expires_at: 'timestamptz?',
    revoked_at: 'timestamptz?',
    ended_by: 'text?',
    app_state: 'text',
    locked: 'bool',
    represented: 'bool',
    families_kept: 'bool',
    revoked_for: 'text?',
  },
  `select g.*, last.expires_at, last.revoked_for, last.grant_id is not null as families_kept
   from (
     select g.grant_id, g.subject, g.client_id, a.name as app, u.username, r.patient_id, p.name as practice,
       g.granted_at, g.revoked_at, g.ended_by, a.state as app_state, u.locked_at is not null as locked,
       x.account_id is not null as represented
     from consent_grant g join app a on a.client_id = g.client_id
     left join account u on u.account_id = g.account_id
     left join record r on r.record_id = g.record_id
     left join practice p on p.practice_id = r.practice_id
     left join representation x on x.account_id = g.account_id and x.record_id = g.record_id and x.ended_at is null
     where ($1::text is null or u.username = $1) and ($2::text is null or g.client_id = $2)
       and ($3::uuid is null or r.patient_id = $3)
     order by g.granted_at desc limit 1000) g
   left join lateral (
     select f.grant_id, f.expires_at, f.revoked_for from token_family f
     where f.grant_id = g.grant_id order by f.created_at desc limit 1) last on true
   order by g.granted_at desc`,
);

export interface ConsentKey {
  readonly accountId: AccountId;
  readonly clientId: ClientId;
  readonly recordId: RecordId;
}

export interface LastChoice {
  /** Types and categories that were left out the last time this person was asked by this app about this record. */
  readonly unticked: readonly string[];
  /** Whether tokens of an earlier consent are still good. */
  readonly hasAccess: boolean;
}

export async function findLastChoice(db: Executor, now: Date, key: ConsentKey): Promise<LastChoice> {
  const [row] = await db.query(lastChoice, [key.recordId, key.accountId, key.clientId, now]);
  return { unticked: row?.unticked ?? [], hasAccess: row?.has_access ?? false };
}

export interface Choice {
  readonly grantId: string;
  readonly shown: readonly string[];
  readonly denied: readonly string[];
  readonly now: Date;
}

/**
 * Keeps the choice: what was not asked about this time stays as it was chosen last. There is one grant for each person,
 * app and record, with a family of tokens for each consent.
 */
export async function keepConsent(tx: Executor, key: ConsentKey, choice: Choice): Promise<GrantId> {
  const { accountId, clientId, recordId } = key;
  const { grantId, denied, now, shown } = choice;
  return grantIdOf(await tx.query(keep, [grantId, accountId, clientId, recordId, denied, now, shown]));
}

/** Takes from the access that an app has already what the person left out now, and ends it no later than what they gave now. */
export async function takeFromEarlier(
  tx: Executor,
  grantId: GrantId,
  { denied, ends, now }: { readonly denied: readonly string[]; readonly ends: Date | null; readonly now: Date },
): Promise<void> {
  await tx.query(takeFrom, [grantId, denied, ends, now]);
}

/** A member of staff has one grant for each app, whatever patient it is opened with. */
export async function keepStaffGrant(
  tx: Executor,
  key: Pick<ConsentKey, 'accountId' | 'clientId'>,
  choice: Pick<Choice, 'grantId' | 'now'>,
): Promise<GrantId> {
  return grantIdOf(await tx.query(keepStaff, [choice.grantId, key.accountId, key.clientId, choice.now]));
}

function grantIdOf([row]: readonly { grant_id: string }[]): GrantId {
  if (row === undefined) throw new Error('an upsert answered with no row');
  return row.grant_id as GrantId;
}

export type EndedBy = 'patient' | 'staff' | 'app';

/** What was ended; undefined when there is no such grant, or it was ended before. */
export interface EndedGrant {
  readonly clientId: ClientId;
  readonly accountId: AccountId | undefined;
  readonly recordId: RecordId | undefined;
}

/** Ends a grant of a person and all tokens of it; every process refuses them within a second. A backend app is suspended instead. */
export async function endGrant(tx: Executor, now: Date, grantId: string, by: EndedBy): Promise<EndedGrant | undefined> {
  const [row] = await tx.query(endGrantRow, [grantId, now, by]);
  if (row === undefined) return undefined;
  await tx.query(endFamilies, [grantId, now, `ended by the ${by}`]);
  return {
    clientId: row.client_id as ClientId,
    accountId: (row.account_id ?? undefined) as AccountId | undefined,
    recordId: (row.record_id ?? undefined) as RecordId | undefined,
  };
}

/** Ends all that apps hold of a record through one person, for good: that person may act for it again one day. */
export async function endAccessTo(
  tx: Executor,
  now: Date,
  { accountId, recordId, reason }: Pick<ConsentKey, 'accountId' | 'recordId'> & { readonly reason: string },
): Promise<void> {
  await tx.query(endFamiliesTo, [accountId, recordId, now, reason]);
}

export type ListedGrant = NonNullable<(typeof list)['row']>;

/**
 * Grants, the newest first, at most 1,000, with what stands behind them and what became of the last consent. What of them
 * is good now `liveAccess` tells.
 * @param wanted.username as it is folded
 */
export const listGrants = (
  db: Executor,
  wanted: { username?: string | undefined; clientId?: string | undefined; patientId?: string | undefined },
): Promise<readonly ListedGrant[]> =>
  db.query(list, [wanted.username ?? null, wanted.clientId ?? null, wanted.patientId ?? null]);
