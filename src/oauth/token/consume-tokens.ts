import { insertAuditRow } from '../../audit/index.ts';
import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import {
  ACTIVE_TOKEN_JOINS,
  IS_ACTIVE_TOKEN,
  TOKEN_CONTEXT_COLUMNS,
  TOKEN_CONTEXT_TYPES,
  type TokenContext,
  toTokenContext,
} from './active-token.ts';
import type { OpaqueToken } from './opaque-token.ts';

const MINTED_COLUMNS = {
  ...TOKEN_CONTEXT_TYPES,
  nonce: 'text?',
  access_expires: 'timestamptz',
  refresh_expires: 'timestamptz?',
} as const;
const ACTIVE_FAMILY = `
  active as materialized (
    select ${TOKEN_CONTEXT_COLUMNS}, f.family_id, f.refresh_seconds
    from token_family f ${ACTIVE_TOKEN_JOINS}
    where f.family_id = $2 and ${IS_ACTIVE_TOKEN})`;
const contextColumns = (of: 'active' | 'used'): string =>
  Object.keys(TOKEN_CONTEXT_TYPES)
    .map((column) => `${of}.${column}`)
    .join(', ');
/**
 * SQL for the columns of `active` that the subquery `used` returns too. All other parts of a statement then read the one
 * row of `used`, and PostgreSQL needn't prepare a join in each of them.
 */
const ACTIVE_COLUMNS = `${contextColumns('active')}, active.family_id, active.refresh_seconds`;
/** SQL expression for the expiry of the access token. A token never outlives its grant. */
const ACCESS_EXPIRES = 'least($6, used.ends)';
/**
 * SQL expression for the expiry of the refresh token, null if the token family has none. The `case` is needed because
 * `least` ignores nulls and would return the end of the grant.
 */
const REFRESH_EXPIRES = `case when used.refresh_seconds is not null
    then least($1 + make_interval(secs => used.refresh_seconds), used.ends) end`;
/**
 * SQL for the time of the exchange: the time that the caller passed as `$1`, plus the time for which the statement has
 * waited for locks.
 */
const EXCHANGE_TIME = 'moment as materialized (select $1::timestamptz + (clock_timestamp() - now()) as at)';
/**
 * SQL that writes the audit row in the statement that writes the token, so neither exists without the other.
 * @param from SQL for the row of `used`, and for the access token if there may be none
 */
const insertAuditRowFrom = (from: string): string =>
  `audited as (${insertAuditRow(
    {
      at: 'moment.at',
      id: '$10',
      kind: "'token'",
      outcome: "'success'",
      request_id: '$11',
      record_id: 'used.record_id',
      account_id: 'used.account_id',
      client_id: 'used.client_id',
      grant_id: 'used.grant_id',
      detail: '$12::jsonb',
    },
    `${from}, moment`,
  )})`;
/**
 * SQL that writes the new tokens in the statement that marks the old one as used. Among concurrent callers, only
 * the one whose update finds the row unused gets tokens. Family id and hash of the old token are passed as parameters.
 * If they were joined through the subquery `active`, the planner might scan the whole index by hash. One insert writes
 * both tokens, because PostgreSQL prepares constraints and indexes for each insert. A token family without refresh tokens
 * gets no row for one, because it would have no expiry.
 */
const MINT_TOKENS = `minted as (
    insert into token (family_id, hash, kind, issued_at, expires_at, scope, jkt)
    select used.family_id, new.hash, new.kind, moment.at, new.expires_at, new.scope, new.jkt
    from used, moment, lateral (values
      ($5::bytea, 'access', ${ACCESS_EXPIRES}, $7::text, $8::text),
      ($9::bytea, 'refresh', ${REFRESH_EXPIRES}, null, used.bound)) as new (hash, kind, expires_at, scope, jkt)
    where new.expires_at is not null), ${insertAuditRowFrom('used')}
  select ${contextColumns('used')}, used.nonce, ${ACCESS_EXPIRES} as access_expires, ${REFRESH_EXPIRES} as refresh_expires
  from used`;

const exchangeCodeStatement = statement(
  'oauth.code.exchange',
  MINTED_COLUMNS,
  `with ${EXCHANGE_TIME}, ${ACTIVE_FAMILY}, used as (
    update token t set used_at = moment.at from active, moment
    where t.family_id = $2 and t.hash = $3 and t.kind = 'code' and t.used_at is null and t.expires_at > $1
      and active.client_id = $4 and t.redirect_uri = $13 and t.challenge is not distinct from $14
      and (t.jkt is null or t.jkt = $8)
    returning t.nonce, $15::text as bound, ${ACTIVE_COLUMNS}), ${MINT_TOKENS}`,
);
const rotateRefreshStatement = statement(
  'oauth.refresh.rotate',
  MINTED_COLUMNS,
  `with ${EXCHANGE_TIME}, ${ACTIVE_FAMILY}, used as (
    update token t set used_at = moment.at, successor = $13,
      expires_at = least(t.expires_at, moment.at + interval '${LIFETIMES.usedRefresh} seconds') from active, moment
    where t.family_id = $2 and t.hash = $3 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and active.client_id = $4 and (t.jkt is null or t.jkt = $8)
    returning null::text as nonce, t.jkt as bound, ${ACTIVE_COLUMNS}), ${MINT_TOKENS}`,
);
/** Maximum number of access tokens for one refresh: the first one, and one for each repeated request. */
const MAX_ACCESS_TOKENS = 5;
/** SQL condition: the old refresh token `o` was exchanged for `t`, and `t` has not been used. */
const IS_REPEATABLE = `o.family_id = $2 and o.hash = $3 and o.kind = 'refresh' and o.used_at is not null and active.client_id = $4
      and t.family_id = $2 and t.hash = $9 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and (t.jkt is null or t.jkt = $8)`;
const RETURN_REPEATED = `${insertAuditRowFrom('used, access')}
  select ${contextColumns('used')}, null::text as nonce, access.expires_at as access_expires, used.expires_at as refresh_expires
  from used, access`;
/**
 * Answers a repeated refresh request with another access token. The update locks the row of the new refresh token. If
 * another request is exchanging the new refresh token at this moment, the update waits, finds the token used, and
 * changes nothing.
 */
const repeatRefreshStatement = statement(
  'oauth.refresh.repeat',
  MINTED_COLUMNS,
  `with ${EXCHANGE_TIME}, ${ACTIVE_FAMILY}, used as (
    update token t set repeats = t.repeats + 1 from token o, active
    where ${IS_REPEATABLE} and t.repeats < ${MAX_ACCESS_TOKENS - 1}
    returning t.expires_at, ${ACTIVE_COLUMNS}),
  access as (
    insert into token (family_id, hash, kind, issued_at, expires_at, scope, jkt)
    select used.family_id, $5, 'access', moment.at, ${ACCESS_EXPIRES}, $7, $8 from used, moment
    returning expires_at), ${RETURN_REPEATED}`,
);
/**
 * Answers a repeated refresh request with the access token of the first response, whose hash is `$5`. It must have the
 * same scope and key as the request.
 */
const resendAccessStatement = statement(
  'oauth.refresh.resend',
  MINTED_COLUMNS,
  `with ${EXCHANGE_TIME}, ${ACTIVE_FAMILY}, used as (
    select t.expires_at, ${ACTIVE_COLUMNS} from token t, token o, active where ${IS_REPEATABLE} for update of t),
  access as (
    select least(a.expires_at, $6) as expires_at from token a
    where a.family_id = $2 and a.hash = $5 and a.kind = 'access' and a.used_at is null and a.expires_at > $1
      and a.scope is not distinct from $7 and a.jkt is not distinct from $8), ${RETURN_REPEATED}`,
);
/** New tokens, and the key that they are bound to. */
export interface TokensToMint {
  readonly access: OpaqueToken;
  readonly accessExpires: Date;
  readonly refresh: OpaqueToken;
  /** Scope of the new access token. Null unless the client requested less than the scope of the token family. */
  readonly scope: string | null;
  /** Thumbprint of the key that the client proved with DPoP. Null if it proved none. */
  readonly jkt: string | null;
  /** Event id and request id of the audit event. */
  readonly event: { readonly id: string; readonly requestId: string };
}

export interface MintedTokens extends TokenContext {
  readonly nonce: string | null;
  readonly accessExpires: Date;
  /** Expiry of the refresh token. Undefined if the token family has none. */
  readonly refreshExpires: Date | undefined;
}

export interface CodeExchange {
  readonly code: OpaqueToken;
  readonly clientId: ClientId;
  readonly redirectUri: string;
  readonly challenge: string | null;
  /** Whether refresh tokens are bound to the client's DPoP key. RFC 9449 §5 requires this for public clients. */
  readonly bindRefresh: boolean;
}

/**
 * Consumes the authorization code, mints the tokens and writes the audit row in one statement. Returns undefined if the
 * code isn't valid for this client, redirect URI, PKCE challenge and DPoP key.
 */
export async function consumeCode(
  db: Executor,
  now: Date,
  exchange: CodeExchange,
  mint: TokensToMint,
): Promise<MintedTokens | undefined> {
  const { code, clientId, redirectUri, challenge, bindRefresh } = exchange;
  const bound = bindRefresh ? mint.jkt : null;
  const keys = [now, code.familyId, code.hash, clientId];
  const values = [...keys, ...mintValues(mint, { grant: 'code' }), redirectUri, challenge, bound];
  return toMintedTokens(await db.query(exchangeCodeStatement, values));
}

/**
 * Consumes the refresh token, mints the tokens that replace it and writes the audit row in one statement. Returns
 * undefined if the refresh token isn't valid for this client and DPoP key.
 */
export async function consumeRefresh(
  db: Executor,
  now: Date,
  exchange: { old: OpaqueToken; clientId: ClientId; successor: Buffer },
  mint: TokensToMint,
): Promise<MintedTokens | undefined> {
  const { old, clientId, successor } = exchange;
  const keys = [now, old.familyId, old.hash, clientId];
  return toMintedTokens(
    await db.query(rotateRefreshStatement, [...keys, ...mintValues(mint, { grant: 'refresh' }), successor]),
  );
}

/** A refresh that has succeeded before, and whose response the client requests again. */
interface RepeatedRefresh {
  readonly old: OpaqueToken;
  readonly clientId: ClientId;
}

/**
 * Mints another access token for a repeated refresh request. The client keeps the refresh token of the first response.
 * Returns undefined if that refresh token was used, or if the request was repeated too often.
 */
export const repeatRefresh = (
  db: Executor,
  now: Date,
  repeat: RepeatedRefresh,
  mint: TokensToMint,
): Promise<MintedTokens | undefined> => runRepeat(db, now, repeatRefreshStatement, { ...repeat, mint });

/**
 * Returns the access token of the first response (`mint.access`) again. Returns undefined if that token is no longer
 * valid, or has another scope or key than requested.
 */
export const resendAccessToken = (
  db: Executor,
  now: Date,
  repeat: RepeatedRefresh,
  mint: TokensToMint,
): Promise<MintedTokens | undefined> => runRepeat(db, now, resendAccessStatement, { ...repeat, mint });

async function runRepeat(
  db: Executor,
  now: Date,
  query: typeof repeatRefreshStatement,
  { old, clientId, mint }: RepeatedRefresh & { readonly mint: TokensToMint },
): Promise<MintedTokens | undefined> {
  const keys = [now, old.familyId, old.hash, clientId];
  return toMintedTokens(await db.query(query, [...keys, ...mintValues(mint, { grant: 'refresh', repeated: true })]));
}

const mintValues = (
  { access, accessExpires, scope, jkt, refresh, event }: TokensToMint,
  detail: Readonly<Record<string, unknown>>,
): readonly unknown[] => [
  access.hash,
  accessExpires,
  scope,
  jkt,
  refresh.hash,
  event.id,
  event.requestId,
  JSON.stringify(detail),
];

const toMintedTokens = ([row]: readonly RowOf<typeof MINTED_COLUMNS>[]): MintedTokens | undefined =>
  row === undefined
    ? undefined
    : {
        ...toTokenContext(row),
        nonce: row.nonce,
        accessExpires: row.access_expires,
        refreshExpires: row.refresh_expires ?? undefined,
      };
