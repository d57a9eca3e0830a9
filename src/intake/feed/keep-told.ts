import type { Executor } from '../../database/index.ts';
import {
  type AtPractice,
  broughtBy,
  keepAdded,
  type ResourceKey,
  recordsWithParts,
  type Way,
} from '../../fhir/index.ts';
import { isUuid, type RecordId } from '../../kernel/index.ts';
import type { Entry } from '../entry.ts';
import { listOf, textAt } from '../json-value.ts';
import { AMBIGUOUS, finalId, findName, type Names } from '../names.ts';
import type { Outcome } from './outcome.ts';

export interface Written {
  readonly entry: Entry;
  readonly outcome: Outcome | undefined;
}

/** Targets of a Provenance as `Type/id`, with the ids that this server stores. */
export const targetsOf = (referenceMap: Names, { value }: Entry): readonly string[] =>
  listOf(value, 'target')
    .map((target) => findName(referenceMap, textAt(target, 'reference') ?? ''))
    .filter((key) => key !== undefined && key !== AMBIGUOUS)
    .map((key) => `${key.type}/${finalId(referenceMap.origin, key)}`);

/** Resources of one record that arrived through the same merges. */
interface SameWay {
  readonly keys: readonly string[];
  readonly way: Way;
}

/** Groups resources of a record by the merges through which they arrived. @param keys `Type/id` */
export async function byOrigin(tx: Executor, recordId: RecordId, keys: readonly string[]): Promise<readonly SameWay[]> {
  const lineages = await broughtBy(tx, recordId, keys.map(asKey));
  const lineageOf = (key: string): Way => lineages.get(key) ?? [];
  const groups = Map.groupBy(keys, (key) =>
    lineageOf(key)
      .map(({ mergeId }) => mergeId)
      .join(),
  );
  return [...groups.values()].map((same) => ({ keys: same, way: lineageOf(same[0] ?? '') }));
}

/**
 * Assigns new Provenance to the merges through which all of its targets arrived, so that undoing such a merge moves the
 * Provenance along with them.
 */
export async function keepProvenance(
  tx: Executor,
  referenceMap: Names,
  after: ReadonlyMap<string, AtPractice>,
  written: readonly Written[],
): Promise<void> {
  const created = written.flatMap(({ entry, outcome }) => {
    if (outcome?.kind !== 'created' || outcome.key === undefined || !outcome.key.startsWith('Provenance/')) return [];
    const recordId = after.get(outcome.key)?.recordId;
    return recordId === undefined ? [] : [{ recordId, key: outcome.key, targets: targetsOf(referenceMap, entry) }];
  });
  const recordsWithMerges = await recordsWithParts(tx, [...new Set(created.map(({ recordId }) => recordId))]);
  const byRecord = Map.groupBy(
    created.filter(({ recordId }) => recordsWithMerges.has(recordId)),
    ({ recordId }) => recordId,
  );
  for (const [recordId, provenances] of byRecord) {
    const lineages = await broughtBy(
      tx,
      recordId,
      provenances
        .flatMap(({ targets }) => targets)
        .map(asKey)
        .filter(isStored),
    );
    for (const { key, targets } of provenances)
      await keepAdded(tx, recordId, inAll(targets.map((target) => lineages.get(target) ?? [])), [asKey(key)]);
  }
}

const inAll = ([first = [], ...others]: readonly Way[]): Way =>
  first.filter(({ mergeId }) => others.every((lineage) => lineage.some((one) => one.mergeId === mergeId)));

function asKey(name: string): ResourceKey {
  const [type = '', id = ''] = name.split('/');
  return { type, id };
}

const isStored = ({ id }: ResourceKey): boolean => isUuid(id);
