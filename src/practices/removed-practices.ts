import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';

/**
 * Lets one import or removal of a practice after another choose or give up an id. Other transactions go on: an import can
 * take hours, and the feeds of other practices write to the table of practices.
 */
const lockPractices = statement(
  'practices.lock-ids',
  {},
  "select from pg_advisory_xact_lock(hashtextextended('practice ids', 0))",
);
const deleteUnused = statement(
  'practices.delete-unused',
  { practice_id: 'int4' },
  `delete from practice p where p.practice_id = $1 and p.generated is null
     and not exists (select from record r where r.practice_id = p.practice_id)
     and not exists (select from staff s where s.practice_id = p.practice_id)
     and not exists (select from shared_resource d where d.practice_id = p.practice_id)
   returning p.practice_id`,
);
const choose = statement(
  'practices.choose-id',
  { practice_id: 'int4' },
  `select case when not exists (select from practice where practice_id = $1) then $1
     else greatest((select max(practice_id) from practice), (select max(practice_id) from removed_practice)) + 1
     end::int4 as practice_id`,
);
const forgetRemoval = statement('practices.forget-removal', {}, 'delete from removed_practice where practice_id = $1');
const insertRemoved = statement(
  'practices.record-removal',
  {},
  `insert into removed_practice (practice_id, name, removed_at)
   select practice_id, name, $2 from practice where practice_id = $1`,
);
const deletePractice = statement('practices.delete', {}, 'delete from practice where practice_id = $1');
const clearParts = statement(
  'practices.clear-parts',
  {},
  'update stored_practice_brand set part_of = null where part_of = $1',
);

/**
 * Chooses the id of a practice that is imported in this transaction: its own, if no practice has it or only an unused one,
 * such as the one that the first start creates. That practice is deleted. Otherwise the next free id.
 */
export async function takePracticeId(tx: Executor, wanted: PracticeId): Promise<PracticeId> {
  await tx.query(lockPractices);
  await tx.query(deleteUnused, [wanted]);
  const chosen = ((await tx.query(choose, [wanted]))[0]?.practice_id ?? wanted) as PracticeId;
  await tx.query(forgetRemoval, [chosen]);
  return chosen;
}

/** Deletes the row of a practice whose other rows were deleted. Its id is never given to another practice. */
export async function deletePracticeRow(tx: Executor, practiceId: PracticeId, now: Date): Promise<void> {
  await tx.query(lockPractices);
  await tx.query(clearParts, [practiceId]);
  await tx.query(insertRemoved, [practiceId, now]);
  await tx.query(deletePractice, [practiceId]);
}
