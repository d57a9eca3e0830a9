import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { RecordId } from '../kernel/index.ts';
import { recordEventsSql } from './disclosed-records.ts';

/** An app or a person that read a record. */
export interface RecordReaderSummary {
  /** Client id of the app; undefined if the record was read in this server's own pages. */
  readonly clientId: string | undefined;
  readonly app: string | undefined;
  /** Username of the person who read the record; undefined for a backend app. */
  readonly person: string | undefined;
  readonly reads: number;
  /** Number of the reads that requested one of the types in `RecordReadersQuery.types`. */
  readonly ofTypes: number;
  readonly first: Date;
  readonly last: Date;
}

/**
 * A patient record, and a period in which a resource was stored in that record. The search lists who read the record in
 * the period.
 */
export interface RecordPeriod {
  readonly recordId: RecordId;
  readonly from: Date;
  readonly to: Date;
}

export interface RecordReadersQuery {
  readonly periods: readonly RecordPeriod[];
  /** Types of the stored resources, each with its names in every FHIR version. */
  readonly types: readonly string[];
}

const READER_COLUMNS = {
  client_id: 'text?',
  app: 'text?',
  person: 'text?',
  reads: 'int8',
  of_types: 'int8',
  first: 'timestamptz',
  last: 'timestamptz',
} as const;
const readersStatement = statement(
  'audit.readers-between',
  READER_COLUMNS,
  // While record A was merged into record B, reads of B returned the resources of A too. For a period of A, the query
  // therefore also finds the reads of B during the merge.
  `with recursive stay as (
     select * from unnest($1::int8[], $2::timestamptz[], $3::timestamptz[]) as s (record_id, since, upto)
     union
     select m.into_record_id, greatest(s.since, m.merged_at), least(s.upto, coalesce(m.undone_at, s.upto))
     from stay s join record_merge m on m.record_id = s.record_id and m.merged_at <= s.upto
       and (m.undone_at is null or m.undone_at >= s.since))
   select e.client_id, a.name as app, u.username as person, e.reads, e.of_types, e.first, e.last
   from (
     select client_id, account_id, count(*) as reads, count(*) filter (where type = any($4)) as of_types,
       min(at) as first, max(at) as last
     from (
       select distinct v.at, v.id, v.client_id, v.account_id, v.type from stay s
       cross join lateral (${recordEventsSql('s.record_id', 'e.at >= s.since and e.at <= s.upto')} offset 0) v
       where v.outcome = 'success' and v.kind in ('read', 'search', 'document', 'export', 'record-view')) d
     group by client_id, account_id) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   order by e.last desc, e.client_id`,
);

/**
 * Lists who read a record in one of the given periods, and may therefore have seen a resource that was stored in that
 * record then. Reads that requested one of the given resource types are also counted separately. Other reads may have
 * returned such a resource as well, for example as an include.
 */
export const findReadersBetween = async (
  db: Executor,
  { periods, types }: RecordReadersQuery,
): Promise<readonly RecordReaderSummary[]> => {
  const [records, since, upto] = [
    periods.map((one) => one.recordId),
    periods.map((one) => one.from),
    periods.map((one) => one.to),
  ];
  return (await db.query(readersStatement, [records, since, upto, types])).map(toReader);
};

const toReader = (row: RowOf<typeof READER_COLUMNS>): RecordReaderSummary => ({
  clientId: row.client_id ?? undefined,
  app: row.app ?? undefined,
  person: row.person ?? undefined,
  reads: row.reads,
  ofTypes: row.of_types,
  first: row.first,
  last: row.last,
});
