import { deleteInBatches, type Executor, ROWS_PER_DELETE, statement } from '../database/index.ts';
import { type Clock, later, sha256 } from '../kernel/index.ts';
import { type ExceededLimit, type RateLimit, toExceeded } from './limit.ts';

/** A rate limit whose uses are counted in the database, for all processes together. */
export interface SharedRateLimit extends RateLimit {
  /** Name of the limit. It is part of each stored key, so that two limits never share a count. */
  readonly name: string;
  /** Separates the limit's name and the key before they are hashed. The default is a NUL character. */
  readonly separator?: string;
}

/** One use of a rate limit. The key identifies the network, account or address that uses it. */
export interface LimitedUse {
  readonly limit: SharedRateLimit;
  readonly key: string;
}

interface CountDeps {
  readonly db: Executor;
  readonly clock: Clock;
}

const increment = statement(
  'rate-limit.count',
  { key: 'bytea', failures: 'int4', window_ends: 'timestamptz' },
  `insert into throttle (key, failures, window_ends)
   select u.key, 1, u.window_ends from unnest($1::bytea[], $2::timestamptz[]) as u (key, window_ends)
   on conflict (key) do update set
     failures = case when throttle.window_ends > $3 then throttle.failures + 1 else 1 end,
     window_ends = case when throttle.window_ends > $3 then throttle.window_ends else excluded.window_ends end
   returning key, failures, window_ends`,
);
const decrement = statement(
  'rate-limit.uncount',
  {},
  'update throttle set failures = failures - 1 where key = $1 and failures > 0',
);
const remove = statement('rate-limit.reset', {}, 'delete from throttle where key = $1');
const purge = statement(
  'rate-limit.purge',
  { deleted: 'int4' },
  `with gone as (
     delete from throttle where window_ends < $1 and key in (
       select key from throttle where window_ends < $1 limit ${ROWS_PER_DELETE})
     returning 1)
   select count(*)::int4 as deleted from gone`,
);

/**
 * Counts one use of a key. Call it before the limited work, so that concurrent uses can't slip past the limit. If only
 * failures should count, call `uncountUse` after the work has succeeded.
 * @returns undefined if the use is allowed
 */
export const countUse = (deps: CountDeps, limit: SharedRateLimit, key: string): Promise<ExceededLimit | undefined> =>
  countUses(deps, [{ limit, key }]);

/**
 * Counts one use against several limits in one statement. Always pass the limits in the same order, so that concurrent
 * calls can't deadlock.
 * @returns undefined if all limits allow the use; otherwise the exceeded limit with the longest wait
 */
export async function countUses(
  { db, clock }: CountDeps,
  uses: readonly LimitedUse[],
): Promise<ExceededLimit | undefined> {
  const now = clock.now();
  const keys = uses.map(toStoredKey);
  const ends = uses.map(({ limit }) => later(now, limit.window));
  const rows = await db.query(increment, [keys, ends, now]);
  const exceeded = rows
    .filter((row) => uses.some(({ limit }, at) => keys[at]?.equals(row.key) && row.failures > limit.max))
    .map((row) => toExceeded(row.window_ends, now));
  return exceeded.sort((a, b) => b.retryAfter - a.retryAfter)[0];
}

/** Un-counts one use that `countUse` counted. */
export async function uncountUse(db: Executor, limit: SharedRateLimit, key: string): Promise<void> {
  await db.query(decrement, [toStoredKey({ limit, key })]);
}

/** Deletes the count of a key, so that all uses of the window are available again. */
export async function resetUses(db: Executor, limit: SharedRateLimit, key: string): Promise<void> {
  await db.query(remove, [toStoredKey({ limit, key })]);
}

/** Deletes counts of windows that ended before `now`. */
export async function purgeExpiredUses(db: Executor, now: Date): Promise<void> {
  await deleteInBatches(db, purge, [now]);
}

const toStoredKey = ({ limit: { name, separator = '\u0000' }, key }: LimitedUse): Buffer =>
  sha256(`${name}${separator}${key}`);
