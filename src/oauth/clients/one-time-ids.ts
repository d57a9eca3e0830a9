import { deleteInBatches, type Executor, ROWS_PER_DELETE, statement } from '../../database/index.ts';
import { sha256 } from '../../kernel/index.ts';

/**
 * SQL that marks an id as used, for a statement that does something only once. It returns a row if the id was unused.
 * Among concurrent statements with the same id, one gets the row.
 * @param values SQL expressions: the key of the id (`oneTimeKey`), its expiry and the current time
 * @param from source of rows. Without a row the id stays unused
 */
export const insertOneTimeId = (values: { key: string; expires: string; now: string }, from: string): string =>
  `insert into seen_once (key, expires_at) select ${values.key}::bytea, ${values.expires}::timestamptz from ${from}
   on conflict (key) do update set expires_at = excluded.expires_at where seen_once.expires_at < ${values.now}
   returning key`;

const useStatement = statement(
  'oauth.seen.use',
  { key: 'bytea' },
  insertOneTimeId({ key: '$1', expires: '$2', now: '$3' }, '(select) as always'),
);
const sweepStatement = statement(
  'oauth.seen.sweep',
  { deleted: 'int4' },
  `with gone as (
     delete from seen_once where expires_at < $1 and key in (
       select key from seen_once where expires_at < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

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

/** The key under which a used id is stored. */
export const oneTimeKey = (parts: OneTimeId['parts']): Buffer => sha256(JSON.stringify(parts));

/**
 * Marks the id as used. Returns false when it was used before. This is a single statement, so only one of several
 * concurrent calls succeeds.
 */
export async function consumeOneTimeId(db: Executor, { parts, expires, now }: OneTimeId): Promise<boolean> {
  return (await db.query(useStatement, [oneTimeKey(parts), expires, now])).length === 1;
}

/** Deletes ids that have expired. The assertion or proof with such an id has expired too and is rejected anyway. */
export async function deleteExpiredOneTimeIds(db: Executor, now: Date): Promise<void> {
  await deleteInBatches(db, sweepStatement, [now]);
}
