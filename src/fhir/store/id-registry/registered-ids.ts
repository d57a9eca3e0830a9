import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import { type ResourceKey, toKeyArrays, toReferenceText, uniqueKeys } from '../../model/resource-key.ts';
import { createBatchStatement, runBatches, valuesListSql } from '../write/batch-statements.ts';
import { openRegistry } from './registry-state.ts';

/** The patient record to which resources are written. */
export interface RecordOfPractice {
  readonly practiceId: PracticeId;
  readonly recordId: RecordId;
}

const KEY = { type: 'text', id: 'uuid' } as const;
const find = statement(
  'fhir.id-registry.find',
  { ...KEY, record_id: 'int8' },
  `select r.type, r.id, r.record_id from resource_key r
     join unnest($2::text[], $3::uuid[]) as k (type, id) on r.type = k.type collate "C" and r.id = k.id
   where r.practice_id = $1`,
);
const CASTS = ['int4', 'text', 'uuid', 'int8'];
/**
 * Registers resources for a patient record. If another transaction is registering one of them, it waits for its end.
 * `is_moved` tells that the resource was registered for another record.
 */
const register = createBatchStatement(
  'fhir.id-registry.register',
  { ...KEY, is_moved: 'bool' },
  (count) => `insert into resource_key as r (practice_id, type, id, record_id) values ${valuesListSql(count, CASTS)}
    on conflict (practice_id, type, id) do update set record_id = excluded.record_id
      where r.record_id <> excluded.record_id
    returning type, id, xmax <> 0 as is_moved`,
);

/**
 * Finds resources in the id registry of a practice. One that it doesn't have is in no patient record of the practice,
 * and was never deleted from one. The caller must hold the practice's lock.
 * @returns by `Type/id` the record that probably has the resource, or had it; undefined if the registry isn't complete
 */
export async function findRegistered(
  tx: Executor,
  practiceId: PracticeId,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, RecordId> | undefined> {
  const { state, ids } = await openRegistry(tx, practiceId);
  if (state !== 'complete') return undefined;
  const unknown = uniqueKeys(keys).filter((key) => !ids.has(toReferenceText(key)));
  const rows = unknown.length === 0 ? [] : await tx.query(find, [practiceId, ...toKeyArrays(unknown)]);
  for (const key of unknown) ids.set(toReferenceText(key), undefined);
  for (const row of rows) ids.set(toReferenceText(row), row.record_id as RecordId);
  return new Map(
    keys.flatMap((key): readonly [string, RecordId][] => {
      const name = toReferenceText(key);
      const recordId = ids.get(name);
      return recordId === undefined ? [] : [[name, recordId]];
    }),
  );
}

/** Registers resources for a patient record, and returns those that were registered for another one. */
export async function registerIds(
  tx: Executor,
  { practiceId, recordId }: RecordOfPractice,
  keys: readonly ResourceKey[],
): Promise<readonly ResourceKey[]> {
  // Two transactions that register the same ids in one order can't wait for each other.
  const sorted = new Map(keys.map((key) => [toReferenceText(key), key]));
  const rows = [...sorted].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const registered = await runBatches(
    tx,
    register,
    rows.map(([, { type, id }]) => [practiceId, type, id, recordId]),
  );
  const { ids } = await openRegistry(tx, practiceId);
  for (const name of sorted.keys()) ids.set(name, recordId);
  return registered.filter(({ is_moved }) => is_moved);
}

/**
 * Registers resources that were moved to a patient record, or copied to it, unless the registry of the practice has
 * nothing but claims. The caller must hold the practice's exclusive lock.
 */
export async function registerMoved(
  tx: Executor,
  record: RecordOfPractice,
  keys: readonly ResourceKey[],
): Promise<void> {
  const { state } = await openRegistry(tx, record.practiceId);
  if (state !== 'claims') await registerIds(tx, record, keys);
}
