import { type Executor, statement } from '../../database/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';

/** FHIR R4, code system link-type: by which of the two Patients a feed says that they are one person's. */
type Link = 'replaced-by' | 'replaces';

const apart = statement(
  'fhir.undone-merge.apart',
  { apart: 'bool' },
  `select m.undone_at is not null and not $3::text = any(m.said_no_more) as apart from record_merge m
   where m.record_id = $1 and m.into_record_id = $2
   order by m.merged_at desc, m.undone_at desc nulls first limit 1`,
);
const withUndone = statement(
  'fhir.undone-merge.patients',
  { record_id: 'int8', patient_id: 'uuid' },
  `select r.record_id, r.patient_id from record r where r.practice_id = $1 and r.patient_id = any($2::uuid[])
     and exists (
       select from record_merge m where m.record_id = r.record_id and m.undone_at is not null
       union all select from record_merge m where m.into_record_id = r.record_id and m.undone_at is not null)`,
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
 * Whether the last merge of a record into another was undone, and the feed has said it by this link ever since: it was not
 * corrected, and does not merge them anew.
 */
export async function isTakenApart(tx: Executor, record: RecordId, into: RecordId, link: Link): Promise<boolean> {
  const [row] = await tx.query(apart, [record, into, link]);
  return row?.apart === true;
}

/** Those of some Patients of whom a merge was undone, and their records. */
export async function patientsTakenApart(
  tx: Executor,
  practiceId: PracticeId,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, RecordId>> {
  if (patientIds.length === 0) return new Map();
  const rows = await tx.query(withUndone, [practiceId, patientIds]);
  return new Map(rows.map((row) => [row.patient_id, row.record_id as RecordId]));
}

/** A feed sent the Patient of a record, with links to these Patients and no others: to the rest it may link it anew. */
export async function linksLeftOut(
  tx: Executor,
  recordId: RecordId,
  link: Link,
  still: readonly string[],
): Promise<void> {
  await tx.query(leftOut, [recordId, still, link]);
}

const byOperator = statement(
  'fhir.merge.said-by-operator',
  {},
  "update record_merge set said = 'operator' where record_id = $1 and undone_at is null",
);

/** A merge that a feed said, the operator says too: it is not the feed's any more to take back. */
export async function saidByOperator(tx: Executor, recordId: RecordId): Promise<void> {
  await tx.query(byOperator, [recordId]);
}
