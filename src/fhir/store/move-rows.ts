import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { runBatches } from './batches.ts';
import { draftOf } from './draft.ts';
import type { ResourceKey } from './stored.ts';
import { remakeDependents, writeProjections } from './write-projections.ts';
import { RECORD_ROWS, type Revision, SAME_KEY, valuesOf } from './write-rows.ts';

/** Rows leave a record and come to another, or to the same one with other words. */
export interface Move {
  readonly from: RecordId;
  readonly to: RecordId;
  readonly at: Date;
  readonly projections: readonly Projection[];
}

/** What goes: a resource with its versions from this one on, and the tombstones between. */
export interface MovedKey extends ResourceKey {
  readonly first: number;
  /** The first version that stays, with all after it: only what is past goes then. */
  readonly until?: number | null;
}

/** A row as it is read to be moved: with whose word it is. */
export const MOVED_ROW = {
  type: 'text',
  id: 'uuid',
  version: 'int4',
  source: 'text?',
  source_updated: 'timestamptz?',
  content: 'text',
} as const;
const rowsOf = statement(
  'fhir.move.rows',
  MOVED_ROW,
  `select r.type, r.id, r.version, r.source, r.source_updated, r.content from resource r
     join unnest($2::text[], $3::uuid[]) as k (type, id) on ${SAME_KEY} where r.record_id = $1 order by r.type, r.id`,
);
const moved = (table: string) =>
  statement(
    `fhir.move.${table}`,
    {},
    `update ${table} r set record_id = $2 from unnest($3::text[], $4::uuid[], $5::int4[], $6::int4[]) as k (type, id, first, until)
       where r.record_id = $1 and ${SAME_KEY} and r.version >= k.first and (k.until is null or r.version < k.until)`,
  );
const [moveHistory, moveTombstones] = [moved('resource_history'), moved('tombstone')];
const DOCUMENTED = new Set(['DocumentReference', 'DiagnosticReport', 'Media']);
/** Resources of two types may have one id: what one that stays names stays. */
const moveDocuments = statement(
  'fhir.move.documents',
  {},
  `update document d set record_id = $2 from unnest($3::uuid[], $4::text[]) as k (id, content)
   where d.record_id = $1 and d.resource_id = k.id and strpos(k.content, d.id::text) > 0
     and not exists (
       select from resource r where r.record_id = $1 and r.id = d.resource_id and strpos(r.content, d.id::text) > 0)`,
);
const takeOut = statement(
  'fhir.move.take-out',
  {},
  `with hidden as (
     delete from projection r using unnest($2::text[], $3::uuid[]) as k (type, id) where r.record_id = $1 and ${SAME_KEY})
   delete from resource r using unnest($2::text[], $3::uuid[]) as k (type, id) where r.record_id = $1 and ${SAME_KEY}`,
);

/** As it stands in the record that it leaves. */
export interface StoredRow extends ResourceKey {
  readonly version: number;
  readonly resource: Resource;
}

/** What becomes of some rows: their words in the record that they come to, in their order. */
export type Rewrite = (rows: readonly StoredRow[]) => Promise<readonly Resource[]>;

const CHUNK = 200;

/**
 * Moves resources with their history, documents and tombstones. Each gets its next version there, in other words, and is
 * found and projected by these; who brought it, and when by their clock, stays known. The caller holds the locks of both
 * records and raises their versions.
 * @returns the versions that were written, by `Type/id`; what was deleted before has none
 */
export async function moveRows(
  tx: Executor,
  move: Move,
  keys: readonly MovedKey[],
  rewrite: Rewrite,
): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for (let start = 0; start < keys.length; start += CHUNK) {
    const part = keys.slice(start, start + CHUNK);
    for (const [key, version] of await moveSome(tx, move, part, rewrite)) versions.set(key, version);
  }
  await projectMoved(tx, move, keys);
  return versions;
}

/**
 * Projects what has come to a record, when all of it is there: a projection may tell what a resource refers to. In both
 * records those are made anew that refer to it.
 */
export async function projectMoved(
  tx: Executor,
  { from, to, projections }: Omit<Move, 'at'>,
  keys: readonly ResourceKey[],
): Promise<void> {
  for (let start = 0; start < keys.length; start += CHUNK) {
    const part = keys.slice(start, start + CHUNK);
    const rows = await tx.query(rowsOf, [to, part.map(({ type }) => type), part.map(({ id }) => id)]);
    const stored = rows.map(({ content }) => ({ resource: parseJson(content) as Resource, text: content }));
    await writeProjections(tx, to, stored, projections);
  }
  const ids = keys.map(({ id }) => id);
  await remakeDependents(tx, to, ids, projections, new Set(keys.map(({ type, id }) => `${type}/${id}`)));
  if (from !== to) await remakeDependents(tx, from, ids, projections);
}

async function moveSome(tx: Executor, move: Move, keys: readonly MovedKey[], rewrite: Rewrite) {
  const { from, to, at } = move;
  const whole = asArrays(keys.filter(({ until = null }) => until === null));
  const rows = await tx.query(rowsOf, [from, ...whole]);
  await tx.query(RECORD_ROWS.keep, [from, ...whole]);
  await tx.query(takeOut, [from, ...whole]);
  if (from !== to) {
    const ranges = [...asArrays(keys), keys.map(({ first }) => first), keys.map(({ until = null }) => until)];
    await tx.query(moveHistory, [from, to, ...ranges]);
    await tx.query(moveTombstones, [from, to, ...ranges]);
    const owners = rows.filter(({ type }) => DOCUMENTED.has(type));
    await tx.query(moveDocuments, [from, to, owners.map(({ id }) => id), owners.map(({ content }) => content)]);
  }
  const firsts = new Map(keys.map(({ type, id, first }) => [`${type}/${id}`, first]));
  const nextOf = ({ type, id, version }: (typeof rows)[number]): number =>
    Math.max(version + 1, firsts.get(`${type}/${id}`) ?? 0);
  const stored = rows.map(({ content, ...row }) => ({ ...row, resource: parseJson(content) as Resource }));
  const words = await rewrite(stored);
  return putRows(
    tx,
    { to, at },
    rows.map((row, place) => ({ row, resource: words[place] as Resource, version: nextOf(row) })),
  );
}

const asArrays = (keys: readonly ResourceKey[]) => [keys.map(({ type }) => type), keys.map(({ id }) => id)];

/** A row that is written under the version that is given, as its source brought it. */
export interface PutRow {
  readonly row: Pick<RowOf<typeof MOVED_ROW>, 'source' | 'source_updated'>;
  readonly resource: Resource;
  readonly version: number;
}

/** Writes rows that are not there, without projections. @returns their versions, by `Type/id` */
export async function putRows(
  tx: Executor,
  { to, at }: Pick<Move, 'to' | 'at'>,
  rows: readonly PutRow[],
): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const revisions = rows.map(({ resource, version, row }): Revision & Pick<PutRow, 'row'> => ({
    draft: draftOf(resource as Resource & { readonly id: string }),
    version,
    row,
  }));
  // The last of the columns is the date of the source, which the text of the row does not have.
  const values = revisions.map((one) => [
    ...valuesOf(to, one, at, one.row.source).slice(0, -1),
    one.row.source_updated?.toISOString() ?? null,
  ]);
  await runBatches(tx, RECORD_ROWS.upsert, values);
  return new Map(revisions.map(({ draft, version }) => [`${draft.type}/${draft.id}`, version]));
}
