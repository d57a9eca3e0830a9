import { type Database, readTableLayout, statement } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import { type IdRegistryState, listIdRegistries, setIdRegistry } from '../../../practices/index.ts';
import { FIRST_KEY, type ResourceKey } from '../../model/resource-key.ts';
import { lockPractice, lockPracticeShared } from '../write/locks.ts';
import { deleteSome } from './purge-id-claims.ts';
import { openRegistry } from './registry-state.ts';

/** Patient records whose ids one transaction registers. */
const RECORDS_AT_ONCE = 200;

const listRecords = statement(
  'fhir.id-registry.records',
  { record_id: 'int8' },
  `select record_id from record where practice_id = $1 and record_id > $2 order by record_id limit ${RECORDS_AT_ONCE}`,
);
const register = (table: string) =>
  statement(
    `fhir.id-registry.fill-from-${table}`,
    {},
    `insert into resource_key (practice_id, type, id, record_id)
     select distinct on (type, id) $1::int4, type, id, record_id from ${table} where record_id = any($2::int8[])
     order by type, id, record_id desc on conflict do nothing`,
  );
const fillFromResources = register('resource');
const fillFromTombstones = register('tombstone');

/**
 * Registers the ids of all practices, if the id registry is distributed. A lookup of an id then asks one node for the
 * registry of the practice, and the node of the record that has the resource. On one PostgreSQL, the index on ids finds
 * it, so the registry needs only the claims of Bundles that are being written.
 * @param onProgress called after each step with the number of patient records that are done
 */
export async function fillIdRegistries(db: Database, onProgress: (records: number) => void = () => {}): Promise<void> {
  const registry = (await readTableLayout(db)).find(({ name }) => name === 'resource_key');
  if (registry?.state !== 'distributed') return;
  let records = 0;
  for (const [practiceId, state] of await listIdRegistries(db)) {
    if (state === 'complete') continue;
    for await (const count of fillIdRegistry(db, practiceId)) {
      records += count;
      onProgress(records);
    }
  }
}

/**
 * Registers the ids of all resources that the patient records of a practice have, or had until they were deleted. From
 * the first step on, each Bundle registers the ids that it stores. If it is interrupted, it can be started again.
 * @returns numbers of patient records, after each step
 */
export async function* fillIdRegistry(db: Database, practiceId: PracticeId): AsyncGenerator<number> {
  await changeState(db, practiceId, 'filling');
  let last = 0;
  for (;;) {
    const records = (await db.query(listRecords, [practiceId, last])).map(({ record_id }) => record_id);
    if (records.length === 0) break;
    // The lock keeps a record from being erased meanwhile.
    await db.transaction(async (tx) => {
      await lockPracticeShared(tx, practiceId);
      await tx.query(fillFromResources, [practiceId, records]);
      await tx.query(fillFromTombstones, [practiceId, records]);
    });
    last = records.at(-1) ?? last;
    yield records.length;
  }
  await changeState(db, practiceId, 'complete');
}

/** Removes the ids from the registries of all practices. Lookups use the index on ids of the stored resources again. */
export async function emptyIdRegistries(db: Database): Promise<void> {
  for (const [practiceId, state] of await listIdRegistries(db)) {
    if (state === 'claims') continue;
    await changeState(db, practiceId, 'claims');
    for (let last: ResourceKey | undefined = FIRST_KEY; last !== undefined; ) {
      const after: ResourceKey = last;
      last = await db.transaction(async (tx) => {
        await lockPractice(tx, practiceId);
        return deleteSome(tx, practiceId, after);
      });
    }
  }
}

const changeState = (db: Database, practiceId: PracticeId, state: IdRegistryState): Promise<void> =>
  db.transaction(async (tx) => {
    await lockPractice(tx, practiceId);
    // Its Bundles register no ids any more, so it can't become complete.
    if (state === 'complete' && (await openRegistry(tx, practiceId)).state === 'claims') return;
    await setIdRegistry(tx, practiceId, state);
  });
