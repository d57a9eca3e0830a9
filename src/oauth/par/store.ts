import { type Executor, statement } from '../../database/index.ts';
import { type ClientId, later, seconds, sha256 } from '../../kernel/index.ts';
import type { Parameters } from '../parameters.ts';

/** RFC 9126 §2.2 */
export const REQUEST_URI = 'urn:ietf:params:oauth:request_uri:';
/**
 * A second press on Allow within this time still works in the same browser. In another browser the request counts as
 * used.
 */
const REPEATED_WITHIN = seconds(10);

const insert = statement(
  'oauth.par.insert',
  {},
  'insert into pushed_request (hash, client_id, parameters, expires_at) values ($1, $2, $3, $4)',
);
const find = statement(
  'oauth.par.find',
  { client_id: 'text', parameters: 'jsonb', expires_at: 'timestamptz', used_at: 'timestamptz?' },
  'select client_id, parameters, expires_at, used_at from pushed_request where hash = $1',
);
const use = statement(
  'oauth.par.use',
  { hash: 'bytea' },
  `update pushed_request set used_at = coalesce(used_at, $2), used_by = $4
   where hash = $1 and expires_at > $2 and (used_at is null or (used_at > $3 and used_by = $4)) returning hash`,
);
const sweep = statement('oauth.par.sweep', {}, 'delete from pushed_request where expires_at < $1');

export interface PushedRequest {
  readonly clientId: ClientId;
  readonly parameters: Parameters;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

export async function keepPushed(
  db: Executor,
  pushed: { requestUri: string; clientId: ClientId; parameters: Parameters; expires: Date },
): Promise<void> {
  const { requestUri, clientId, parameters, expires } = pushed;
  await db.query(insert, [sha256(requestUri), clientId, JSON.stringify(parameters), expires]);
}

export async function findPushed(db: Executor, requestUri: string): Promise<PushedRequest | undefined> {
  const [row] = await db.query(find, [sha256(requestUri)]);
  if (row === undefined) return undefined;
  return {
    clientId: row.client_id as ClientId,
    parameters: row.parameters as Parameters,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
  };
}

/**
 * Marks the request as used. Returns whether this decision may use it: a pushed request is valid once.
 * @param sessionId session of the browser in which the person decides
 */
export async function usePushed(tx: Executor, requestUri: string, now: Date, sessionId: string): Promise<boolean> {
  const rows = await tx.query(use, [sha256(requestUri), now, later(now, -REPEATED_WITHIN), sessionId]);
  return rows.length > 0;
}

/** Deletes pushed requests that have expired. */
export async function sweepPushed(db: Executor, now: Date): Promise<void> {
  await db.query(sweep, [now]);
}
