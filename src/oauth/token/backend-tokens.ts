import { insertAuditRow } from '../../audit/index.ts';
import { type Executor, isErrorOfRow, statement, toByteText } from '../../database/index.ts';
import { type ClientId, type Clock, groupCommit, type Random } from '../../kernel/index.ts';
import { insertOneTimeId } from '../clients/one-time-ids.ts';
import type { OpaqueToken } from './opaque-token.ts';

/** Each backend app has one grant, created by its first token request. */
const insertBackendGrantStatement = statement(
  'oauth.backend.grant',
  {},
  `insert into consent_grant (grant_id, client_id, subject, granted_at) values ($1, $2, 'backend', $3)
   on conflict (client_id) where subject = 'backend' do nothing`,
);

/**
 * Uses up the assertions of backend apps and writes a token for each. Without the app's grant, which its first token
 * request creates, nothing is written. The app may be cached as active for up to a second, so this statement checks its
 * state again. Otherwise a suspended app could get a token that becomes valid again when the app is reinstated.
 *
 * The ids of the assertions are inserted in their order, so that two processes that get the same ones never wait for
 * each other.
 */
const mintStatement = statement(
  'oauth.backend.mint',
  { has_grant: 'bool', is_first_use: 'bool', is_minted: 'bool' },
  `with request as materialized (
     select * from json_to_recordset($1) as request (number int4, client_id text, key bytea, key_expires timestamptz,
       family_id text, scope text, hash bytea, expires timestamptz, jkt text, event_id uuid, request_id text, detail jsonb)),
   backend as materialized (
     select request.*, g.grant_id from request
     join consent_grant g on g.client_id = request.client_id and g.subject = 'backend' order by key),
   used as (${insertOneTimeId({ key: 'backend.key', expires: 'backend.key_expires', now: '$2' }, 'backend')}),
   family as (
     insert into token_family (family_id, grant_id, scope, created_at)
     select backend.family_id, backend.grant_id, backend.scope, $2::timestamptz
     from used join backend using (key) join app a on a.client_id = backend.client_id
     where a.state in ('active', 'provisional') returning family_id),
   granted as materialized (select backend.* from family join backend using (family_id)),
   audited as (${insertAuditRow(
     {
       at: '$2::timestamptz',
       id: 'granted.event_id',
       kind: "'token'",
       outcome: "'success'",
       request_id: 'granted.request_id',
       record_id: 'null::int8',
       account_id: 'null::uuid',
       client_id: 'granted.client_id',
       grant_id: 'granted.grant_id',
       detail: 'granted.detail',
     },
     'granted',
   )}),
   minted as (
     insert into token (family_id, hash, kind, issued_at, expires_at, jkt)
     select family_id, hash, 'access', $2::timestamptz, expires, jkt from granted returning family_id)
   select exists (select from backend b where b.number = request.number) as has_grant,
     exists (select from used u where u.key = request.key) as is_first_use,
     exists (select from minted m where m.family_id = request.family_id) as is_minted
   from request order by request.number`,
);

/** A new token of a backend app, the assertion that it is for, and the ids of the audit event about it. */
export interface NewBackendToken {
  readonly token: OpaqueToken;
  readonly clientId: ClientId;
  readonly assertion: { readonly key: Buffer; readonly expires: Date };
  readonly scope: string;
  readonly expires: Date;
  readonly jkt: string | null;
  readonly event: { readonly id: string; readonly requestId: string };
}

/** `used`: the assertion was used before. `stopped`: the app has been stopped in the meantime. */
export type BackendTokenResult = 'minted' | 'used' | 'stopped';

/** Mints an access token: uses up the assertion, and writes the token and its audit row in the same statement. */
export type BackendTokenMinter = (newToken: NewBackendToken) => Promise<BackendTokenResult>;

/** Maximum number of tokens that one statement mints. */
const MAX_TOKENS = 50;

/** Creates the minter of this process. Tokens that are requested at the same time share a statement and its commit. */
export function createBackendTokenMinter({
  db,
  clock,
  random,
}: {
  readonly db: Executor;
  readonly clock: Clock;
  readonly random: Random;
}): BackendTokenMinter {
  const tryToMint = groupCommit<NewBackendToken, BackendTokenResult | 'without-grant'>({
    maxItems: MAX_TOKENS,
    commit: (tokens) => mintAll(db, clock.now(), tokens),
    isCausedByItem: isErrorOfRow,
    // PostgreSQL rejects a statement that inserts the same assertion twice. In the next group, it is found to be used.
    keyOf: ({ assertion }) => assertion.key.toString('latin1'),
  });
  return async (newToken) => {
    const result = await tryToMint(newToken);
    if (result !== 'without-grant') return result;
    await db.query(insertBackendGrantStatement, [random.uuid(), newToken.clientId, clock.now()]);
    const second = await tryToMint(newToken);
    return second === 'without-grant' ? 'stopped' : second;
  };
}

async function mintAll(
  db: Executor,
  now: Date,
  tokens: readonly NewBackendToken[],
): Promise<readonly (BackendTokenResult | 'without-grant')[]> {
  const rows = await db.query(mintStatement, [JSON.stringify(tokens.map(toRequestRow)), now]);
  return rows.map(({ has_grant, is_first_use, is_minted }) => {
    if (!has_grant) return 'without-grant';
    if (!is_first_use) return 'used';
    return is_minted ? 'minted' : 'stopped';
  });
}

const toRequestRow = (
  { token, clientId, assertion, scope, expires, jkt, event }: NewBackendToken,
  number: number,
): Readonly<Record<string, unknown>> => ({
  number,
  client_id: clientId,
  key: toByteText(assertion.key),
  key_expires: assertion.expires,
  family_id: token.familyId,
  scope,
  hash: toByteText(token.hash),
  expires,
  jkt,
  event_id: event.id,
  request_id: event.requestId,
  detail: { grant: 'client_credentials', scope },
});
