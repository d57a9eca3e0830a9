import type { RecordPeriod } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { findMergeLineage, listMergedRecords, type ResourceKey } from '../../fhir/index.ts';
import type { RecordId } from '../../kernel/index.ts';

/**
 * Finds the records that contained the resources during a period. Before a resource arrived through a merge, it was in
 * the record of the Patient with whom it came.
 */
export async function findStays(
  tx: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
  { from, to }: Pick<RecordPeriod, 'from' | 'to'>,
): Promise<readonly RecordPeriod[]> {
  const merged = await listMergedRecords(tx, recordId);
  const brought = await findMergeLineage(tx, recordId, keys);
  return keys.flatMap(({ type, id }) => {
    const lineage = brought.get(`${type}/${id}`) ?? [];
    const merges = merged.filter(({ mergeId }) => lineage.some((one) => one.mergeId === mergeId));
    const starts = [from, ...merges.map(({ mergedAt }) => mergedAt)];
    return [...merges.map((one) => one.recordId), recordId].map((stayRecordId, index) => ({
      recordId: stayRecordId,
      from: starts[index] ?? from,
      to: merges[index]?.mergedAt ?? to,
    }));
  });
}
