import { insertAuditRow } from '../../audit/index.ts';
import { type Executor, type RowOf, statement, toByteText } from '../../database/index.ts';
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
/** SQL expressions for the new tokens and their audit event. */
interface MintExpressions {
  /** Hash of the access token, its requested expiry, and its scope if that isn't the one of the token family. */
  readonly access: string;
  readonly accessExpires: string;
  readonly scope: string;
  /** Thumbprint of the key of the access token. */
  readonly jkt: string;
  /** Hash of the refresh token. */
  readonly refresh: string;
  readonly eventId: string;
  readonly requestId: string;
  readonly detail: string;
}
/** The parameters that `mintValues` returns, if four others come before them. */
const PARAMETERS: MintExpressions = {
  access: '$5::bytea',
  accessExpires: '$6',
  scope: '$7::text',
  jkt: '$8::text',
  refresh: '$9::bytea',
  eventId: '$10',
  requestId: '$11',
  detail: '$12::jsonb',
};
/** Detail of the audit event of a refresh. */
const REFRESH = { grant: 'refresh' } as const;
/** The columns of a statement that exchanges several refresh tokens. */
const REQUESTED: MintExpressions = {
  access: 'used.access_hash',
  accessExpires: 'used.access_until',
  scope: 'used.access_scope',
  jkt: 'used.access_jkt',
  refresh: 'used.refresh_hash',
  eventId: 'used.event_id',
  requestId: 'used.request_id',
  detail: `'${JSON.stringify(REFRESH)}'::jsonb`,
};
/** SQL expression for the expiry of the access token. A token never outlives its grant. */
const endWithGrant = (expires: string): string => `least(${expires}, used.ends)`;
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
const insertAuditRowFrom = (from: string, { eventId, requestId, detail }: MintExpressions): string =>
  `audited as (${insertAuditRow(
    {
      at: 'moment.at',
      id: eventId,
      kind: "'token'",
      outcome: "'success'",
      request_id: requestId,
      record_id: 'used.record_id',
      account_id: 'used.account_id',
      client_id: 'used.client_id',
      grant_id: 'used.grant_id',
      detail,
    },
    `${from}, moment`,
  )})`;
/**
 * SQL that writes the new tokens in the statement that marks the old one as used. Among concurrent callers, only
 * the one whose update finds the row unused gets tokens. A statement for one token gets its family id and hash as
 * parameters. If they were joined through the subquery `active`, the planner might scan the whole index by hash. One
 * insert writes both tokens, because PostgreSQL prepares the indexes for each insert. A token family without
 * refresh tokens gets no row for one, because it would have no expiry.
 */
const mintTokens = (tokens: MintExpressions): string => `minted as (
    insert into token (family_id, hash, kind, issued_at, expires_at, scope, jkt)
    select used.family_id, new.hash, new.kind, moment.at, new.expires_at, new.scope, new.jkt
    from used, moment, lateral (values
      (${tokens.access}, 'access', ${endWithGrant(tokens.accessExpires)}, ${tokens.scope}, ${tokens.jkt}),
      (${tokens.refresh}, 'refresh', ${REFRESH_EXPIRES}, null, used.bound)) as new (hash, kind, expires_at, scope, jkt)
    where new.expires_at is not null), ${insertAuditRowFrom('used', tokens)}`;
const returnMinted = ({ accessExpires }: MintExpressions): string =>
  `${contextColumns('used')}, used.nonce, ${endWithGrant(accessExpires)} as access_expires, ${REFRESH_EXPIRES} as refresh_expires`;
const MINT_TOKENS = `${mintTokens(PARAMETERS)} select ${returnMinted(PARAMETERS)} from used`;

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
/** SQL expression for the time at which a used refresh token is forgotten. */
const USED_EXPIRES = `least(t.expires_at, moment.at + interval '${LIFETIMES.usedRefresh} seconds')`;
const rotateRefreshStatement = statement(
  'oauth.refresh.rotate',
  MINTED_COLUMNS,
  `with ${EXCHANGE_TIME}, ${ACTIVE_FAMILY}, used as (
    update token t set used_at = moment.at, successor = $13, expires_at = ${USED_EXPIRES} from active, moment
    where t.family_id = $2 and t.hash = $3 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and active.client_id = $4 and (t.jkt is null or t.jkt = $8)
    returning null::text as nonce, t.jkt as bound, ${ACTIVE_COLUMNS}), ${MINT_TOKENS}`,
);
/** Maximum number of refresh tokens that one statement exchanges. */
export const MAX_REFRESHES = 25;
/**
 * Exchanges several refresh tokens. It leaves out a token whose row another transaction has locked, so it waits for no
 * row. The limits tell the planner that there are few rows. Without them, it might read a whole table for a join.
 */
const rotateRefreshesStatement = statement(
  'oauth.refresh.rotate-several',
  { number: 'int4', ...MINTED_COLUMNS },
  `with ${EXCHANGE_TIME}, request as materialized (
    select * from json_to_recordset($2) as request (number int4, family_id text, old_hash bytea, requested_by text,
      successor bytea, access_hash bytea, access_until timestamptz, access_scope text, access_jkt text,
      refresh_hash bytea, event_id uuid, request_id text) limit ${MAX_REFRESHES}),
  locked as materialized (
    select request.*, t.jkt as bound
    from request join token t on t.family_id = request.family_id and t.hash = request.old_hash
    where t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and (t.jkt is null or t.jkt = request.access_jkt)
    for update of t skip locked),
  active as materialized (
    select locked.*, null::text as nonce, context.* from locked cross join lateral (
      select ${TOKEN_CONTEXT_COLUMNS}, f.refresh_seconds
      from token_family f ${ACTIVE_TOKEN_JOINS}
      where f.family_id = locked.family_id and g.client_id = locked.requested_by and ${IS_ACTIVE_TOKEN} limit 1) context),
  used as (
    update token t set used_at = moment.at, successor = active.successor, expires_at = ${USED_EXPIRES}
    from active, moment where t.family_id = active.family_id and t.hash = active.old_hash
    returning active.*), ${mintTokens(REQUESTED)}
  select used.number, ${returnMinted(REQUESTED)} from used`,
);
/** Maximum number of access tokens for one refresh: the first one, and one for each repeated request. */
const MAX_ACCESS_TOKENS = 5;
/** SQL condition: the old refresh token `o` was exchanged for `t`, and `t` has not been used. */
const IS_REPEATABLE = `o.family_id = $2 and o.hash = $3 and o.kind = 'refresh' and o.used_at is not null and active.client_id = $4
      and t.family_id = $2 and t.hash = $9 and t.kind = 'refresh' and t.used_at is null and t.expires_at > $1
      and (t.jkt is null or t.jkt = $8)`;
const RETURN_REPEATED = `${insertAuditRowFrom('used, access', PARAMETERS)}
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
    select used.family_id, $5, 'access', moment.at, ${endWithGrant('$6')}, $7, $8 from used, moment
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
  const [row] = await db.query(exchangeCodeStatement, values);
  return toMintedTokens(row);
}

/** A refresh token to exchange, and the tokens that replace it. */
export interface RefreshExchange {
  readonly old: OpaqueToken;
  readonly clientId: ClientId;
  /** The new tokens, encrypted with a key that is derived from the old one. */
  readonly successor: Buffer;
  readonly mint: TokensToMint;
}

/**
 * Consumes the refresh token, mints the tokens that replace it and writes the audit row in one statement. Returns
 * undefined if the refresh token isn't valid for this client and DPoP key.
 */
export async function consumeRefresh(
  db: Executor,
  now: Date,
  { old, clientId, successor, mint }: RefreshExchange,
): Promise<MintedTokens | undefined> {
  const keys = [now, old.familyId, old.hash, clientId];
  const [row] = await db.query(rotateRefreshStatement, [...keys, ...mintValues(mint, REFRESH), successor]);
  return toMintedTokens(row);
}

/**
 * Consumes at most `MAX_REFRESHES` different refresh tokens in one statement, each like `consumeRefresh`. Returns the
 * results in the order of the exchanges: undefined if a refresh token isn't valid, or if another transaction has locked
 * it.
 */
export async function consumeRefreshes(
  db: Executor,
  now: Date,
  exchanges: readonly RefreshExchange[],
): Promise<readonly (MintedTokens | undefined)[]> {
  const rows = await db.query(rotateRefreshesStatement, [now, JSON.stringify(exchanges.map(toRequestRow))]);
  const results: (MintedTokens | undefined)[] = exchanges.map(() => undefined);
  for (const row of rows) results[row.number] = toMintedTokens(row);
  return results;
}

const toRequestRow = (
  { old, clientId, successor, mint }: RefreshExchange,
  number: number,
): Readonly<Record<string, unknown>> => ({
  number,
  family_id: old.familyId,
  old_hash: toByteText(old.hash),
  requested_by: clientId,
  successor: toByteText(successor),
  access_hash: toByteText(mint.access.hash),
  access_until: mint.accessExpires,
  access_scope: mint.scope,
  access_jkt: mint.jkt,
  refresh_hash: toByteText(mint.refresh.hash),
  event_id: mint.event.id,
  request_id: mint.event.requestId,
});

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
  const [row] = await db.query(query, [...keys, ...mintValues(mint, { ...REFRESH, repeated: true })]);
  return toMintedTokens(row);
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

const toMintedTokens = (row: RowOf<typeof MINTED_COLUMNS> | undefined): MintedTokens | undefined =>
  row === undefined
    ? undefined
    : {
        ...toTokenContext(row),
        nonce: row.nonce,
        accessExpires: row.access_expires,
        refreshExpires: row.refresh_expires ?? undefined,
      };
