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
   ), hidden as (delete from conversion where record_id = $1 and type = $2 and id = $3)
   insert into tombstone (record_id, type, id, version, deleted_at, source, source_updated, retracted)
   select record_id, type, id, version + 1, $4, source, source_updated, true from gone returning version`,
);
/** Marks the last tombstone of a resource as retracted, if the resource had been deleted before it was retracted. */
const markTombstoneRetracted = statement(
  'fhir.seal.mark',
  VERSION,
  `update tombstone t set retracted = true where t.record_id = $1 and t.type = $2 and t.id = $3
     and not exists (select 1 from resource r where r.record_id = $1 and r.type = $2 and r.id = $3)
     and not exists (
       select 1 from tombstone u where u.record_id = $1 and u.type = $2 and u.id = $3 and u.version > t.version)
   returning t.version`,
);
/**
 * Deletes the content of the last version before the tombstone. The row stays, with the index values that authorization
 * uses (status, category, security labels). They decide whether a client gets 410 or 404: clients that were allowed to
 * read the version get 410.
 */
const emptyLast = statement(
  'fhir.seal.empty-last',
  {},
  `update resource_history set content = null, codes = '{}', dates = '{}', extra = null, sort_at = '-infinity'
   where record_id = $1 and type = $2 and id = $3 and version = $4 - 1`,
);
/**
 * Deletes all versions before the last one. Versions that an earlier retraction emptied stay: they have no content, and
 * undoing a merge of another record may need them.
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

/**
 * A retraction of one resource: `from` is the patient record that wrongly has it. `to` is the record of the patient it
 * belongs to, or undefined if that patient has no record at the practice.
 */
export interface ResourcePurge {
  readonly from: RecordId;
  readonly to: RecordId | undefined;
  readonly at: Date;
}

/**
 * Removes all content of a resource from a patient record, because the resource belongs to another person. A tombstone
 * remains, and none of the versions can be read anymore. The caller moves or deletes the documents of the resource.
 * @returns version number of the tombstone; undefined if the record never had the resource
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

/**
 * Returns the time when the first of some resources was stored in a patient record. Undefined if the record has no
 * version of any of them.
 */
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
  `with held as materialized (select record_id from tombstone where type = $2 and id = $3 and retracted),
     own as materialized (
       select h.record_id from held h join record x on x.record_id = h.record_id where x.practice_id = $1)
   update tombstone t set retracted = false
   where t.record_id in (select record_id from own) and t.type = $2 and t.id = $3 and t.retracted returning t.version`,
);

/**
 * Allows a feed to send a retracted resource again for the patient record from which it was retracted.
 * @returns true if the resource had been retracted from a record of the practice
 */
export const liftRetraction = async (
  tx: Executor,
  practiceId: PracticeId,
  { type, id }: ResourceKey,
): Promise<boolean> => (await tx.query(lift, [practiceId, type, id])).length > 0;
