import { type Executor, statement } from '../../database/index.ts';
import type { Clock, RecordId } from '../../kernel/index.ts';
import type { Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { touchGroupsOf } from '../groups/store.ts';
import { lockRecord } from './locks.ts';
import { withAddresses } from './map-references.ts';
import { replacedBy, replacing } from './merge-links.ts';
import { type MovedKey, moveRows, type Rewrite } from './move-rows.ts';
import type { MergeSaid, RecordState } from './record-merges.ts';
import { raiseVersion } from './record-version.ts';

/** One record becomes a part of another of the same practice. Both are active. */
export interface Merging {
  readonly mergeId: string;
  readonly record: RecordState;
  readonly into: RecordState;
  readonly said: MergeSaid;
  /** Of a feed that said so. */
  readonly source: string | undefined;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
}

/**
 * What there is in one record ($1) and has to come to the other ($2). Of a key that the other had as well, since it was
 * retracted or deleted in one of them, only what is newer than all that the other has; and nothing where the other has it
 * now: then what is left of it here is a past that is not this person's.
 */
const held = statement(
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
const keepOrigins = statement(
  'fhir.merge.keep-origins',
  {},
  `insert into merged_resource (record_id, merge_id, type, id, first_version, version)
   select $1, $2, k.* from unnest($3::text[], $4::uuid[], $5::int4[], $6::int4[]) as k (type, id, first, version)`,
);
const keepMerge = statement(
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
 * All that is in one record comes to the other: each resource with its history, as its next version, about the Patient who
 * remains. The Patient who does not is kept there, inactive, with a link to the one who does (FHIR R4, Patient.link); where
 * each came from is kept, so that it can go back. The caller holds the lock of the practice.
 * @returns how many resources came, the Patient among them, and when
 */
export async function mergeRecords(
  tx: Executor,
  merging: Merging,
): Promise<{ readonly resources: number; readonly at: Date }> {
  const { mergeId, record, into, said, source, clock, projections } = merging;
  await lockBoth(tx, record.recordId, into.recordId);
  const at = clock.now();
  const keys: readonly MovedKey[] = await tx.query(held, [record.recordId, into.recordId]);
  const [types, ids] = [keys.map(({ type }) => type), keys.map(({ id }) => id)];
  const move = { from: record.recordId, to: into.recordId, at, projections };
  const versions = await moveRows(tx, move, keys, aboutSurvivor(record, into));
  const firsts = keys.map(({ first }) => first);
  const written = keys.map(({ type, id }) => versions.get(`${type}/${id}`) ?? null);
  await tx.query(keepOrigins, [into.recordId, mergeId, types, ids, firsts, written]);
  await rewritePatient(tx, { ...move, from: into.recordId }, into, (own) => replacing(own, [record.patientId]));
  await tx.query(endRecord, [record.recordId, into.recordId]);
  await tx.query(keepMerge, [record.recordId, mergeId, into.recordId, said, source ?? null, at]);
  await touchGroupsOf(tx, at, record.recordId);
  await raiseVersion(tx, record.recordId);
  await raiseVersion(tx, into.recordId);
  return { resources: versions.size, at };
}

/** Always in the same order: two at once would wait for each other otherwise. */
export async function lockBoth(tx: Executor, one: RecordId, other: RecordId): Promise<void> {
  for (const recordId of [one, other].sort((a, b) => a - b)) await lockRecord(tx, recordId);
}

function aboutSurvivor(record: RecordState, into: RecordState): Rewrite {
  const names = new Map([[`Patient/${record.patientId}`, `Patient/${into.patientId}`]]);
  return async (rows) =>
    rows.map(({ type, id, resource }) => {
      const renamed = withAddresses(resource, names) as Resource;
      return type === 'Patient' && id === record.patientId ? replacedBy(resource, into.patientId) : renamed;
    });
}

/** The Patient of a record gets its next version, in other words. */
async function rewritePatient(
  tx: Executor,
  move: Parameters<typeof moveRows>[1],
  { patientId }: RecordState,
  change: (patient: Resource) => Resource,
): Promise<void> {
  const key = { type: 'Patient', id: patientId, first: 1 };
  await moveRows(tx, move, [key], async (rows) => rows.map(({ resource }) => change(resource)));
}
