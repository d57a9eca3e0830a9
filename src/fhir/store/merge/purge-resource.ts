import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import type { ResourceKey } from '../../model/resource-key.ts';
import { RECORD_ROWS } from '../write/write-rows.ts';

const VERSION = { version: 'int4' } as const;
const insertRetractedTombstone = statement(
  'fhir.seal.bury',
  VERSION,
  `with gone as (
     delete from resource where record_id = $1 and type = $2 and id = $3 returning record_id, type, id, version, source, source_updated
   ), hidden as (delete from projection where record_id = $1 and type = $2 and id = $3)
   insert into tombstone (record_id, type, id, version, deleted_at, source, source_updated, retracted)
   select record_id, type, id, version + 1, $4, source, source_updated, true from gone returning version`,
);
/** If the resource was deleted before, its last tombstone is marked as retracted. */
const markTombstoneRetracted = statement(
  'fhir.seal.mark',
  VERSION,
  `update tombstone t set retracted = true where t.record_id = $1 and t.type = $2 and t.id = $3
     and not exists (select from resource r where r.record_id = $1 and r.type = $2 and r.id = $3)
     and not exists (
       select from tombstone u where u.record_id = $1 and u.type = $2 and u.id = $3 and u.version > t.version)
   returning t.version`,
);
/**
 * Empties the version before the tombstone but keeps its row with the index values that authorization uses (status,
 * category, labels). Clients that were allowed to read it get 410, and all others 404.
 */
const emptyLast = statement(
  'fhir.seal.empty-last',
  {},
  `update resource_history set content = null, codes = '{}', dates = '{}', extra = null, sort_at = '-infinity'
   where record_id = $1 and type = $2 and id = $3 and version = $4 - 1`,
);
/**
 * Deletes older versions. Emptied versions of earlier retractions are kept: they have no content, and undoing a merge
 * in another record may need them.
 */
const dropOlder = statement(
  'fhir.seal.drop-older',
  {},
  `with ended as (delete from tombstone where record_id = $1 and type = $2 and id = $3 and version < $4 and not retracted)
   delete from resource_history where record_id = $1 and type = $2 and id = $3 and version < $4 - 1 and content is not null`,
);
const insertRetraction = statement(
  'fhir.seal.keep',
  {},
  `insert into retraction (record_id, type, id, retracted_at, into_record_id) values ($1, $2, $3, $4, $5)`,
);

/** The record a resource is purged from, and the record it belongs to; undefined if it has none here. */
export interface ResourcePurge {
  readonly from: RecordId;
  readonly to: RecordId | undefined;
  readonly at: Date;
}

/**
 * Purges a resource from a record because it belongs to another person. It ends with a tombstone, and none of its
 * versions can be read anymore. The caller handles its documents.
 * @returns the version of the tombstone; undefined if the record never had the resource
 */
export async function purgeResource(
  tx: Executor,
  { from, to, at }: ResourcePurge,
  { type, id }: ResourceKey,
): Promise<number | undefined> {
  await tx.query(RECORD_ROWS.copyToHistory, [from, [type], [id]]);
  const [row] = await tx.query(insertRetractedTombstone, [from, type, id, at]);
  const [ended = row] = row === undefined ? await tx.query(markTombstoneRetracted, [from, type, id]) : [];
  if (ended === undefined) return undefined;
  await tx.query(emptyLast, [from, type, id, ended.version]);
  await tx.query(dropOlder, [from, type, id, ended.version]);
  await tx.query(insertRetraction, [from, type, id, at, to ?? null]);
  return ended.version;
}

const since = statement(
  'fhir.seal.since',
  { since: 'timestamptz?' },
  `select min(v.last_updated) as since from unnest($2::text[], $3::uuid[]) as k (type, id)
     join (select type, id, last_updated from resource where record_id = $1
       union all select type, id, last_updated from resource_history where record_id = $1) v
     on v.type = k.type collate "C" and v.id = k.id`,
);

/** Returns when the first of the resources came to the record; undefined if the record has none of their versions. */
export async function findStoredSince(
  db: Executor,
  recordId: RecordId,
  keys: readonly ResourceKey[],
): Promise<Date | undefined> {
  const [row] = await db.query(since, [recordId, keys.map(({ type }) => type), keys.map(({ id }) => id)]);
  return row?.since ?? undefined;
}

const lift = statement(
  'fhir.seal.lift',
  VERSION,
  `update tombstone t set retracted = false from record x
   where x.record_id = t.record_id and x.practice_id = $1 and t.type = $2 and t.id = $3 and t.retracted returning t.version`,
);

/**
 * Allows a record to receive a retracted resource again if its source sends it.
 * @returns whether the resource had been retracted from a record of the practice
 */
export const liftRetraction = async (
  tx: Executor,
  practiceId: PracticeId,
  { type, id }: ResourceKey,
): Promise<boolean> => (await tx.query(lift, [practiceId, type, id])).length > 0;
