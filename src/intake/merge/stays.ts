import type { Stay } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { broughtBy, mergedRecords, type ResourceKey } from '../../fhir/index.ts';
import type { RecordId } from '../../kernel/index.ts';

/** In whose records some resources were since an instant: before they came with a merge, in that of whom they came with. */
export async function staysOf(
  tx: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
  { from, to }: Pick<Stay, 'from' | 'to'>,
): Promise<readonly Stay[]> {
  const merged = await mergedRecords(tx, recordId);
  const brought = await broughtBy(tx, recordId, keys);
  return keys.flatMap(({ type, id }) => {
    const way = brought.get(`${type}/${id}`) ?? [];
    const merges = merged.filter(({ mergeId }) => way.some((one) => one.mergeId === mergeId));
    const starts = [from, ...merges.map(({ mergedAt }) => mergedAt)];
    return [...merges.map((one) => one.recordId), recordId].map((own, place) => ({
      recordId: own,
      from: starts[place] ?? from,
      to: merges[place]?.mergedAt ?? to,
    }));
  });
}
