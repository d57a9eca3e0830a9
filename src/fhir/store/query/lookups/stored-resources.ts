import { type Executor, statement } from '../../../../database/index.ts';
import type { RecordId } from '../../../../kernel/index.ts';
import type { Resource } from '../../../model/fhir-version.ts';
import { parseJson } from '../../../model/json.ts';
import { type ResourceKey, toKeyArrays, toReferenceText } from '../../../model/resource-key.ts';
import { findRegistered, type RecordOfPractice } from '../../id-registry/registered-ids.ts';

const read = statement(
  'fhir.read-stored',
  { content: 'text' },
  'select content from resource where record_id = $1 and type = $2 and id = $3',
);
/**
 * Finds the given resources in the other active records of the practice, and tombstones that keep patient record $2 from
 * storing a resource: it was deleted from another record, or was retracted from record $2. A tombstone has no such effect
 * if record $2 has the resource now, because the resource was stored there after the deletion or retraction.
 *
 * The ids alone are looked up first, in the indexes on ids. While a table is being filled, PostgreSQL has poor
 * statistics, and would otherwise look up every id in each of the practice's records. A distributed database can't join
 * the rows to the table `record` before it has collected them.
 */
const elsewhere = statement(
  'fhir.stored-elsewhere',
  { type: 'text', id: 'uuid', retracted: 'bool' },
  `with held as materialized (
     select s.type, s.id, s.record_id, true as current, false as retracted from resource s where s.id = any($4::uuid[])
     union all
     select s.type, s.id, s.record_id, false, s.retracted from tombstone s where s.id = any($4::uuid[]))
   select distinct r.type, r.id, r.retracted from unnest($3::text[], $4::uuid[]) as k (type, id)
     join held r on r.type = k.type collate "C" and r.id = k.id
   where case when r.current then r.record_id <> $2 else r.retracted = (r.record_id = $2) end
     and (r.current or not exists (
       select 1 from held q where q.current and q.record_id = $2 and q.type = r.type and q.id = r.id))
     and exists (
       select 1 from record o where o.record_id = r.record_id and o.practice_id = $1 and o.state = 'active' offset 0)
   order by retracted`,
);

const inRecord = statement(
  'fhir.stored-in-record',
  { type: 'text', id: 'uuid' },
  `select r.type, r.id from resource r
     join unnest($2::text[], $3::uuid[]) as k (type, id) on r.type = k.type collate "C" and r.id = k.id
   where r.record_id = $1`,
);

/** Reads the content of a stored resource, for imports that compare it with the received one. */
export async function readStoredResource(
  tx: Executor,
  recordId: RecordId,
  key: ResourceKey,
): Promise<Resource | undefined> {
  const [row] = await tx.query(read, [recordId, key.type, key.id]);
  return row === undefined ? undefined : (parseJson(row.content) as Resource);
}

/**
 * Reason why a patient record can't store a resource. `elsewhere`: another record of the practice has the resource, or
 * had it. `retracted`: the resource was retracted from this record.
 */
export type StorageConflict = 'elsewhere' | 'retracted';

/**
 * Finds resources that a patient record can't store. Either another record of the practice has the resource or had it
 * until it was deleted there, or the resource was retracted from this record. A retraction from another record doesn't
 * matter. The keys of the result are of the form `Type/id`. The caller must hold the practice's lock.
 */
export async function findStorageConflicts(
  tx: Executor,
  { practiceId, recordId }: RecordOfPractice,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, StorageConflict>> {
  const possible = await withPossibleConflict(tx, { practiceId, recordId }, keys);
  if (possible.length === 0) return new Map();
  // The statement has no name, so PostgreSQL plans it each time. A plan that was prepared while the table was small
  // took 200 times as long.
  const rows = await tx.queryText<NonNullable<(typeof elsewhere)['row']>>(elsewhere.text, [
    practiceId,
    recordId,
    ...toKeyArrays(possible),
  ]);
  return new Map(rows.map(({ type, id, retracted }) => [`${type}/${id}`, retracted ? 'retracted' : 'elsewhere']));
}

/**
 * Leaves out resources without a conflict, if the id registry of the practice is complete: those that no record has or
 * had, and those that the patient record itself has.
 */
async function withPossibleConflict(
  tx: Executor,
  { practiceId, recordId }: RecordOfPractice,
  keys: readonly ResourceKey[],
): Promise<readonly ResourceKey[]> {
  const registered = await findRegistered(tx, practiceId, keys);
  if (registered === undefined) return keys;
  const known = keys.filter((key) => registered.has(toReferenceText(key)));
  const stored = known.length === 0 ? [] : await tx.query(inRecord, [recordId, ...toKeyArrays(known)]);
  const own = new Set(stored.map(toReferenceText));
  return known.filter((key) => !own.has(toReferenceText(key)));
}
