import { type Executor, type RowOf, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import { type ResourceKey, toKeyArrays } from '../../model/resource-key.ts';
import { ROWS_AT_ONCE } from '../rows-at-once.ts';
import { runBatches } from '../write/batch-statements.ts';
import { toPendingWrite } from '../write/pending-write.ts';
import { convertAgain, reprojectDependents } from '../write/write-projections.ts';
import {
  conversionValues,
  HISTORY_COLUMN_LIST,
  RECORD_ROWS,
  type ResourceRevision,
  revisionValues,
  SAME_KEY_SQL,
} from '../write/write-rows.ts';

/**
 * A move of resources from one patient record to another. If `from` and `to` are equal, the resources only get new
 * versions.
 */
export interface RowMove {
  readonly practiceId: PracticeId;
  readonly from: RecordId;
  readonly to: RecordId;
  readonly at: Date;
  readonly projections: readonly Projection[];
}

/** A resource to move. Its versions from `first` on move with it, as well as the tombstones among them. */
export interface MovedKey extends ResourceKey {
  readonly first: number;
  /**
   * The first version that stays in the old record; later ones stay as well. If undefined or null, all versions from
   * `first` on move.
   */
  readonly until?: number | null;
}

/** Columns of a stored resource that a move has to read. */
export const MOVED_ROW_COLUMNS = {
  type: 'text',
  id: 'uuid',
  version: 'int4',
  source: 'text?',
  source_updated: 'timestamptz?',
  content: 'text',
} as const;
const rowsOf = statement(
  'fhir.move.rows',
  MOVED_ROW_COLUMNS,
  `select r.type, r.id, r.version, r.source, r.source_updated, r.content from resource r
     join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY_SQL} where r.record_id = $1 order by r.type, r.id`,
);
/**
 * SQL that moves rows from patient record $1 to $2. An update of `record_id` can't do this: a distributed database may
 * store the two records on different nodes.
 * @param columns all columns but `record_id`
 * @param from SQL for rows to which the condition compares the rows `r` of the table
 */
export const moveRowsSql = (
  table: string,
  columns: string,
  { from, where }: { readonly from?: string; readonly where: string },
): string =>
  `with gone as (
     delete from ${table} r ${from === undefined ? '' : `using ${from} `}where r.record_id = $1 and ${where}
     returning ${columns.replaceAll(/\w+/g, 'r.$&')})
   insert into ${table} (record_id, ${columns}) select $2, ${columns} from gone`;
const moved = (table: string, columns: string) =>
  statement(
    `fhir.move.${table}`,
    {},
    moveRowsSql(table, columns, {
      from: 'unnest($3::text[], $4::uuid[], $5::int4[], $6::int4[]) as k (type, id, first, until)',
      where: `${SAME_KEY_SQL} and r.version >= k.first and (k.until is null or r.version < k.until)`,
    }),
  );
const moveHistory = moved('resource_history', HISTORY_COLUMN_LIST);
const moveTombstones = moved('tombstone', 'type, id, version, deleted_at, source, source_updated, retracted');
export const DOCUMENT_COLUMNS = 'id, resource_id, content_type, bytes';
const TYPES_WITH_DOCUMENTS = new Set(['DocumentReference', 'DiagnosticReport', 'Media']);
/**
 * Moves the documents of moved resources. Resources of different types can have the same id, so a document doesn't move
 * if a resource that stays in the record refers to it.
 */
const moveDocuments = statement(
  'fhir.move.documents',
  {},
  moveRowsSql('document', DOCUMENT_COLUMNS, {
    from: 'unnest($3::uuid[], $4::text[]) as k (id, content)',
    where: `r.resource_id = k.id and strpos(k.content, r.id::text) > 0
     and not exists (
       select 1 from resource q where q.record_id = $1 and q.id = r.resource_id and strpos(q.content, r.id::text) > 0)`,
  }),
);
const deleteCurrent = statement(
  'fhir.move.take-out',
  {},
  `with hidden as (
     delete from conversion r using unnest($2::text[], $3::uuid[]) as k (type, id) where r.record_id = $1 and ${SAME_KEY_SQL})
   delete from resource r using unnest($2::text[], $3::uuid[]) as k (type, id) where r.record_id = $1 and ${SAME_KEY_SQL}`,
);

/** A resource to move, as it is stored before the move. */
export interface RowBeforeMove extends ResourceKey {
  readonly version: number;
  readonly resource: Resource;
}

/**
 * Rewrites the content of moved resources for their new patient record. The results have the order of the given rows.
 */
export type RewriteRows = (rows: readonly RowBeforeMove[]) => Promise<readonly Resource[]>;

/**
 * Moves resources to another patient record, with history, documents and tombstones. Each resource gets a new version
 * with rewritten content, which is indexed and converted to other FHIR versions. The feed that sent it, and the time
 * that this feed gave for its last change, stay the same. The caller must lock both records and raise their versions.
 * @returns the numbers of the new versions by `Type/id`; resources that had been deleted have none
 */
export async function moveResources(
  tx: Executor,
  move: RowMove,
  keys: readonly MovedKey[],
  rewrite: RewriteRows,
): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for (let start = 0; start < keys.length; start += ROWS_AT_ONCE) {
    const part = keys.slice(start, start + ROWS_AT_ONCE);
    for (const [key, version] of await moveChunk(tx, move, part, rewrite)) versions.set(key, version);
  }
  await projectMovedResources(tx, move, keys);
  return versions;
}

/**
 * Converts moved resources to other FHIR versions. This happens after all of them have arrived, because a conversion
 * may depend on the resources they refer to. Other resources of both records are converted again if their conversion
 * depends on a moved resource.
 */
export async function projectMovedResources(
  tx: Executor,
  { from, to, projections }: Omit<RowMove, 'at' | 'practiceId'>,
  keys: readonly ResourceKey[],
): Promise<void> {
  for (let start = 0; start < keys.length; start += ROWS_AT_ONCE) {
    const part = keys.slice(start, start + ROWS_AT_ONCE);
    const rows = await tx.query(rowsOf, [to, part.map(({ type }) => type), part.map(({ id }) => id)]);
    const stored = rows.map(({ content }) => ({ resource: parseJson(content) as Resource, text: content }));
    await convertAgain(tx, to, stored, projections);
  }
  const ids = keys.map(({ id }) => id);
  await reprojectDependents(tx, to, ids, projections, new Set(keys.map(({ type, id }) => `${type}/${id}`)));
  if (from !== to) await reprojectDependents(tx, from, ids, projections);
}

async function moveChunk(tx: Executor, move: RowMove, keys: readonly MovedKey[], rewrite: RewriteRows) {
  const { practiceId, from, to, at } = move;
  const whole = toKeyArrays(keys.filter(({ until = null }) => until === null));
  const rows = await tx.query(rowsOf, [from, ...whole]);
  await tx.query(RECORD_ROWS.copyToHistory, [from, ...whole]);
  await tx.query(deleteCurrent, [from, ...whole]);
  if (from !== to) {
    const ranges = [...toKeyArrays(keys), keys.map(({ first }) => first), keys.map(({ until = null }) => until)];
    await tx.query(moveHistory, [from, to, ...ranges]);
    await tx.query(moveTombstones, [from, to, ...ranges]);
    const owners = rows.filter(({ type }) => TYPES_WITH_DOCUMENTS.has(type));
    await tx.query(moveDocuments, [from, to, owners.map(({ id }) => id), owners.map(({ content }) => content)]);
  }
  const firsts = new Map(keys.map(({ type, id, first }) => [`${type}/${id}`, first]));
  const nextOf = ({ type, id, version }: (typeof rows)[number]): number =>
    Math.max(version + 1, firsts.get(`${type}/${id}`) ?? 0);
  const stored = rows.map(({ content, ...row }) => ({ ...row, resource: parseJson(content) as Resource }));
  const resources = await rewrite(stored);
  return insertMovedRows(
    tx,
    { practiceId, to, at },
    rows.map((row, index) => ({ row, resource: resources[index] as Resource, version: nextOf(row) })),
  );
}

/** A resource to insert with a given version number. `row` says which feed sent it. */
export interface RowToInsert {
  readonly row: Pick<RowOf<typeof MOVED_ROW_COLUMNS>, 'source' | 'source_updated'>;
  readonly resource: Resource;
  readonly version: number;
}

/**
 * Inserts resources that the patient record doesn't have yet. Doesn't convert them to other FHIR versions.
 * @returns the version numbers by `Type/id`
 */
export async function insertMovedRows(
  tx: Executor,
  { practiceId, to, at }: Pick<RowMove, 'practiceId' | 'to' | 'at'>,
  rows: readonly RowToInsert[],
): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const revisions = rows.map(({ resource, version, row }): ResourceRevision & Pick<RowToInsert, 'row'> => ({
    draft: toPendingWrite(resource as Resource & { readonly id: string }),
    version,
    row,
  }));
  // The time of the last change according to the feed is copied from the old row, because the content of the resource
  // doesn't contain it. The resources are converted when all of them have arrived.
  const values = revisions.map((one) => [
    ...revisionValues(to, one, at, one.row.source, one.row.source_updated),
    ...conversionValues(undefined),
    practiceId,
  ]);
  await runBatches(tx, RECORD_ROWS.upsert, values);
  return new Map(revisions.map(({ draft, version }) => [`${draft.type}/${draft.id}`, version]));
}
