import type { Executor } from '../database/index.ts';

const made = new WeakMap<Executor, Set<string>>();

/**
 * Makes the partition of the month of `at` unless this process knows that it is there. Several processes may do so at
 * once: `if not exists`, and the loser of a race finds the winner's.
 */
export async function ensureMonth(db: Executor, at: Date): Promise<void> {
  const known = made.get(db) ?? new Set<string>();
  made.set(db, known);
  const month = at.toISOString().slice(0, 7);
  if (known.has(month)) return;
  const start = new Date(`${month}-01T00:00:00Z`);
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1));
  const text = `create table if not exists audit_event_${month.replace('-', '_')} partition of audit_event
    for values from ('${start.toISOString()}') to ('${end.toISOString()}')`;
  await db.queryText(text, []).catch(async (error: { code?: string }) => {
    if (!RACE_LOST.has(error.code ?? '')) throw error;
  });
  known.add(month);
}

/** unique_violation of the catalogue, duplicate_table: another process made the partition at the same moment. */
const RACE_LOST = new Set(['23505', '42P07']);
