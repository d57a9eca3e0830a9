import type { Executor } from '../../database/index.ts';
import {
  findMergeLineage,
  findMergeSurvivors,
  type MergeLineage,
  type PracticeResourceState,
  type ResourceKey,
  recordAddedOrigins,
} from '../../fhir/index.ts';
import { isUuid, itemsAt, type RecordId, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { AMBIGUOUS, type ReferenceMap, resolveName, toStoredId } from '../references/reference-map.ts';
import type { FeedOutcome } from './outcome.ts';

export interface WrittenEntry {
  readonly entry: ImportEntry;
  readonly outcome: FeedOutcome | undefined;
}

/** Returns the targets of a Provenance as `Type/id` with the stored ids. */
export const provenanceTargets = (referenceMap: ReferenceMap, { value }: ImportEntry): readonly string[] =>
  itemsAt(value, 'target')
    .map((target) => resolveName(referenceMap, textAt(target, 'reference') ?? ''))
    .filter((key) => key !== undefined && key !== AMBIGUOUS)
    .map((key) => `${key.type}/${toStoredId(referenceMap.origin, key)}`);

/**
 * Resources of one patient record that have the same lineage: they came into the record through the same merges of
 * patient records. Resources that no merge brought into the record form a group too.
 */
export interface LineageGroup {
  readonly keys: readonly string[];
  readonly lineage: MergeLineage;
}

/**
 * Groups resources of a patient record by their lineage, the merges of patient records through which they came into the
 * record.
 * @param keys `Type/id` of the resources
 */
export async function groupByLineage(
  tx: Executor,
  recordId: RecordId,
  keys: readonly string[],
): Promise<readonly LineageGroup[]> {
  const lineages = await findMergeLineage(tx, recordId, keys.map(toResourceKey));
  const lineageOf = (key: string): MergeLineage => lineages.get(key) ?? [];
  const groups = Map.groupBy(keys, (key) =>
    lineageOf(key)
      .map(({ mergeId }) => mergeId)
      .join(),
  );
  return [...groups.values()].map((same) => ({ keys: same, lineage: lineageOf(same[0] ?? '') }));
}

/**
 * Records the lineage of each new Provenance: the merges of patient records through which all of its targets came into
 * their record. If one of these merges is undone, the Provenance moves back to the former record with its targets.
 */
export async function recordProvenanceLineage(
  tx: Executor,
  referenceMap: ReferenceMap,
  after: ReadonlyMap<string, PracticeResourceState>,
  written: readonly WrittenEntry[],
): Promise<void> {
  const created = written.flatMap(({ entry, outcome }) => {
    if (outcome?.kind !== 'created' || outcome.key === undefined || !outcome.key.startsWith('Provenance/')) return [];
    const recordId = after.get(outcome.key)?.recordId;
    return recordId === undefined
      ? []
      : [{ recordId, key: outcome.key, targets: provenanceTargets(referenceMap, entry) }];
  });
  const recordsWithMerges = await findMergeSurvivors(tx, [...new Set(created.map(({ recordId }) => recordId))]);
  const byRecord = Map.groupBy(
    created.filter(({ recordId }) => recordsWithMerges.has(recordId)),
    ({ recordId }) => recordId,
  );
  for (const [recordId, provenances] of byRecord) {
    const lineages = await findMergeLineage(
      tx,
      recordId,
      provenances
        .flatMap(({ targets }) => targets)
        .map(toResourceKey)
        .filter(hasStoredId),
    );
    for (const { key, targets } of provenances)
      await recordAddedOrigins(tx, recordId, commonLineage(targets.map((target) => lineages.get(target) ?? [])), [
        toResourceKey(key),
      ]);
  }
}

const commonLineage = ([first = [], ...others]: readonly MergeLineage[]): MergeLineage =>
  first.filter(({ mergeId }) => others.every((lineage) => lineage.some((one) => one.mergeId === mergeId)));

function toResourceKey(name: string): ResourceKey {
  const [type = '', id = ''] = name.split('/');
  return { type, id };
}

const hasStoredId = ({ id }: ResourceKey): boolean => isUuid(id);
