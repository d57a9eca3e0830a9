import { type Executor, statement } from '../../../database/index.ts';
import type { PatientId, RecordId } from '../../../kernel/index.ts';
import type { ResourceKey } from '../../model/resource-key.ts';
import { listMergedRecords, type MergedRecord } from './record-merges.ts';

/**
 * The merges through which a resource came from the patient record where it was first stored to the record where it is
 * now.
 */
export type MergeLineage = readonly Pick<MergedRecord, 'into' | 'mergeId'>[];

const survivors = statement(
  'fhir.brought-by.with-parts',
  { record_id: 'int8' },
  'select distinct merged_into as record_id from record where merged_into = any($1::int8[])',
);
const selectLineage = statement(
  'fhir.brought-by',
  { type: 'text', id: 'uuid', into_record_id: 'int8', merge_id: 'uuid' },
  `select m.type, m.id, m.record_id as into_record_id, m.merge_id
   from unnest($1::int8[], $2::uuid[]) as w (record_id, merge_id)
     cross join unnest($3::text[], $4::uuid[]) as k (type, id)
     join merged_resource m on m.record_id = w.record_id and m.merge_id = w.merge_id
       and m.type = k.type collate "C" and m.id = k.id
   order by m.record_id, m.merge_id`,
);

/** Returns those of the given patient records into which another record was merged. */
export async function findMergeSurvivors(tx: Executor, recordIds: readonly RecordId[]): Promise<ReadonlySet<RecordId>> {
  if (recordIds.length === 0) return new Set();
  return new Set((await tx.query(survivors, [recordIds])).map((row) => row.record_id as RecordId));
}

/**
 * Finds the merges through which resources came to a patient record. The keys of the result are of the form `Type/id`.
 * Resources that didn't come through a merge have no entry.
 */
export const findMergeLineage = async (
  tx: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, MergeLineage>> => findLineageAmong(tx, await listMergedRecords(tx, recordId), keys);

/**
 * Finds the Patients to whom the resources of a patient record belonged before merges brought them into this record.
 * The keys of the result are of the form `Type/id`. Resources that didn't come through a merge have no entry.
 */
export async function findOriginalPatients(
  tx: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, PatientId>> {
  const merged = await listMergedRecords(tx, recordId);
  const found = await findLineageAmong(tx, merged, keys);
  return new Map(
    [...found].flatMap(([key, lineage]) => {
      const first = merged.find(
        ({ mergeId, recordId: own }) =>
          lineage.some((one) => one.mergeId === mergeId) && !lineage.some(({ into }) => into === own),
      );
      return first === undefined ? [] : [[key, first.patientId] as const];
    }),
  );
}

async function findLineageAmong(
  tx: Executor,
  merged: readonly MergedRecord[],
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, MergeLineage>> {
  if (merged.length === 0 || keys.length === 0) return new Map();
  const rows = await tx.query(selectLineage, [
    merged.map(({ into }) => into),
    merged.map(({ mergeId }) => mergeId),
    keys.map(({ type }) => type),
    keys.map(({ id }) => id),
  ]);
  const byKey = Map.groupBy(rows, ({ type, id }) => `${type}/${id}`);
  return new Map(
    [...byKey].map(([key, found]) => [
      key,
      found.map((row) => ({ into: row.into_record_id as RecordId, mergeId: row.merge_id })),
    ]),
  );
}
