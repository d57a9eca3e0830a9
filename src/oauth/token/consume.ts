import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import { GOOD, JOINS, STANDING, STANDING_COLUMNS, type Standing, standingOf } from './good.ts';
import type { TokenText } from './token-text.ts';

const MINTED = {
  ...STANDING,
  nonce: 'text?',
  access_expires: 'timestamptz',
  refresh_expires: 'timestamptz?',
} as const;
const GOOD_FAMILY = `
  good as materialized (
    select ${STANDING_COLUMNS}, f.family_id, f.refresh_seconds
    from token_family f ${JOINS}
    where f.family_id = $2 and ${GOOD})`;
/** No token outlives its grant. */
const ACCESS_EXPIRES = 'least($6, good.ends)';
/** `least` passes over nulls, so that a family without refresh tokens would seem to have one until the grant ends. */
const REFRESH_EXPIRES = `case when good.refresh_seconds is not null
    then least($1 + make_interval(secs => good.refresh_seconds), good.ends) end`;
const STANDING_OF_GOOD = `good.grant_id, good.client_id, good.account_id, good.record_id, good.patient_id, good.practice_id,
  good.scope, good.denied, good.context, good.fhir_user, good.audience, good.auth_time, good.ends`;
const ACCESS = `access as (
    insert into token (family_id, hash, kind, issued_at, expires_at, scope, jkt)
    select good.family_id, $5, 'access', $1, ${ACCESS_EXPIRES}, $7, $8 from used join good using (family_id))`;
/**
 * Only the one caller whose update finds the row unused mints; with its successors it is one statement. The
 * token's key is given as parameters, not through `good`: joined, the planner may walk the whole index by hash.
 */
const MINT = `${ACCESS}, refresh as (
    insert into token (family_id, hash, kind, issued_at, expires_at, jkt)
    select good.family_id, $9, 'refresh', $1, ${REFRESH_EXPIRES}, used.bound
    from used join good using (family_id) where good.refresh_seconds is not null)
  select ${STANDING_OF_GOOD}, used.nonce, ${ACCESS_EXPIRES} as access_expires, ${REFRESH_EXPIRES} as refresh_expires
  from used join good using (family_id)`;

const exchangeCode = statement(
  'oauth.code.exchange',
  MINTED,
  `with ${GOOD_FAMILY}, used as (
    update token t set used_at = $1 from good
    where t.family_id = $2 and t.hash = $3 and t.kind = 'code' and t.used_at is null and t.expires_at > $1
      and good.client_id = $4 and t.redirect_uri = $10 and t.challenge is not distinct from $11
      and (t.jkt is null or t.jkt = $8)
    returning t.family_id, t.nonce, $12::text as bound), ${MINT}`,
);
const rotateRefresh = statement(
  'oauth.refresh.rotate',
  MINTED,
  `with ${GOOD_FAMILY}, used as (
    update token t set used_at = $1, successor = $10 from good
    where t.family_id = $2 and t.hash = $3 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and good.client_id = $4 and (t.jkt is null or t.jkt = $8)
    returning t.family_id, null::text as nonce, t.jkt as bound), ${MINT}`,
);
/** The successor is locked, so that one that is exchanged at this moment is found used. */
const repeatRefresh = statement(
  'oauth.refresh.repeat',
  MINTED,
  `with ${GOOD_FAMILY}, next as (
    select t.family_id, t.expires_at from token t
    where t.family_id = $2 and t.hash = $9 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and (t.jkt is null or t.jkt = $8)
    for update),
  used as (
    select next.family_id, next.expires_at from next join token o on o.family_id = $2 and o.hash = $3
    join good on good.client_id = $4
    where o.kind = 'refresh' and o.used_at >= $10), ${ACCESS}
  select ${STANDING_OF_GOOD}, null::text as nonce, ${ACCESS_EXPIRES} as access_expires, used.expires_at as refresh_expires
  from used join good using (family_id)`,
);

/** Texts of what is to be minted, and what is bound to which key. */
export interface ToMint {
  readonly access: TokenText;
  readonly accessExpires: Date;
  readonly refresh: TokenText;
  /** Narrower than the family's, when the client asked for less. */
  readonly scope: string | null;
  /** Thumbprint of the key that the client proved, when it did. */
  readonly jkt: string | null;
}

export interface Minted extends Standing {
  readonly nonce: string | null;
  readonly accessExpires: Date;
  /** undefined: this family has no refresh token. */
  readonly refreshExpires: Date | undefined;
}

export interface CodeExchange {
  readonly code: TokenText;
  readonly clientId: ClientId;
  readonly redirectUri: string;
  readonly challenge: string | null;
  /** RFC 9449 §5: the refresh tokens of a public client are bound to its key. */
  readonly bindRefresh: boolean;
}

/** Consumes the code and mints its tokens, as one statement. Undefined when the code is not good for this client. */
export async function consumeCode(
  db: Executor,
  now: Date,
  exchange: CodeExchange,
  mint: ToMint,
): Promise<Minted | undefined> {
  const { code, clientId, redirectUri, challenge, bindRefresh } = exchange;
  const bound = bindRefresh ? mint.jkt : null;
  const keys = [now, code.familyId, code.hash, clientId];
  const [row] = await db.query(exchangeCode, [...keys, ...valuesOf(mint), redirectUri, challenge, bound]);
  return mintedOf(row);
}

/** Consumes the refresh token and mints its successors, as one statement. */
export async function consumeRefresh(
  db: Executor,
  now: Date,
  exchange: { old: TokenText; clientId: ClientId; successor: Buffer },
  mint: ToMint,
): Promise<Minted | undefined> {
  const { old, clientId, successor } = exchange;
  const [row] = await db.query(rotateRefresh, [now, old.familyId, old.hash, clientId, ...valuesOf(mint), successor]);
  return mintedOf(row);
}

/**
 * Mints another access token beside the successor that was given out already, as long as that one is unused.
 * @param exchange.since the old token must not have been exchanged before this
 */
export async function repeatExchange(
  db: Executor,
  now: Date,
  exchange: { old: TokenText; clientId: ClientId; since: Date },
  mint: ToMint,
): Promise<Minted | undefined> {
  const { old, clientId, since } = exchange;
  const [row] = await db.query(repeatRefresh, [now, old.familyId, old.hash, clientId, ...valuesOf(mint), since]);
  return mintedOf(row);
}

const valuesOf = ({ access, accessExpires, scope, jkt, refresh }: ToMint): readonly unknown[] => [
  access.hash,
  accessExpires,
  scope,
  jkt,
  refresh.hash,
];

const mintedOf = (row: RowOf<typeof MINTED> | undefined): Minted | undefined =>
  row === undefined
    ? undefined
    : {
        ...standingOf(row),
        nonce: row.nonce,
        accessExpires: row.access_expires,
        refreshExpires: row.refresh_expires ?? undefined,
      };
