import { type Executor, statement } from '../../database/index.ts';
import { sha256 } from '../../kernel/index.ts';

const useStatement = statement(
  'oauth.seen.use',
  { key: 'bytea' },
  `insert into seen_once (key, expires_at) values ($1, $2)
   on conflict (key) do update set expires_at = excluded.expires_at where seen_once.expires_at < $3
   returning key`,
);
const sweepStatement = statement('oauth.seen.sweep', {}, 'delete from seen_once where expires_at < $1');

/**
 * An id that may be used once until it expires: `jti` of an assertion (RFC 7523 §3) or of a DPoP proof (RFC 9449
 * §11.1).
 */
export interface OneTimeId {
  /**
   * Values that together make the id unique: whether it belongs to an assertion or a DPoP proof, the client or key that
   * created it, and the `jti` itself.
   */
  readonly parts: readonly string[];
  readonly expires: Date;
  readonly now: Date;
}

/**
 * Marks the id as used. Returns false when it was used before. This is a single statement, so only one of several
 * concurrent calls succeeds.
 */
export async function consumeOneTimeId(db: Executor, { parts, expires, now }: OneTimeId): Promise<boolean> {
  return (await db.query(useStatement, [sha256(JSON.stringify(parts)), expires, now])).length === 1;
}

/** Deletes ids that have expired. The assertion or proof with such an id has expired too and is rejected anyway. */
export async function deleteExpiredOneTimeIds(db: Executor, now: Date): Promise<void> {
  await db.query(sweepStatement, [now]);
}
