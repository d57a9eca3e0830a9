import { type Executor, statement } from '../database/index.ts';
import type { PracticeId } from '../kernel/index.ts';

/**
 * The state of the id registry of a practice, which is in the table `resource_key` of the FHIR store. `claims`: it has
 * the ids of Bundles that are being written. `filling`: all ids that were stored since then, and some of those before.
 * `complete`: all ids of resources that patient records of the practice have, or had until they were deleted.
 */
export type IdRegistryState = 'claims' | 'filling' | 'complete';

const list = statement(
  'fhir.id-registry.list',
  { practice_id: 'int4', id_registry: 'text' },
  'select practice_id, id_registry from practice order by practice_id',
);
const count = statement(
  'fhir.id-registry.count-incomplete',
  { incomplete: 'int4' },
  `select count(*)::int4 as incomplete from practice p where p.id_registry <> 'complete'
     and exists (select 1 from record r where r.practice_id = p.practice_id offset 0)`,
);
const find = statement(
  'fhir.id-registry.state',
  { id_registry: 'text' },
  'select id_registry from practice where practice_id = $1',
);
const set = statement(
  'fhir.id-registry.set-state',
  {},
  'update practice set id_registry = $2 where practice_id = $1 and id_registry <> $2',
);

/** Returns the state of the id registry of each practice. */
export async function listIdRegistries(db: Executor): Promise<ReadonlyMap<PracticeId, IdRegistryState>> {
  const rows = await db.query(list, []);
  return new Map(rows.map((row) => [row.practice_id as PracticeId, row.id_registry as IdRegistryState]));
}

/** Counts practices with patient records whose id registry isn't complete. */
export const countIncompleteRegistries = async (db: Executor): Promise<number> =>
  (await db.query(count, []))[0]?.incomplete ?? 0;

/** Returns the state of the id registry of a practice. */
export async function findIdRegistry(db: Executor, practiceId: PracticeId): Promise<IdRegistryState> {
  const [row] = await db.query(find, [practiceId]);
  return (row?.id_registry ?? 'claims') as IdRegistryState;
}

/** Stores the state of the id registry of a practice. The caller must hold the practice's exclusive lock. */
export async function setIdRegistry(tx: Executor, practiceId: PracticeId, state: IdRegistryState): Promise<void> {
  await tx.query(set, [practiceId, state]);
}
