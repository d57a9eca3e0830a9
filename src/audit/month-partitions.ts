import type { Executor } from '../database/index.ts';

/** Months since the year 0 for which the audit table is known to have a partition. */
export type ExistingMonths = Set<number>;

/** SQL for the months that have a partition, the alias of which is `c`. It ends in its condition. */
export const MONTHS_SQL = `select m.first_day at time zone 'UTC' as from_at,
     (m.first_day + interval '1 month') at time zone 'UTC' as to_at
   from pg_inherits i join pg_class c on c.oid = i.inhrelid
     cross join lateral (
       select make_date(left(right(c.relname, 7), 4)::int, right(c.relname, 2)::int, 1)::timestamp as first_day) m
   where i.inhparent = 'audit_event'::regclass and c.relname ~ '^audit_event_[0-9]{4}_[0-9]{2}$'`;

/**
 * Creates the audit table's partition for the month of `at` on the audit log's own connection, unless the partition is
 * known to exist. Several processes may call this function at the same time.
 */
export async function ensureMonthPartition(db: Executor, existingMonths: ExistingMonths, at: Date): Promise<void> {
  const month = countMonths(at);
  if (existingMonths.has(month)) return;
  await createMonthPartition(db, at);
  existingMonths.add(month);
}

/**
 * Creates the audit table's partition for the month of `at` on the connection of the caller's transaction, because
 * transactions that wait for another connection could exhaust the pool. The transaction may roll back, so the partition
 * isn't recorded as existing. Partitions are normally created ahead of time; this function matters only if the server's
 * clock has jumped.
 */
export async function ensureMonthPartitionInTransaction(
  tx: Executor,
  existingMonths: ExistingMonths,
  at: Date,
): Promise<void> {
  if (!existingMonths.has(countMonths(at))) await createMonthPartition(tx, at);
}

/** Number of the advisory lock that is held while a partition is created. */
const PARTITION_LOCK = 727_279;

/** Returns a number, because each event needs it and a text takes longer to make. */
const countMonths = (at: Date): number => at.getUTCFullYear() * 12 + at.getUTCMonth();

/**
 * Creates a partition unless there is one. Processes that miss one at the same moment take turns. The lock isn't taken
 * if the partition exists, so a long transaction holds up no other process. Sent as one text, the statements are one
 * transaction, and the second one sees what others have committed while the first one waited.
 */
async function createMonthPartition(db: Executor, at: Date): Promise<void> {
  const month = at.toISOString().slice(0, 7);
  const name = `audit_event_${month.replace('-', '_')}`;
  // The function runs with the rights of the role that owns the tables.
  await db.queryText(
    `select pg_advisory_xact_lock(${PARTITION_LOCK}) where to_regclass('public.${name}') is null;
     select create_audit_partition('${month}-01') where not exists (
       select from pg_class where relnamespace = 'public'::regnamespace and relname = '${name}')`,
    [],
  );
}
