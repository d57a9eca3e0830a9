import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';

/**
 * Type of the link by which a feed reported a merge (FHIR R4 code system link-type). The type tells whether the
 * replaced Patient or its replacement has the link.
 */
type ReportedLinkType = 'replaced-by' | 'replaces';

/** SQL that lists a patient record and all records that were merged into it. */
const mergedRecordsSql = (name: string, parameter: string): string =>
  `${name} as (select ${parameter}::int8 as record_id
     union select r.record_id from ${name} w join record r on r.merged_into = w.record_id)`;
const separated = statement(
  'fhir.undone-merge.apart',
  { apart: 'bool' },
  `with recursive ${mergedRecordsSql('own', '$1')}, ${mergedRecordsSql('other', '$2')}, latest as (
     select distinct on (m.record_id, m.into_record_id) m.*, m.record_id in (select record_id from own) as same_way
     from record_merge m
     where m.record_id in (select record_id from own) and m.into_record_id in (select record_id from other)
       or m.record_id in (select record_id from other) and m.into_record_id in (select record_id from own)
     order by m.record_id, m.into_record_id, m.merged_at desc, m.undone_at desc nulls first)
   select exists (select 1 from latest m where m.undone_at is not null
     and not m.said_no_more @> case when m.same_way then array[$3::text] else array['replaced-by', 'replaces'] end) as apart`,
);
const withUndone = statement(
  'fhir.undone-merge.patients',
  { record_id: 'int8', patient_id: 'uuid' },
  `select r.record_id, r.patient_id from record r where r.practice_id = $1 and r.patient_id = any($2::uuid[])
     and exists (
       select 1 from record_merge m where m.record_id = r.record_id and m.undone_at is not null
       union all select 1 from record_merge m where m.into_record_id = r.record_id and m.undone_at is not null)`,
);
const leftOut = statement(
  'fhir.undone-merge.left-out',
  {},
  `update record_merge m set said_no_more = m.said_no_more || $3::text from record other
   where m.undone_at is not null and not $3::text = any(m.said_no_more)
     and case $3::text when 'replaces' then m.into_record_id else m.record_id end = $1
     and other.record_id = case $3::text when 'replaces' then m.record_id else m.into_record_id end
     and other.patient_id <> all($2::uuid[])`,
);

/**
 * Returns true if a link in a feed must not merge two patient records: a merge of the two was undone before, and the
 * feed has repeated the same link ever since, so its sender hasn't corrected it. A link in the opposite direction
 * counts as well. So does an undone merge between records that have been merged into one of the two.
 */
export async function wasSeparated(
  tx: Executor,
  record: RecordId,
  into: RecordId,
  link: ReportedLinkType,
): Promise<boolean> {
  const [row] = await tx.query(separated, [record, into, link]);
  return row?.apart === true;
}

/** Returns those of the given Patients whose records took part in a merge that was undone, with these records. */
export async function findSeparatedPatients(
  tx: Executor,
  practiceId: PracticeId,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, RecordId>> {
  if (patientIds.length === 0) return new Map();
  const rows = await tx.query(withUndone, [practiceId, patientIds]);
  return new Map(rows.map((row) => [row.patient_id, row.record_id as RecordId]));
}

/**
 * Records which Patients a feed no longer links to the Patient of a record, after a merge of the two was undone. If the
 * feed sends such a link again later, it counts as new information and may merge the records.
 * @param still Patients that the feed still links to
 */
export async function recordDroppedLinks(
  tx: Executor,
  recordId: RecordId,
  link: ReportedLinkType,
  still: readonly string[],
): Promise<void> {
  await tx.query(leftOut, [recordId, still, link]);
}

const byOperator = statement(
  'fhir.merge.said-by-operator',
  { merge_id: 'uuid', record_id: 'int8' },
  `with recursive own as (
     select $1::int8 as record_id, 0 as step
     union all select r.merged_into, o.step + 1 from own o join record r on r.record_id = o.record_id and r.merged_into is not null
   ), other as (
     select $2::int8 as record_id, 0 as step
     union all select r.merged_into, o.step + 1 from other o join record r on r.record_id = o.record_id and r.merged_into is not null
   ), met as (
     select own.step as own, other.step as other from own join other on other.record_id = own.record_id order by own.step limit 1)
   update record_merge m set said = 'operator' where m.undone_at is null and m.said <> 'operator' and m.record_id in (
     select record_id from own where step < (select met.own from met)
     union all select record_id from other where step < (select met.other from met))
   returning m.merge_id, m.record_id`,
);

/**
 * Records that an operator confirmed the merges between two patient records. A feed that reported one of these merges
 * can no longer undo it.
 * @returns the merges that a feed could undo until now
 */
export const confirmMergesByOperator = async (
  tx: Executor,
  record: RecordId,
  into: RecordId,
): Promise<readonly { readonly mergeId: string; readonly recordId: RecordId }[]> =>
  (await tx.query(byOperator, [record, into])).map((row) => ({
    mergeId: row.merge_id,
    recordId: row.record_id as RecordId,
  }));
