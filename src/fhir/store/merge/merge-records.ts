import { type Executor, statement } from '../../../database/index.ts';
import type { Clock, RecordId } from '../../../kernel/index.ts';
import { raiseGroupVersions } from '../../groups/group-store.ts';
import type { Resource } from '../../model/fhir-version.ts';
import type { Projection } from '../../model/projection.ts';
import { lockRecord } from '../write/locks.ts';
import { raiseRecordVersion } from '../write/record-version.ts';
import { replaceReferences } from '../write/rewrite-references.ts';
import { type MovedKey, moveResources, type RewriteRows } from './move-rows.ts';
import { addReplacesLinks, markReplaced } from './patient-links.ts';
import type { MergeReporter, RecordState } from './record-merges.ts';

/** A merge of one record into another of the same practice. Both records are active. */
export interface RecordMerge {
  readonly mergeId: string;
  readonly record: RecordState;
  readonly into: RecordState;
  readonly reportedBy: MergeReporter;
  /** The feed that reported the merge, if any. */
  readonly source: string | undefined;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

/**
 * Lists the resources of one record ($1) that have to move to the other ($2). If the other record has versions of the
 * same resource, because it was retracted or deleted in one of them, only newer versions move. If the other record has
 * a current version, nothing moves: the versions left in the first record are a past that isn't this person's.
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
     where not exists (select from resource r where r.record_id = $2 and r.type = v.type and r.id = v.id)
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
 * Moves everything from one record into another. Each resource moves with its history and gets a next version that
 * refers to the surviving Patient. The merged Patient is kept there, inactive and linked to the survivor (FHIR R4
 * Patient.link). The origin of each resource is recorded so that the merge can be undone. The caller must hold the
 * practice's lock.
 * @returns the number of moved resources, including the Patient, and the time of the merge
 */
export async function mergeRecords(
  tx: Executor,
  merging: RecordMerge,
): Promise<{ readonly resources: number; readonly at: Date }> {
  const { mergeId, record, into, reportedBy, source, clock, projections } = merging;
  await lockRecordPair(tx, record.recordId, into.recordId);
  const at = clock.now();
  const keys: readonly MovedKey[] = await tx.query(resourcesToMove, [record.recordId, into.recordId]);
  const [types, ids] = [keys.map(({ type }) => type), keys.map(({ id }) => id)];
  const move = { from: record.recordId, to: into.recordId, at, projections };
  const versions = await moveResources(tx, move, keys, rewriteForSurvivor(record, into));
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

/** Locks both records in the order of their ids, so that two concurrent merges cannot deadlock. */
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

/** Writes the next version of a record's Patient. */
async function rewritePatient(
  tx: Executor,
  move: Parameters<typeof moveResources>[1],
  { patientId }: RecordState,
  change: (patient: Resource) => Resource,
): Promise<void> {
  const key = { type: 'Patient', id: patientId, first: 1 };
  await moveResources(tx, move, [key], async (rows) => rows.map(({ resource }) => change(resource)));
}
