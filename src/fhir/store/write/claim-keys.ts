import { type Executor, statement } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { toKeyArrays } from '../../model/resource-key.ts';
import { ExclusiveLockNeeded, type PracticeLock } from './locks.ts';
import type { ResourceRevision } from './write-rows.ts';

/**
 * Claims resources for a patient record. If another transaction is claiming one of them, it waits for its end. Returns
 * the resources that were claimed for another record.
 */
const claim = statement(
  'fhir.claim-keys',
  { type: 'text', id: 'uuid' },
  `with claimed as (
     insert into resource_key as r (practice_id, type, id, record_id)
     select o.practice_id, k.type, k.id, o.record_id from record o cross join unnest($2::text[], $3::uuid[]) as k (type, id)
       where o.record_id = $1 order by k.type collate "C", k.id
     on conflict (practice_id, type, id) do update set record_id = excluded.record_id
       where r.record_id <> excluded.record_id
     returning type, id, xmax <> 0 as is_moved)
   select type, id from claimed where is_moved`,
);
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
 * practice can't store one id in two records. With the exclusive lock no other transaction writes, so no claim is needed.
 * The caller has looked for the resources in other records before, so a conflict means that another transaction has
 * stored one since then.
 * @throws ExclusiveLockNeeded if another record has one of the resources, or had it
 */
export async function claimKeys(
  tx: Executor,
  { recordId, lock }: { readonly recordId: RecordId; readonly lock?: PracticeLock | undefined },
  revisions: readonly ResourceRevision[],
): Promise<void> {
  if (lock?.mode !== 'shared') return;
  const drafts = revisions.filter(({ isAbsent }) => isAbsent === true).map(({ draft }) => draft);
  if (drafts.length === 0) return;
  const moved = await tx.query(claim, [recordId, ...toKeyArrays(drafts)]);
  if (moved.length === 0) return;
  if ((await tx.query(elsewhere, [recordId, ...toKeyArrays(moved)])).length > 0) throw new ExclusiveLockNeeded();
}
