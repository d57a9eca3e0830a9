import { type Executor, type RowOf, statement } from '../../../../database/index.ts';
import { isObject, type PracticeId, type RecordId } from '../../../../kernel/index.ts';
import { parseJson } from '../../../model/json.ts';
import { type ResourceKey, toKeyArrays, toReferenceText, uniqueKeys } from '../../../model/resource-key.ts';
import { findRegistered } from '../../id-registry/registered-ids.ts';
import { elementsAt } from '../../index/elements.ts';
import { RESOURCE_INDEX } from '../../index/index-definitions.ts';
import { valueToken } from '../../index/token-hash.ts';

/** Latest state of a resource at a practice. If the resource was deleted, this describes its last tombstone. */
export interface PracticeResourceState {
  readonly version: number;
  readonly lastUpdated: Date;
  /** Feed or import that sent the resource. Undefined if that isn't known. */
  readonly source: string | undefined;
  /** Latest `meta.lastUpdated` that the feed or import sent with the resource. Undefined if it sent none. */
  readonly sourceUpdated: Date | undefined;
  /** Patient whose record has the resource. Undefined for a resource of the practice's directory. */
  readonly patientId: string | undefined;
  readonly recordId: RecordId | undefined;
  readonly deleted: boolean;
  /**
   * True if the resource was retracted from the record, because it belonged to another person. The record then has no
   * content of it.
   */
  readonly retracted: boolean;
}

const COLUMNS = {
  type: 'text',
  id: 'uuid',
  version: 'int4',
  last_updated: 'timestamptz',
  source: 'text?',
  source_updated: 'timestamptz?',
  record_id: 'int8?',
  patient_id: 'uuid?',
  deleted: 'bool',
  retracted: 'bool',
} as const;

const findSql = (rows: string): string =>
  `with k (type, id) as (select * from unnest($2::text[], $3::uuid[])),
   held as materialized (
     select type, id, version, last_updated, source, source_updated, record_id from resource where ${rows}),
   deleted as materialized (
     select type, id, version, deleted_at, source, source_updated, record_id, retracted from tombstone where ${rows})
   select r.type, r.id, r.version, r.last_updated, r.source, r.source_updated, r.record_id, x.patient_id, false as deleted, false as retracted from k
     join held r on r.id = k.id and r.type = k.type collate "C"
     join record x on x.record_id = r.record_id and x.practice_id = $1 and x.state = 'active'
   union all
   select r.type, r.id, r.version, r.last_updated, r.source, r.source_updated, null, null, false, false from k
     join shared_resource r on r.practice_id = $1 and r.type = k.type collate "C" and r.id = k.id
   union all
   select t.type, t.id, t.version, t.deleted_at, t.source, t.source_updated, t.record_id, x.patient_id, true, t.retracted from k
     join deleted t on t.id = k.id and t.type = k.type collate "C"
     join record x on x.record_id = t.record_id and x.practice_id = $1 and x.state = 'active'
   union all
   select t.type, t.id, t.version, t.deleted_at, t.source, t.source_updated, null, null, true, false from k
     join shared_tombstone t on t.practice_id = $1 and t.type = k.type collate "C" and t.id = k.id
   order by deleted desc, version`;
const find = statement('fhir.find-at-practice', COLUMNS, findSql('id = any($3::uuid[])'));
/** Finds resources in the directory of a practice, and in the patient records $4. */
const findInRecords = statement(
  'fhir.find-in-records',
  COLUMNS,
  findSql('record_id = any($4::int8[]) and id = any($3::uuid[])'),
);
const byToken = statement(
  'fhir.find-by-identifier',
  { id: 'uuid', content: 'text', patient_id: 'uuid?' },
  `with held as materialized (
     select id, type, content, record_id from resource where type = $2 and codes && array[$3::int8])
   select r.id, r.content, case r.type when 'Patient' then x.patient_id end as patient_id from held r
     join record x on x.record_id = r.record_id and x.practice_id = $1 and x.state = 'active'
   union all
   select r.id, r.content, null from shared_resource r
     where r.practice_id = $1 and r.type = $2 and r.codes && array[$3::int8]
   limit 20`,
);

/**
 * Finds the latest state of resources that a practice has or had. The keys of the result are of the form `Type/id`. The
 * caller must hold the practice's lock.
 */
export async function findPracticeResources(
  tx: Executor,
  practiceId: PracticeId,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, PracticeResourceState>> {
  if (keys.length === 0) return new Map();
  const rows = await findRows(tx, practiceId, keys);
  return new Map(
    rows.map((row) => [
      `${row.type}/${row.id}`,
      {
        version: row.version,
        lastUpdated: row.last_updated,
        deleted: row.deleted,
        retracted: row.retracted,
        source: row.source ?? undefined,
        sourceUpdated: row.source_updated ?? undefined,
        patientId: row.patient_id ?? undefined,
        recordId: (row.record_id ?? undefined) as RecordId | undefined,
      },
    ]),
  );
}

/**
 * Finds the rows of resources. If the id registry of the practice is complete, it names the records to look in. Only a
 * resource that isn't there now, because it was deleted or moved, is looked for in all records.
 */
async function findRows(
  tx: Executor,
  practiceId: PracticeId,
  keys: readonly ResourceKey[],
): Promise<readonly RowOf<typeof COLUMNS>[]> {
  const registered = await findRegistered(tx, practiceId, keys);
  if (registered === undefined) return tx.query(find, [practiceId, ...toKeyArrays(keys)]);
  const records = [...new Set(registered.values())];
  const rows = await tx.query(findInRecords, [practiceId, ...toKeyArrays(keys), records]);
  const current = new Set(rows.filter(isCurrent).map(toReferenceText));
  const others = uniqueKeys(keys).filter(
    (key) => registered.has(toReferenceText(key)) && !current.has(toReferenceText(key)),
  );
  if (others.length === 0) return rows;
  const searched = new Set(others.map(toReferenceText));
  return [
    ...rows.filter((row) => !searched.has(toReferenceText(row))),
    ...(await tx.query(find, [practiceId, ...toKeyArrays(others)])),
  ];
}

const isCurrent = ({ deleted, record_id }: RowOf<typeof COLUMNS>): boolean => !deleted && record_id !== null;

/** True if resources of this type can be found by their identifier. */
export const isSearchableByIdentifier = (type: string): boolean =>
  Object.hasOwn(RESOURCE_INDEX[type]?.tokens ?? {}, 'identifier');

/**
 * Returns the ids of a practice's resources that have exactly this identifier. The search index ignores case and
 * contains hashes, so each match is compared with the stored text: a different case or a hash collision must never
 * select the wrong patient. After a merge, one record can contain several Patients that match. Only the current Patient
 * of the record is then returned, and not those that it replaces.
 */
export async function findIdsByIdentifier(
  tx: Executor,
  practiceId: PracticeId,
  type: string,
  identifier: { readonly system: string; readonly value: string },
): Promise<readonly string[]> {
  const { system, value } = identifier;
  const rows = await tx.query(byToken, [practiceId, type, valueToken('identifier', { system, code: value })]);
  const found = rows.filter(({ content }) => hasIdentifier(parseJson(content), identifier));
  const byPatient = Map.groupBy(found, ({ id, patient_id }) => patient_id ?? id);
  return [...byPatient].map(([survivor, same]) => (same.length === 1 ? (same[0]?.id ?? survivor) : survivor));
}

const hasIdentifier = (
  resource: unknown,
  { system, value }: { readonly system: string; readonly value: string },
): boolean =>
  elementsAt(resource, 'identifier').some(
    (one) => isObject(one) && (one['system'] ?? '') === system && one['value'] === value,
  );
