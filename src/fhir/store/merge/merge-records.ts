import { type Executor, statement } from '../../../database/index.ts';
import type { Clock, PracticeId, RecordId } from '../../../kernel/index.ts';
import { raiseGroupVersions } from '../../groups/group-store.ts';
import type { Resource } from '../../model/fhir-version.ts';
import type { Projection } from '../../model/projection.ts';
import { registerMoved } from '../id-registry/registered-ids.ts';
import { lockRecord } from '../write/locks.ts';
import { raiseRecordVersion } from '../write/record-version.ts';
import { replaceReferences } from '../write/rewrite-references.ts';
import { type MovedKey, moveResources, type RewriteRows } from './move-rows.ts';
import { addReplacesLinks, markReplaced } from './patient-links.ts';
import type { MergeReporter, RecordState } from './record-merges.ts';

/** A merge of one patient record (`record`) into another (`into`) of the same practice. Both records are active. */
export interface RecordMerge {
  readonly practiceId: PracticeId;
  readonly mergeId: string;
  readonly record: RecordState;
  readonly into: RecordState;
  readonly reportedBy: MergeReporter;
  /** Name of the feed that reported the merge. Undefined if an operator merged the records. */
  readonly source: string | undefined;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

/**
 * Lists the resources that move when record $1 is merged into record $2. Both records can have versions of the same
 * resource if it was deleted in one of them or retracted from it. If record $2 has only old versions of the resource,
 * the newer versions of record $1 move. If record $2 has its current version, no version of the resource moves, because
 * the versions in record $1 describe another person.
 */
const resourcesToMove = statement(
  'fhir.merge.held',
  { type: 'text', id: 'uuid', first: 'int4' },
  `with own as (
     select type, id, version, true as living from resource where record_id = $1
     union all select type, id, version, false from resource_history where record_id = $1
     union all select type, id, version, false from tombstone where record_id = $1
   ), other as (
     select type, id, max(version) as last from (
       select type, id, version from resource_history where record_id = $2
       union all select type, id, version from tombstone where record_id = $2) v group by type, id
   ), key as (
     select v.type, v.id, bool_or(v.living) as living, coalesce(max(o.last), 0) as last,
       min(v.version) filter (where v.version > coalesce(o.last, 0)) as newer
     from own v left join other o on o.type = v.type and o.id = v.id
     where not exists (select 1 from resource r where r.record_id = $2 and r.type = v.type and r.id = v.id)
     group by v.type, v.id)
   select type, id, coalesce(newer, last + 1)::int4 as first from key where living or newer is not null order by type, id`,
);
const insertOrigins = statement(
  'fhir.merge.keep-origins',
  {},
  `insert into merged_resource (record_id, merge_id, type, id, first_version, version)
   select $1, $2, k.* from unnest($3::text[], $4::uuid[], $5::int4[], $6::int4[]) as k (type, id, first, version)`,
);
const insertMerge = statement(
  'fhir.merge.keep',
  {},
  `insert into record_merge (record_id, merge_id, into_record_id, said, source, merged_at) values ($1, $2, $3, $4, $5, $6)`,
);
const endRecord = statement(
  'fhir.merge.end-record',
  {},
  "update record set state = 'merged', merged_into = $2 where record_id = $1",
);

/**
 * Merges a patient record into another one of the same practice. Each resource moves with its history and gets a new
 * version that refers to the Patient of the target record. The Patient of the merged record moves too; it becomes
 * inactive and links to the other Patient (FHIR R4 Patient.link). The table `merged_resource` records where each
 * resource came from, so that the merge can be undone. The caller must hold the practice's lock.
 * @returns the number of moved resources, including the Patient, and the time of the merge
 */
export async function mergeRecords(
  tx: Executor,
  merging: RecordMerge,
): Promise<{ readonly resources: number; readonly at: Date }> {
  const { practiceId, mergeId, record, into, reportedBy, source, clock, projections } = merging;
  await lockRecordPair(tx, record.recordId, into.recordId);
  const at = clock.now();
  const keys: readonly MovedKey[] = await tx.query(resourcesToMove, [record.recordId, into.recordId]);
  const [types, ids] = [keys.map(({ type }) => type), keys.map(({ id }) => id)];
  const move = { practiceId, from: record.recordId, to: into.recordId, at, projections };
  const versions = await moveResources(tx, move, keys, rewriteForSurvivor(record, into));
  await registerMoved(tx, { practiceId, recordId: into.recordId }, keys);
  const firsts = keys.map(({ first }) => first);
  const written = keys.map(({ type, id }) => versions.get(`${type}/${id}`) ?? null);
  await tx.query(insertOrigins, [into.recordId, mergeId, types, ids, firsts, written]);
  await rewritePatient(tx, { ...move, from: into.recordId }, into, (own) => addReplacesLinks(own, [record.patientId]));
  await tx.query(endRecord, [record.recordId, into.recordId]);
  await tx.query(insertMerge, [record.recordId, mergeId, into.recordId, reportedBy, source ?? null, at]);
  await raiseGroupVersions(tx, at, record.recordId);
  await raiseRecordVersion(tx, record.recordId);
  await raiseRecordVersion(tx, into.recordId);
  return { resources: versions.size, at };
}

/** Locks two patient records in the order of their ids, so that two concurrent merges can't deadlock. */
export async function lockRecordPair(tx: Executor, one: RecordId, other: RecordId): Promise<void> {
  for (const recordId of [one, other].sort((a, b) => a - b)) await lockRecord(tx, recordId);
}

function rewriteForSurvivor(record: RecordState, into: RecordState): RewriteRows {
  const names = new Map([[`Patient/${record.patientId}`, `Patient/${into.patientId}`]]);
  return async (rows) =>
    rows.map(({ type, id, resource }) => {
      const renamed = replaceReferences(resource, names) as Resource;
      return type === 'Patient' && id === record.patientId ? markReplaced(resource, into.patientId) : renamed;
    });
}

/** Writes the next version of a record's Patient, with changed content. */
async function rewritePatient(
  tx: Executor,
  move: Parameters<typeof moveResources>[1],
  { patientId }: RecordState,
  change: (patient: Resource) => Resource,
): Promise<void> {
  const key = { type: 'Patient', id: patientId, first: 1 };
  await moveResources(tx, move, [key], async (rows) => rows.map(({ resource }) => change(resource)));
}
