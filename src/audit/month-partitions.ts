import { type Executor, statement } from '../database/index.ts';

/** Months (YYYY-MM) for which the audit table is known to have a partition. */
export type ExistingMonths = Set<string>;

/**
 * Creates the audit table's partition for the month of `at` on the audit log's own connection, unless the partition is
 * known to exist. Several processes may call this function at the same time. A process that loses a race uses the
 * partition of the other process.
 */
export async function ensureMonthPartition(db: Executor, existingMonths: ExistingMonths, at: Date): Promise<void> {
  const month = toMonth(at);
  if (existingMonths.has(month)) return;
  await createMonthPartition(db, month).catch((error: { code?: string }) => {
    if (!RACE_LOST.has(error.code ?? '')) throw error;
  });
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
  const month = toMonth(at);
  if (!existingMonths.has(month)) await createMonthPartition(tx, month);
}

/**
 * SQLSTATEs that mean that another process created the partition at the same moment: unique_violation (in the system
 * catalog) and duplicate_table.
 */
const RACE_LOST = new Set(['23505', '42P07']);

const toMonth = (at: Date): string => at.toISOString().slice(0, 7);

/** The function in the database runs with the rights of the role that owns the tables, and does nothing if there is one. */
const createPartition = statement('audit.create-partition', {}, 'select from create_audit_partition($1::date)');

async function createMonthPartition(db: Executor, month: string): Promise<void> {
  await db.query(createPartition, [`${month}-01`]);
}
