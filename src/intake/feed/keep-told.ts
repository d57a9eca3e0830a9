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

/** What a Provenance is about, as it is named here: `Type/id`. */
export const targetsOf = (names: Names, { value }: Entry): readonly string[] =>
  listOf(value, 'target')
    .map((target) => findName(names, textAt(target, 'reference') ?? ''))
    .filter((key) => key !== undefined && key !== AMBIGUOUS)
    .map((key) => `${key.type}/${finalId(names.origin, key)}`);

/** Resources of one record, and the merges that all of them came by. */
interface SameWay {
  readonly keys: readonly string[];
  readonly way: Way;
}

/** Resources of a record by whose they were before it and others became one. @param keys `Type/id` */
export async function byOrigin(tx: Executor, recordId: RecordId, keys: readonly string[]): Promise<readonly SameWay[]> {
  const brought = await broughtBy(tx, recordId, keys.map(asKey));
  const wayOf = (key: string): Way => brought.get(key) ?? [];
  const groups = Map.groupBy(keys, (key) =>
    wayOf(key)
      .map(({ mergeId }) => mergeId)
      .join(),
  );
  return [...groups.values()].map((same) => ({ keys: same, way: wayOf(same[0] ?? '') }));
}

/** Provenance of nothing but what came with a merge: should that be undone, it goes along. */
export async function keepProvenance(
  tx: Executor,
  names: Names,
  after: ReadonlyMap<string, AtPractice>,
  written: readonly Written[],
): Promise<void> {
  const created = written.flatMap(({ entry, outcome }) => {
    if (outcome?.kind !== 'created' || outcome.key === undefined || !outcome.key.startsWith('Provenance/')) return [];
    const recordId = after.get(outcome.key)?.recordId;
    return recordId === undefined ? [] : [{ recordId, key: outcome.key, targets: targetsOf(names, entry) }];
  });
  const joined = await recordsWithParts(tx, [...new Set(created.map(({ recordId }) => recordId))]);
  const byRecord = Map.groupBy(
    created.filter(({ recordId }) => joined.has(recordId)),
    ({ recordId }) => recordId,
  );
  for (const [recordId, some] of byRecord) {
    const brought = await broughtBy(
      tx,
      recordId,
      some
        .flatMap(({ targets }) => targets)
        .map(asKey)
        .filter(isStored),
    );
    for (const { key, targets } of some)
      await keepAdded(tx, recordId, inAll(targets.map((target) => brought.get(target) ?? [])), [asKey(key)]);
  }
}

const inAll = ([first = [], ...others]: readonly Way[]): Way =>
  first.filter(({ mergeId }) => others.every((way) => way.some((one) => one.mergeId === mergeId)));

function asKey(name: string): ResourceKey {
  const [type = '', id = ''] = name.split('/');
  return { type, id };
}

const isStored = ({ id }: ResourceKey): boolean => isUuid(id);
