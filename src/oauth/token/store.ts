import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountId, ClientId, GrantId, PatientId, RecordId } from '../../kernel/index.ts';
import type { TokenText } from './token-text.ts';

/** What stands behind a family of tokens while it is good. */
export interface Standing extends Subject {
  readonly patientId: PatientId;
  /** As granted at consent. */
  readonly scope: string;
  /** Types the patient denied since. */
  readonly denied: readonly string[];
  /** Whether it has a refresh token. */
  readonly refreshing: boolean;
  readonly nonce: string | null;
}

/**
 * What must hold for any token to be good; the same words in every statement, so that suspending an app, ending a grant
 * or a session, or erasing a record stops codes, refreshes and reads alike. `$1` is the instant. An online
 * access lives until its person signs out, or for the longest that a session may last: a browser left alone does not end it.
 */
const JOINS = `
  join consent_grant g on g.grant_id = f.grant_id
  join record r on r.record_id = g.record_id
  join practice p on p.practice_id = r.practice_id
  join app a on a.client_id = g.client_id
  left join session s on s.session_id = f.session_id`;
const GOOD = `
  f.revoked_at is null and g.revoked_at is null and r.state = 'active'
  and (a.state = 'active' or (a.state = 'provisional' and p.kind = 'sandbox'))
  and (f.session_id is null or s.expires_at > $1)
  and exists (select from representation x where x.account_id = g.account_id and x.record_id = g.record_id)`;

const STANDING = {
  grant_id: 'uuid',
  client_id: 'text',
  account_id: 'uuid',
  record_id: 'int8',
  patient_id: 'uuid',
  scope: 'text',
  denied: '_text',
  refreshing: 'bool',
  nonce: 'text?',
} as const;
const STANDING_COLUMNS = `good.grant_id, good.client_id, good.account_id, good.record_id, good.patient_id, good.scope,
  good.denied, (good.refresh_seconds is not null) as refreshing, used.nonce`;
const GOOD_FAMILY = `
  good as materialized (
    select f.family_id, f.grant_id, g.client_id, g.account_id, g.record_id, r.patient_id, f.scope, g.denied, f.refresh_seconds
    from token_family f ${JOINS}
    where f.family_id = $2 and ${GOOD})`;
/**
 * Only the one caller whose update finds the row unused mints; with its successors it is one statement. The
 * token's key is given as parameters, not through `good`: joined, the planner may walk the whole index by hash.
 */
const MINT = `
  access as (
    insert into token (family_id, hash, kind, issued_at, expires_at, scope)
    select good.family_id, $5, 'access', $1, $6, $7 from used join good using (family_id)),
  refresh as (
    insert into token (family_id, hash, kind, issued_at, expires_at)
    select good.family_id, $8, 'refresh', $1, $1 + make_interval(secs => good.refresh_seconds)
    from used join good using (family_id) where good.refresh_seconds is not null)
  select ${STANDING_COLUMNS} from used join good using (family_id)`;

const exchangeCode = statement(
  'oauth.code.exchange',
  STANDING,
  `with ${GOOD_FAMILY}, used as (
    update token t set used_at = $1 from good
    where t.family_id = $2 and t.hash = $3 and t.kind = 'code' and t.used_at is null and t.expires_at > $1
      and good.client_id = $4 and t.redirect_uri = $9 and t.challenge is not distinct from $10
    returning t.family_id, t.nonce), ${MINT}`,
);
const rotateRefresh = statement(
  'oauth.refresh.rotate',
  STANDING,
  `with ${GOOD_FAMILY}, used as (
    update token t set used_at = $1, successor = $9 from good
    where t.family_id = $2 and t.hash = $3 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and good.client_id = $4
    returning t.family_id, null::text as nonce), ${MINT}`,
);
const find = statement(
  'oauth.token.find',
  {
    kind: 'text',
    expires_at: 'timestamptz',
    used_at: 'timestamptz?',
    successor: 'bytea?',
    redirect_uri: 'text?',
    challenge: 'text?',
    client_id: 'text',
    account_id: 'uuid',
    record_id: 'int8',
    grant_id: 'uuid',
    ended: 'bool',
    family_scope: 'text',
    good: 'bool',
  },
  `select t.kind, t.expires_at, t.used_at, t.successor, t.redirect_uri, t.challenge, g.client_id, g.account_id,
     g.record_id, f.grant_id, (f.revoked_at is not null or g.revoked_at is not null) as ended,
     f.scope as family_scope, coalesce((${GOOD}), false) as good
   from token t join token_family f on f.family_id = t.family_id ${JOINS}
   where t.family_id = $2 and t.hash = $3`,
);
const verify = statement(
  'oauth.access.verify',
  {
    grant_id: 'uuid',
    client_id: 'text',
    account_id: 'uuid',
    record_id: 'int8',
    practice_id: 'int4',
    practice_enabled: 'bool',
    patient_id: 'uuid',
    scope: 'text',
    denied: '_text',
    apis: '_text',
    provisional: 'bool',
    expires_at: 'timestamptz',
  },
  `select f.grant_id, g.client_id, g.account_id, g.record_id, r.practice_id, p.enabled as practice_enabled, r.patient_id,
     coalesce(t.scope, f.scope) as scope, g.denied, a.apis, (a.state = 'provisional') as provisional, t.expires_at
   from token t join token_family f on f.family_id = t.family_id ${JOINS}
   where t.family_id = $2 and t.hash = $3 and t.kind = 'access' and t.expires_at > $1 and ${GOOD}`,
);
const insertFamily = statement(
  'oauth.family.insert',
  {},
  `insert into token_family (family_id, grant_id, scope, refresh_seconds, session_id, created_at)
   values ($1, $2, $3, $4, $5, $6)`,
);
const insertCode = statement(
  'oauth.code.insert',
  {},
  `insert into token (family_id, hash, kind, issued_at, expires_at, redirect_uri, challenge, nonce)
   values ($1, $2, 'code', $3, $4, $5, $6, $7)`,
);
const revokeFamily = statement(
  'oauth.family.revoke',
  { family_id: 'text' },
  `update token_family set revoked_at = $2, revoked_for = $3 where family_id = $1 and revoked_at is null
   returning family_id`,
);
const endToken = statement(
  'oauth.token.end',
  {},
  'update token set expires_at = $3 where family_id = $1 and hash = $2 and expires_at > $3',
);
/** A used refresh token is kept as long as its family may live, else its reuse could not be told from a made-up one. */
const sweep = statement(
  'oauth.token.sweep',
  {},
  `delete from token t where t.expires_at < $1 and (t.kind <> 'refresh' or not exists (
     select 1 from token other where other.family_id = t.family_id and other.kind = 'refresh' and other.expires_at >= $1))`,
);

/** Who and what a token is about. */
export interface Subject {
  readonly grantId: GrantId;
  readonly clientId: ClientId;
  readonly accountId: AccountId;
  readonly recordId: RecordId;
}

/** A token as it is stored, good or not: to say why it was refused. */
export interface FoundToken extends Subject {
  readonly kind: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
  readonly successor: Buffer | null;
  readonly redirectUri: string | null;
  readonly challenge: string | null;
  readonly familyScope: string;
  readonly ended: boolean;
  /** Whether app, grant, record and session still allow it. */
  readonly good: boolean;
}

export type FoundAccess = NonNullable<(typeof verify)['row']>;

export interface Minted {
  readonly access: TokenText;
  readonly accessExpires: Date;
  readonly refresh: TokenText;
  /** Narrower than the family's, when the client asked for less. */
  readonly scope: string | null;
}

export interface CodeExchange {
  readonly code: TokenText;
  readonly clientId: ClientId;
  readonly redirectUri: string;
  readonly challenge: string | null;
}

/** Consumes the code and mints its tokens, as one statement. Undefined when the code is not good for this client. */
export async function consumeCode(
  db: Executor,
  now: Date,
  exchange: CodeExchange,
  minted: Minted,
): Promise<Standing | undefined> {
  const { code, clientId, redirectUri, challenge } = exchange;
  const [row] = await db.query(exchangeCode, [
    now,
    code.familyId,
    code.hash,
    clientId,
    ...mintedValues(minted),
    redirectUri,
    challenge,
  ]);
  return row === undefined ? undefined : standingOf(row);
}

/** Consumes the refresh token and mints its successors, as one statement. */
export async function consumeRefresh(
  db: Executor,
  now: Date,
  exchange: { old: TokenText; clientId: ClientId; successor: Buffer },
  minted: Minted,
): Promise<Standing | undefined> {
  const { old, clientId, successor } = exchange;
  const [row] = await db.query(rotateRefresh, [
    now,
    old.familyId,
    old.hash,
    clientId,
    ...mintedValues(minted),
    successor,
  ]);
  return row === undefined ? undefined : standingOf(row);
}

export async function findToken(db: Executor, now: Date, token: TokenText): Promise<FoundToken | undefined> {
  const [row] = await db.query(find, [now, token.familyId, token.hash]);
  if (row === undefined) return undefined;
  return {
    ...subjectOfRow(row),
    kind: row.kind,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    successor: row.successor,
    redirectUri: row.redirect_uri,
    challenge: row.challenge,
    familyScope: row.family_scope,
    ended: row.ended,
    good: row.good,
  };
}

export async function findAccess(db: Executor, now: Date, token: TokenText): Promise<FoundAccess | undefined> {
  const [row] = await db.query(verify, [now, token.familyId, token.hash]);
  return row;
}

export interface NewCode {
  readonly code: TokenText;
  readonly expires: Date;
  readonly grantId: GrantId;
  readonly scope: string;
  readonly refreshSeconds: number | null;
  readonly sessionId: string | null;
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly nonce: string | null;
}

/** A family begins with the code it comes of. */
export async function insertCodeAndFamily(tx: Executor, now: Date, made: NewCode): Promise<void> {
  const { familyId, hash } = made.code;
  await tx.query(insertFamily, [familyId, made.grantId, made.scope, made.refreshSeconds, made.sessionId, now]);
  await tx.query(insertCode, [familyId, hash, now, made.expires, made.redirectUri, made.challenge, made.nonce]);
}

/** True when this call ended it. */
export async function endFamily(db: Executor, now: Date, familyId: string, reason: string): Promise<boolean> {
  const rows = await db.query(revokeFamily, [familyId, now, reason]);
  return rows.length > 0;
}

export async function endAccess(db: Executor, now: Date, token: TokenText): Promise<void> {
  await db.query(endToken, [token.familyId, token.hash, now]);
}

export async function sweepTokens(db: Executor, before: Date): Promise<void> {
  await db.query(sweep, [before]);
}

const mintedValues = (minted: Minted): readonly unknown[] => [
  minted.access.hash,
  minted.accessExpires,
  minted.scope,
  minted.refresh.hash,
];

const standingOf = (row: RowOf<typeof STANDING>): Standing => ({
  ...subjectOfRow(row),
  patientId: row.patient_id as PatientId,
  scope: row.scope,
  denied: row.denied,
  refreshing: row.refreshing,
  nonce: row.nonce,
});

interface SubjectRow {
  readonly grant_id: string;
  readonly client_id: string;
  readonly account_id: string;
  readonly record_id: number;
}

const subjectOfRow = (row: SubjectRow): Subject => ({
  grantId: row.grant_id as GrantId,
  clientId: row.client_id as ClientId,
  accountId: row.account_id as AccountId,
  recordId: row.record_id as RecordId,
});

/** Just the subject of something that has one: what an audit event says of it. */
export const subjectOf = ({ grantId, clientId, accountId, recordId }: Subject): Subject => ({
  grantId,
  clientId,
  accountId,
  recordId,
});
