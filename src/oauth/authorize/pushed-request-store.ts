import { deleteInBatches, type Executor, ROWS_PER_DELETE, statement } from '../../database/index.ts';
import { type ClientId, later, seconds, sha256 } from '../../kernel/index.ts';
import type { OAuthParameters } from '../parameters.ts';

/** Prefix of the `request_uri` that identifies a pushed authorization request. RFC 9126 §2.2 */
export const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:';
/**
 * For this long after a pushed request was used, pressing Allow again in the same browser still works. In another
 * browser the request immediately counts as used.
 */
const RETRY_WINDOW = seconds(10);

const insertStatement = statement(
  'oauth.par.insert',
  {},
  'insert into pushed_request (hash, client_id, parameters, expires_at) values ($1, $2, $3, $4)',
);
const findStatement = statement(
  'oauth.par.find',
  { client_id: 'text', parameters: 'jsonb', expires_at: 'timestamptz', used_at: 'timestamptz?' },
  'select client_id, parameters, expires_at, used_at from pushed_request where hash = $1',
);
const useStatement = statement(
  'oauth.par.use',
  { hash: 'bytea' },
  `update pushed_request set used_at = coalesce(used_at, $2), used_by = $4
   where hash = $1 and expires_at > $2 and (used_at is null or (used_at > $3 and used_by = $4)) returning hash`,
);
const sweepStatement = statement(
  'oauth.par.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from pushed_request where expires_at < $1 and hash in (
       select hash from pushed_request where expires_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

export interface PushedRequest {
  readonly clientId: ClientId;
  readonly parameters: OAuthParameters;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

export async function storePushedRequest(
  db: Executor,
  pushed: { requestUri: string; clientId: ClientId; parameters: OAuthParameters; expires: Date },
): Promise<void> {
  const { requestUri, clientId, parameters, expires } = pushed;
  await db.query(insertStatement, [sha256(requestUri), clientId, JSON.stringify(parameters), expires]);
}

export async function findPushedRequest(db: Executor, requestUri: string): Promise<PushedRequest | undefined> {
  const [row] = await db.query(findStatement, [sha256(requestUri)]);
  if (row === undefined) return undefined;
  return {
    clientId: row.client_id as ClientId,
    parameters: row.parameters as OAuthParameters,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}

/**
 * Marks the pushed request as used. Returns false if it has expired or was used before, because it is valid once. A
 * retry in the same session within `RETRY_WINDOW` succeeds.
 * @param sessionId session of the browser in which the person decides
 */
export async function consumePushedRequest(
  tx: Executor,
  requestUri: string,
  now: Date,
  sessionId: string,
): Promise<boolean> {
  const rows = await tx.query(useStatement, [sha256(requestUri), now, later(now, -RETRY_WINDOW), sessionId]);
  return rows.length > 0;
}

/** Deletes pushed requests that have expired. */
export async function deleteExpiredPushedRequests(db: Executor, now: Date): Promise<void> {
  await deleteInBatches(db, sweepStatement, [now]);
}
