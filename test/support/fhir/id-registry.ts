import type { Database } from '../../../src/database/index.ts';
import { fillIdRegistry } from '../../../src/fhir/store/id-registry/fill-registry.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';

/** Registers all ids of the first practice, as a server does if the database is distributed. */
export async function completeRegistry(db: Database): Promise<void> {
  for await (const _ of fillIdRegistry(db, 1 as PracticeId));
}

/**
 * Returns the resources of patient records, and those that were deleted from them, that a complete id registry doesn't
 * have, as `Type/id`.
 */
export async function findUnregistered(db: Database): Promise<readonly string[]> {
  const rows = await db.queryText<{ name: string }>(
    `with held as materialized (
       select type, id, record_id from resource union select type, id, record_id from tombstone),
     registered as materialized (select practice_id, type, id from resource_key)
     select distinct h.type || '/' || h.id as name from held h join record x on x.record_id = h.record_id
       join practice p on p.practice_id = x.practice_id and p.id_registry = 'complete'
     where (p.practice_id, h.type, h.id) not in (select practice_id, type, id from registered) order by name`,
    [],
  );
  return rows.map(({ name }) => name);
}
