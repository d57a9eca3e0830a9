import { type Executor, statement } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { type ResourceKey, toKeyArrays } from '../../model/resource-key.ts';
import type { MergedRecord } from './record-merges.ts';

const storedKeys = statement(
  'fhir.merge.there',
  { type: 'text', id: 'uuid' },
  `select r.type, r.id from resource r
     join unnest($2::text[], $3::uuid[]) as k (type, id) on r.type = k.type collate "C" and r.id = k.id where r.record_id = $1`,
);
const insertAdded = statement(
  'fhir.merge.keep-added',
  {},
  `insert into merged_resource (record_id, merge_id, type, id, first_version)
   select m.record_id, m.merge_id, r.type, r.id, r.version from resource r
     join unnest($2::text[], $3::uuid[]) as k (type, id) on r.type = k.type collate "C" and r.id = k.id
     cross join unnest($4::int8[], $5::uuid[]) as m (record_id, merge_id)
   where r.record_id = $1
   on conflict do nothing`,
);

const forget = statement(
  'fhir.merge.forget-origins',
  {},
  `delete from merged_resource k using unnest($2::text[], $3::uuid[]) as r (type, id), record_merge m
   where k.record_id = $1 and k.type = r.type collate "C" and k.id = r.id and m.merge_id = k.merge_id
     and m.into_record_id = $1 and m.undone_at is null`,
);

/** Returns those of the given resources that a patient record doesn't have. */
export async function findAbsent(
  tx: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
): Promise<readonly ResourceKey[]> {
  const found = new Set(
    (await tx.query(storedKeys, [recordId, ...toKeyArrays(keys)])).map(({ type, id }) => `${type}/${id}`),
  );
  return keys.filter(({ type, id }) => !found.has(`${type}/${id}`));
}

/**
 * Records which resources were added for a Patient whose record had already been merged into another one. If the merge
 * is undone, these resources move to that Patient's record.
 * @param merges all merges on the way from that Patient's record to the record that now has the resources
 */
export async function recordAddedOrigins(
  tx: Executor,
  recordId: RecordId,
  merges: readonly Pick<MergedRecord, 'into' | 'mergeId'>[],
  added: readonly ResourceKey[],
): Promise<void> {
  if (added.length === 0) return;
  const lineage = [merges.map(({ into }) => into), merges.map(({ mergeId }) => mergeId)];
  await tx.query(insertAdded, [recordId, ...toKeyArrays(added), ...lineage]);
}

/**
 * Deletes the stored information about the merges that brought some resources to a patient record. The resources then
 * stay in the record if one of these merges is undone.
 */
export async function forgetMergedOrigins(
  tx: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
): Promise<void> {
  await tx.query(forget, [recordId, ...toKeyArrays(keys)]);
}
