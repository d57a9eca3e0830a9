import { type Executor, statement } from '../database/index.ts';
import type { ClientId } from '../kernel/index.ts';
import {
  type AccessLogReader,
  hasMergedRecords,
  MAY_OPEN_RECORD,
  MERGED_RECORDS,
  READ_KINDS,
  SINGLE_RECORD,
  type VisibleFamilyIds,
} from './access-log-query.ts';

/** How often an app read a record in the latest period, and when last. */
export interface AppReads {
  readonly clientId: ClientId;
  /** Name of the app; undefined if it is no longer registered. */
  readonly app: string | undefined;
  readonly reads: number;
  readonly last: Date;
  /** Whether the reads are made up, for users of shared sandbox accounts. */
  readonly madeUp: boolean;
}

/** At most this many reads are counted, the latest ones. It bounds the query, however often apps read the record. */
export const MAX_COUNTED_READS = 5000;

const COLUMNS = { client_id: 'text', app: 'text?', reads: 'int8', last_at: 'timestamptz' } as const;
const READS = `e.kind = any(${READ_KINDS}) and e.outcome = 'success' and e.client_id is not null and e.at >= $3`;

const summaryStatement = (name: string, records: string) =>
  statement(
    `audit.reads.summary${name}`,
    COLUMNS,
    `select e.client_id, a.name as app, count(*) as reads, max(e.at) as last_at
   from (
     select e.client_id, e.at from recorded_event e
     where ${records} and ${MAY_OPEN_RECORD} and ${READS} and ($4::text[] is null or e.family_id = any($4))
     order by e.at desc limit ${MAX_COUNTED_READS}) e
   left join app a on a.client_id = e.client_id
   group by e.client_id, a.name order by last_at desc, e.client_id`,
  );
const ofSingleRecord = summaryStatement('', SINGLE_RECORD);
const ofMergedRecords = summaryStatement('-with-merged', MERGED_RECORDS);
const madeUpStatement = statement(
  'audit.made-up.summary',
  COLUMNS,
  `select e.client_id, e.app, count(*) as reads, max(e.at) as last_at
   from (
     select e.client_id, e.app, e.at from made_up_read e
     where e.record_id = $2 and ${MAY_OPEN_RECORD} and ${READS}
     order by e.at desc limit ${MAX_COUNTED_READS}) e
   group by e.client_id, e.app order by last_at desc, e.client_id`,
);

/**
 * Counts the successful reads of a record by app, the app with the latest read first.
 * @param since start of the period
 */
export async function summarizeAppReads(
  db: Executor,
  { accountId, recordId }: AccessLogReader,
  since: Date,
  visibleFamilies: VisibleFamilyIds | undefined,
): Promise<readonly AppReads[]> {
  const values = [accountId, recordId, since];
  const summary = (await hasMergedRecords(db, recordId)) ? ofMergedRecords : ofSingleRecord;
  const rows = await db.query(summary, [...values, visibleFamilies ?? null]);
  const madeUp = visibleFamilies === undefined ? [] : await db.query(madeUpStatement, values);
  const toReads =
    (isMadeUp: boolean) =>
    (row: (typeof rows)[number]): AppReads => ({
      clientId: row.client_id as ClientId,
      app: row.app ?? undefined,
      reads: row.reads,
      last: row.last_at,
      madeUp: isMadeUp,
    });
  return [...rows.map(toReads(false)), ...madeUp.map(toReads(true))].sort(
    (one, other) => other.last.getTime() - one.last.getTime(),
  );
}
