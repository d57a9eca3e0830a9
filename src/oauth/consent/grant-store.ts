import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, ClientId, GrantId, RecordId } from '../../kernel/index.ts';

const CHOICE_COLUMNS = { unticked: '_text', asked: '_text', duration: 'text?', offline: 'bool?' } as const;
const lastChoiceStatement = statement(
  'oauth.consent.last-choice',
  { grant_id: 'uuid', ...CHOICE_COLUMNS },
  `select grant_id, unticked, asked, last_duration as duration, last_offline as offline
   from consent_grant where record_id = $1 and account_id = $2 and client_id = $3`,
);
/**
 * Finds the previous choices in a shared sandbox account. Everyone shares the account and its grant, so this statement
 * looks them up by browser.
 */
const lastChoiceInBrowserStatement = statement(
  'oauth.consent.last-choice-here',
  { grant_id: 'uuid', ...CHOICE_COLUMNS },
  `select g.grant_id, r.unticked, r.asked, r.duration, r.offline
   from consent_grant g join receipt r on r.grant_id = g.grant_id and r.browser = $4
   where g.record_id = $1 and g.account_id = $2 and g.client_id = $3 order by r.at desc limit 1`,
);
const upsertGrant = statement(
  'oauth.consent.keep',
  { grant_id: 'uuid' },
  `insert into consent_grant
     (grant_id, account_id, client_id, record_id, unticked, granted_at, asked, last_duration, last_offline)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (record_id, account_id, client_id)
   do update set
     unticked = array(select unnest(consent_grant.unticked) except select unnest($10::text[])) || excluded.unticked,
     granted_at = excluded.granted_at, revoked_at = null, ended_by = null, asked = excluded.asked,
     last_duration = excluded.last_duration, last_offline = coalesce(excluded.last_offline, consent_grant.last_offline)
   returning grant_id`,
);
/**
 * Reduces the access of the grant's token families and never extends it. If a family may no longer be refreshed, its
 * unused refresh tokens expire immediately.
 */
const restrictFamilies = statement(
  'oauth.consent.take',
  {},
  `with taken as (
     update token_family set denied = array(select distinct unnest(denied || $2::text[])),
       labels = array(select unnest(labels) except select unnest($5::text[])),
       expires_at = least(expires_at, $3),
       refresh_seconds = case when 'offline_access' = any($2) and scope ~ '(^| )offline_access( |$)' then null
         else refresh_seconds end
     where grant_id = $1 and revoked_at is null and ($6::bytea is null or browser = $6)
     returning family_id, refresh_seconds)
   update token t set expires_at = $4 from taken
   where t.family_id = taken.family_id and taken.refresh_seconds is null and t.kind = 'refresh' and t.used_at is null
     and t.expires_at > $4`,
);
const upsertStaffGrant = statement(
  'oauth.consent.keep-staff',
  { grant_id: 'uuid' },
  `insert into consent_grant (grant_id, account_id, client_id, subject, granted_at) values ($1, $2, $3, 'staff', $4)
   on conflict (account_id, client_id) where subject = 'staff'
   do update set granted_at = excluded.granted_at, revoked_at = null, ended_by = null
   returning grant_id`,
);
const endGrantStatement = statement(
  'oauth.consent.end',
  { client_id: 'text', account_id: 'uuid?', record_id: 'int8?' },
  `update consent_grant set revoked_at = $2, ended_by = $3
   where grant_id = $1 and revoked_at is null and subject <> 'backend'
   returning client_id, account_id, record_id`,
);
/**
 * Ends all token families of a grant permanently: if the person grants access again, the tokens of an earlier consent
 * don't work again.
 */
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
const endFamiliesOfApp = statement(
  'oauth.consent.end-access-of-app',
  { family_id: 'text' },
  `update token_family f set revoked_at = $4, revoked_for = $5 from consent_grant g
   where g.grant_id = f.grant_id and g.record_id = $1 and g.account_id = $2 and g.client_id = $3 and f.revoked_at is null
   returning f.family_id`,
);
const endFamiliesOn = statement(
  'oauth.consent.end-access-on',
  { client_id: 'text', account_id: 'uuid?' },
  `with ended as (
     update token_family f set revoked_at = $2, revoked_for = $3 from consent_grant g
     where g.grant_id = f.grant_id and f.revoked_at is null and (g.record_id = $1 or f.record_id = $1)
     returning g.client_id, g.account_id, g.subject)
   select distinct client_id, account_id from ended where subject = 'record'`,
);
const listStatement = statement(
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

export interface ConsentGrantKey {
  readonly accountId: AccountId;
  readonly clientId: ClientId;
  readonly recordId: RecordId;
}

/**
 * The person's choices the last time this app requested access to this record. The next consent page starts with them.
 */
export interface PreviousConsentChoices {
  readonly grantId: GrantId | undefined;
  /** Keys of the items that the person declined. */
  readonly declinedKeys: readonly string[];
  /** Keys of the items on the previous consent page. Empty if there was no such page or its items are unknown. */
  readonly itemKeys: readonly string[];
  readonly duration: string | undefined;
  readonly offline: boolean | undefined;
}

/** Previous choices of a person who has not decided about this app and record before. */
export const NO_PREVIOUS_CHOICES: PreviousConsentChoices = {
  grantId: undefined,
  declinedKeys: [],
  itemKeys: [],
  duration: undefined,
  offline: undefined,
};

/**
 * The person whose previous choices are looked up. Users of a shared sandbox account are told apart by browser. If the
 * browser is unknown, there are no previous choices.
 */
export interface ConsentChooser extends ConsentGrantKey {
  readonly published: boolean;
  readonly browser: Buffer | undefined;
}

export async function findPreviousChoices(db: Executor, chooser: ConsentChooser): Promise<PreviousConsentChoices> {
  const { recordId, accountId, clientId, published, browser } = chooser;
  const key = [recordId, accountId, clientId];
  if (published && browser === undefined) return NO_PREVIOUS_CHOICES;
  const [row] = published
    ? await db.query(lastChoiceInBrowserStatement, [...key, browser])
    : await db.query(lastChoiceStatement, key);
  if (row === undefined) return NO_PREVIOUS_CHOICES;
  return {
    grantId: row.grant_id as GrantId,
    declinedKeys: row.unticked,
    itemKeys: row.asked,
    duration: row.duration ?? undefined,
    offline: row.offline ?? undefined,
  };
}

/** The choices that a person made on one consent page. */
export interface ConsentChoices {
  /** Keys of the items on the page. */
  readonly itemKeys: readonly string[];
  /** Keys of the types, categories and labels that the page let the person decide about. */
  readonly decidedKeys: readonly string[];
  /** Keys of the types, categories and labels that the person declined. */
  readonly declinedKeys: readonly string[];
  readonly duration: string;
  /** Whether the person allowed offline access. Undefined if the page didn't offer it. */
  readonly offline: boolean | undefined;
}

/**
 * Stores the choices that a person made on a consent page. Choices that this page didn't offer keep their previous
 * value. Each person, app and record has one grant, and each consent adds a token family to that grant.
 */
export async function storeConsent(
  tx: Executor,
  { accountId, clientId, recordId }: ConsentGrantKey,
  { grantId, now, ...choice }: ConsentChoices & { readonly grantId: string; readonly now: Date },
): Promise<GrantId> {
  const { declinedKeys, itemKeys, duration, offline = null, decidedKeys } = choice;
  const values = [grantId, accountId, clientId, recordId, declinedKeys, now, itemKeys, duration, offline, decidedKeys];
  return requireGrantId(await tx.query(upsertGrant, values));
}

/** Permissions that a new consent removes from access that the app got earlier. */
export interface GrantRestriction {
  /** Keys of denied types and categories, and `offline_access` if it is denied. */
  readonly denied: readonly string[];
  /** Keys of denied security labels. */
  readonly labels: readonly string[];
}

/**
 * Removes what the person declined from the access that the app already has, and ends that access no later than the new
 * access.
 * @param from.browser limits the change to access that was allowed in this browser; undefined: all access
 */
export async function restrictEarlierAccess(
  tx: Executor,
  from: { readonly grantId: GrantId; readonly browser: Buffer | undefined },
  { denied, labels, ends, now }: GrantRestriction & { readonly ends: Date | null; readonly now: Date },
): Promise<void> {
  await tx.query(restrictFamilies, [from.grantId, denied, ends, now, labels, from.browser ?? null]);
}

/**
 * Stores the grant of a staff member to an app. Each staff member and app have one grant, whichever patient the app is
 * opened with.
 */
export async function storeStaffGrant(
  tx: Executor,
  key: Pick<ConsentGrantKey, 'accountId' | 'clientId'>,
  choice: { readonly grantId: string; readonly now: Date },
): Promise<GrantId> {
  return requireGrantId(await tx.query(upsertStaffGrant, [choice.grantId, key.accountId, key.clientId, choice.now]));
}

function requireGrantId([row]: readonly { grant_id: string }[]): GrantId {
  if (row === undefined) throw new Error('an upsert answered with no row');
  return row.grant_id as GrantId;
}

export type GrantEndedBy = 'patient' | 'staff' | 'app';

/** App, account and record of a grant that was just ended. */
export interface EndedGrant {
  readonly clientId: ClientId;
  readonly accountId: AccountId | undefined;
  readonly recordId: RecordId | undefined;
}

/**
 * Ends a person's grant and all tokens of that grant. Every process rejects the tokens within a second. Returns
 * undefined if there is no such grant or it had ended before. Grants of backend apps can't be ended; those apps are
 * suspended instead.
 */
export async function endGrant(
  tx: Executor,
  now: Date,
  grantId: string,
  by: GrantEndedBy,
): Promise<EndedGrant | undefined> {
  const [row] = await tx.query(endGrantStatement, [grantId, now, by]);
  if (row === undefined) return undefined;
  await tx.query(endFamilies, [grantId, now, `ended by the ${by}`]);
  return {
    clientId: row.client_id as ClientId,
    accountId: (row.account_id ?? undefined) as AccountId | undefined,
    recordId: (row.record_id ?? undefined) as RecordId | undefined,
  };
}

/**
 * Permanently ends the access that all apps have to a record through one account. If the account represents the patient
 * again later, the apps need a new consent.
 */
export async function endAccessThroughAccount(
  tx: Executor,
  now: Date,
  { accountId, recordId, reason }: Pick<ConsentGrantKey, 'accountId' | 'recordId'> & { readonly reason: string },
): Promise<void> {
  await tx.query(endFamiliesTo, [accountId, recordId, now, reason]);
}

/**
 * Permanently ends all access of apps to a record: through the patient, through representatives, and through staff who
 * opened it in an app.
 * @returns the apps that lost access, with the patient or representative who had allowed it
 */
export async function endAccessToRecord(
  tx: Executor,
  now: Date,
  { recordId, reason }: { readonly recordId: RecordId; readonly reason: string },
): Promise<readonly { readonly clientId: ClientId; readonly accountId: AccountId }[]> {
  const rows = await tx.query(endFamiliesOn, [recordId, now, reason]);
  return rows.map(({ client_id, account_id }) => ({
    clientId: client_id as ClientId,
    accountId: account_id as AccountId,
  }));
}

/** Permanently ends the access that one app has to a record through one account. Returns false if the app had none. */
export async function endAppAccess(
  tx: Executor,
  now: Date,
  { accountId, clientId, recordId, reason }: ConsentGrantKey & { readonly reason: string },
): Promise<boolean> {
  return (await tx.query(endFamiliesOfApp, [recordId, accountId, clientId, now, reason])).length > 0;
}

export type ListedGrant = NonNullable<(typeof listStatement)['row']>;

/**
 * Lists grants, newest first, at most 1,000, with the state of app, account and representation, and with the outcome of
 * the last consent. Use `findActiveAccess` to find out which grants still give access.
 * @param filter.username username as stored, which is case-folded
 */
export const listGrants = (
  db: Executor,
  filter: { username?: string | undefined; clientId?: string | undefined; patientId?: string | undefined },
): Promise<readonly ListedGrant[]> =>
  db.query(listStatement, [filter.username ?? null, filter.clientId ?? null, filter.patientId ?? null]);
