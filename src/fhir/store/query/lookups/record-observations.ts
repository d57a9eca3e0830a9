import { type Executor, statement } from '../../../../database/index.ts';
import { LABORATORY, VITAL_SIGNS } from '../sql/category-index-sql.ts';
import { safeJsonSql } from '../sql/sql.ts';
import { type DatedStoredEntry, MAY_ACCESS, type RecordUser } from './record-user-reads.ts';

/** Section of the record that an Observation belongs to. The code of its category decides, whatever the code system. */
export type ObservationKind = 'measurements' | 'results' | 'other';

/** Search index values of the category: one that an Observation of the kind has, and those that it doesn't have. */
const CATEGORIES = {
  measurements: { category: [VITAL_SIGNS], others: [] },
  results: { category: [LABORATORY], others: [VITAL_SIGNS] },
  other: { category: null, others: [VITAL_SIGNS, LABORATORY] },
} as const satisfies Readonly<Record<ObservationKind, object>>;

/** SQL predicate: the Observation has a category of $4, if that is given, and none of $5. */
const OF_KIND = '($4::int8[] is null or flags && $4) and not flags && $5::int8[]';

const list = statement(
  'fhir.own.observations',
  { type: 'text', id: 'uuid', content: 'text', position: 'text' },
  `select type, id, content, sort_at::text as position from resource
   where record_id = $2 and type = 'Observation' and ${MAY_ACCESS} and ${OF_KIND}
   order by sort_at desc, id desc limit $3`,
);
const panels = statement(
  'fhir.own.report-panels',
  { id: 'uuid', report: 'text' },
  `select e.id, json_strip_nulls(row_to_json(s))::text as report
   from (select id, sort_at, content from resource
     where record_id = $2 and type = 'DiagnosticReport' and ${MAY_ACCESS} order by sort_at desc, id desc limit $3) as e
   cross join lateral json_to_record(${safeJsonSql('e.content')}) as s(status json, code json, result json)
   where s.result is not null order by e.sort_at desc, e.id desc`,
);

/** Lists the newest observations of one kind in a patient record, newest first. */
export function listRecordObservations(
  db: Executor,
  { accountId, recordId }: RecordUser,
  kind: ObservationKind,
  limit: number,
): Promise<readonly DatedStoredEntry[]> {
  const { category, others } = CATEGORIES[kind];
  return db.query(list, [accountId, recordId, limit, category, others]);
}

/**
 * Lists the newest reports that have results, newest first. Each is a part of a DiagnosticReport: its status, code and
 * results, without its documents.
 */
export async function listReportPanels(
  db: Executor,
  { accountId, recordId }: RecordUser,
  limit: number,
): Promise<readonly unknown[]> {
  const rows = await db.query(panels, [accountId, recordId, limit]);
  return rows.map(({ report }) => ({ resourceType: 'DiagnosticReport', ...JSON.parse(report) }));
}
