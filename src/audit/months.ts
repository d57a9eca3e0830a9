import type { Executor } from '../database/index.ts';

/** Which months have a partition, as far as this process knows. */
export type KnownMonths = Set<string>;

/**
 * Makes the partition of the month of `at` unless it is known to be there. Several processes may do so at once: `if not
 * exists`, and the loser of a race finds the winner's.
 */
export async function ensureMonth(db: Executor, known: KnownMonths, at: Date): Promise<void> {
  const month = monthOf(at);
  if (known.has(month)) return;
  await makeMonth(db, month).catch((error: { code?: string }) => {
    if (!RACE_LOST.has(error.code ?? '')) throw error;
  });
  known.add(month);
}

/**
 * The same inside a transaction, on its own connection: waiting for another one there could exhaust the pool. It may be
 * rolled back, so nothing is known afterwards. Months are made ahead, so this is for a server whose clock has jumped.
 */
export async function ensureMonthWithin(tx: Executor, known: KnownMonths, at: Date): Promise<void> {
  const month = monthOf(at);
  if (!known.has(month)) await makeMonth(tx, month);
}

/** unique_violation of the catalogue, duplicate_table: another process made the partition at the same moment. */
const RACE_LOST = new Set(['23505', '42P07']);

const monthOf = (at: Date): string => at.toISOString().slice(0, 7);

async function makeMonth(db: Executor, month: string): Promise<void> {
  const start = new Date(`${month}-01T00:00:00Z`);
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
  const text = `create table if not exists audit_event_${month.replace('-', '_')} partition of audit_event
    for values from ('${start.toISOString()}') to ('${end.toISOString()}')`;
  await db.queryText(text, []);
}
