import { type Database, type Executor, statement } from '../database/index.ts';
import { MONTHS_SQL } from './month-partitions.ts';

/** A month of the audit log (UTC). An event at the end isn't included. */
export interface Month {
  readonly from: Date;
  readonly to: Date;
}

const unindexed = statement(
  'audit.search-indexes.missing',
  { from_at: 'timestamptz', to_at: 'timestamptz' },
  `${MONTHS_SQL}
     and not exists (
       select from pg_class x where x.relnamespace = c.relnamespace and x.relname = c.relname || '_account')
   order by 1 desc`,
);
/** Tells whether an index is one of these. Its table is a month of the audit log, or has the events of imported practices. */
export const isAuditSearchIndex = (name: string): boolean =>
  /^(audit_event_\d{4}_\d{2}|imported_audit_event)_(account|failure|kind)$/.test(name);

const createIndexes = statement(
  'audit.search-indexes.create',
  { created: 'bool' },
  'select index_audit_partition($1::date) as created',
);

/** SQLSTATE lock_not_available: the partition is in use. */
const LOCKED = '55P03';

/**
 * Lists the months that have no indexes for searches by account, by kind and for failures, the newest first. These are
 * months that had many events when the database got the indexes.
 */
export const listUnindexedMonths = async (db: Executor): Promise<readonly Month[]> =>
  (await db.query(unindexed)).map(({ from_at, to_at }) => ({ from: from_at, to: to_at }));

/**
 * Creates these indexes for one month after the other. A month is indexed when it is over, because no event can be added
 * to it meanwhile. The time of a statement isn't limited: a month of a large installation takes minutes.
 * @returns false if the server stops, or a month is in use
 */
export async function indexEndedMonths(
  db: Database,
  { now, isStopping }: { readonly now: Date; readonly isStopping: () => boolean },
): Promise<boolean> {
  for (const { from, to } of await listUnindexedMonths(db)) {
    if (to.getTime() + SETTLED > now.getTime()) continue;
    if (isStopping()) return false;
    try {
      await db.transaction(async (tx) => {
        await tx.queryText('set local statement_timeout = 0', []);
        await tx.query(createIndexes, [from.toISOString().slice(0, 10)]);
      });
    } catch (error) {
      if ((error as { code?: unknown }).code === LOCKED) return false;
      throw error;
    }
  }
  return true;
}

/** Milliseconds after which no server adds an event to a month that is over. */
const SETTLED = 2 * 3600 * 1000;
