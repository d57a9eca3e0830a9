import { type Executor, statement } from '../../database/index.ts';
import { MONTHS_SQL } from '../month-partitions.ts';
import { checkArchive } from './archive-files.ts';
import type { ChainState } from './verify-chain.ts';

const partitions = statement(
  'audit.months.list',
  { from_at: 'timestamptz', to_at: 'timestamptz' },
  `${MONTHS_SQL} order by 1`,
);
const drop = statement('audit.months.drop', { dropped: 'bool' }, 'select drop_audit_partition($1::date) as dropped');

/** SQLSTATE lock_not_available: the partition is in use. */
const LOCKED = '55P03';

/**
 * Drops the months of the audit log whose retention is over, the first one first. A month is dropped only if all of its
 * segments are in the archive, as they were sealed. The function of the database checks once more that they are recorded
 * as archived, and that the month is at least six years old by its own clock.
 * @returns the months that were dropped (YYYY-MM); `isPostponed` if one is in use
 */
export async function dropExpiredMonths(
  db: Executor,
  {
    chain,
    folder,
    now,
    years,
  }: {
    readonly chain: ChainState;
    readonly folder: string;
    readonly now: Date;
    readonly years: number;
  },
): Promise<{ readonly months: readonly string[]; readonly isPostponed: boolean }> {
  const expiry = new Date(now);
  expiry.setUTCFullYear(expiry.getUTCFullYear() - years);
  const months: string[] = [];
  for (const month of await db.query(partitions)) {
    const day = month.from_at.toISOString().slice(0, 10);
    if (month.to_at > expiry || !(await isMonthArchived(chain, folder, month))) break;
    try {
      await db.query(drop, [day]);
    } catch (error) {
      if ((error as { code?: unknown }).code === LOCKED) return { months, isPostponed: true };
      throw error;
    }
    months.push(day.slice(0, 7));
  }
  return { months, isPostponed: false };
}

async function isMonthArchived(
  { segments, problems }: ChainState,
  folder: string,
  { from_at, to_at }: { readonly from_at: Date; readonly to_at: Date },
): Promise<boolean> {
  const last = segments.at(-1);
  if (problems.length > 0 || last === undefined || new Date(last.to) < to_at) return false;
  for (const segment of segments) {
    if (new Date(segment.from) >= to_at || new Date(segment.to) <= from_at) continue;
    if ((await checkArchive(folder, segment)) !== undefined) return false;
  }
  return true;
}
