import { type Executor, statement } from '../../../database/index.ts';
import { type ResourceKey, toKeyArrays } from '../../model/resource-key.ts';
import { ExclusiveLockNeeded, type PracticeLock } from '../write/locks.ts';
import { type RecordOfPractice, registerIds } from './registered-ids.ts';
import { openRegistry } from './registry-state.ts';

/** Finds out whether another active record of the practice has one of the resources, or had it until it was deleted. */
const elsewhere = statement(
  'fhir.claimed-elsewhere',
  { id: 'uuid' },
  `with held as materialized (
     select s.type, s.id, s.record_id from resource s where s.id = any($3::uuid[])
     union all select s.type, s.id, s.record_id from tombstone s where s.id = any($3::uuid[]) and not s.retracted)
   select r.id from unnest($2::text[], $3::uuid[]) as k (type, id)
     join held r on r.type = k.type collate "C" and r.id = k.id
   where r.record_id <> $1 and exists (
     select 1 from record o where o.record_id = r.record_id and o.state = 'active'
       and o.practice_id = (select practice_id from record where record_id = $1) offset 0) limit 1`,
);

/**
 * Claims the ids of resources that a patient record gets, so that two concurrent transactions with a shared lock of the
 * practice can't store one id in two records. With the exclusive lock no other transaction writes, so no claim is needed
 * unless the id registry of the practice has all ids. The caller has looked for the resources in other records before, so
 * a conflict means that another transaction has stored one since then.
 * @param keys resources that the record doesn't have
 * @throws ExclusiveLockNeeded if another record has one of the resources, or had it
 */
export async function claimKeys(
  tx: Executor,
  { lock, ...record }: RecordOfPractice & { readonly lock?: PracticeLock | undefined },
  keys: readonly ResourceKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const isShared = lock?.mode === 'shared';
  if (!isShared && (await openRegistry(tx, record.practiceId)).state === 'claims') return;
  const moved = await registerIds(tx, record, keys);
  if (moved.length === 0 || !isShared) return;
  if ((await tx.query(elsewhere, [record.recordId, ...toKeyArrays(moved)])).length > 0) throw new ExclusiveLockNeeded();
}
