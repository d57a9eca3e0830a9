import type { Executor } from '../../database/index.ts';
import type { Sort } from '../core/condition.ts';
import type { Cursor } from '../core/cursor.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { nameOfShape } from './shapes.ts';
import { dateColumns, type Source, sourceOf } from './where.ts';

export interface FoundRow {
  /** As stored. */
  readonly type: string;
  readonly id: string;
  readonly content: string;
}
export interface FoundMatch extends FoundRow {
  /** Its place in the order, as PostgreSQL prints it: what a cursor holds. */
  readonly position: string;
}
export interface ReadRow extends FoundRow {
  readonly version: number;
  readonly last_updated: Date;
}

/** Part of a search's matches, in its order. */
export interface Slice {
  readonly sort: Sort;
  readonly after: Pick<Cursor, 'position' | 'id' | 'asOf'> | undefined;
  readonly limit: number;
}

/** Keyset paging: a page costs the same wherever it is, and rows that come or go move no other. */
export async function findMatches(db: Executor, query: EnforcedQuery, slice: Slice): Promise<readonly FoundMatch[]> {
  const source = sourceOf(query);
  const key = sortColumn(query, slice.sort);
  const after = slice.after === undefined ? '' : ` and ${afterSql(source, key, slice.sort, slice.after)}`;
  const direction = slice.sort.descending ? 'desc' : 'asc';
  const text = `select r.type, r.id, ${source.content} as content, ${key}::text as position from ${source.from}
    where ${source.where}${after} order by ${key} ${direction}, r.id ${direction} limit ${source.bind(slice.limit)}`;
  return run(db, source, text);
}

/** How many match in all, and the latest change among them: with it later pages leave out what is new since. */
export async function countMatches(db: Executor, query: EnforcedQuery): Promise<{ total: number; asOf: string }> {
  const source = sourceOf(query, true);
  const text = `select count(*) as total, coalesce(max(r.last_updated), '-infinity')::text as as_of from ${source.from}
    where ${source.where}`;
  const [row] = await run<{ total: number; as_of: string }>(db, source, text);
  return { total: row?.total ?? 0, asOf: row?.as_of ?? '-infinity' };
}

/** Everything that fulfils the query: what is included beside the matches is never cut. */
export async function findAll(db: Executor, query: EnforcedQuery): Promise<readonly FoundRow[]> {
  const source = sourceOf(query);
  const text = `select r.type, r.id, ${source.content} as content from ${source.from}
    where ${source.where} order by r.sort_at desc, r.id desc`;
  return run(db, source, text);
}

export async function readOne(db: Executor, query: EnforcedQuery): Promise<ReadRow | undefined> {
  const source = sourceOf(query);
  const text = `select r.type, r.id, r.version, r.last_updated, ${source.content} as content from ${source.from}
    where ${source.where}`;
  const [row] = await runKept<ReadRow>(db, source, text);
  return row;
}

export interface DocumentRow {
  readonly content_type: string;
  readonly bytes: Buffer;
  readonly resource_id: string;
}

/** @param query of DocumentReferences: only a document of one of these is found */
export async function readDocument(db: Executor, query: EnforcedQuery, id: string): Promise<DocumentRow | undefined> {
  const source = sourceOf(query);
  const text = `select d.content_type, d.bytes, d.resource_id from ${source.from}
    join document d on d.record_id = r.record_id and d.resource_id = r.id
    where ${source.where} and d.id = ${source.bind(id)}`;
  const [row] = await runKept<DocumentRow>(db, source, text);
  return row;
}

/**
 * For what is found by its key: planned once. Searches are planned each time, a tenth of a millisecond: a plan for any
 * value takes every condition for selective, and would fetch and sort the whole record for each page.
 */
const runKept = <Row>(db: Executor, source: Source, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, source.parameters, nameOfShape(text));
const run = <Row>(db: Executor, source: Source, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, source.parameters);

function sortColumn(query: EnforcedQuery, { key }: Sort): string {
  if (key.kind === 'main') return 'r.sort_at';
  if (key.kind === 'updated') return 'r.last_updated';
  // Row-wise comparison loses null rows.
  return `coalesce(${dateColumns(query.type, key.index)[0]}, '-infinity')`;
}

/**
 * What comes after the last row of the page before. Resources that were made since page 1 stay out, so that the pages
 * add up to its total. One that was changed since keeps its place; only in the order of changes it would come twice, and
 * waits for the client's next search by _lastUpdated.
 */
function afterSql(source: Source, key: string, sort: Sort, after: NonNullable<Slice['after']>): string {
  const sign = sort.descending ? '<' : '>';
  const position = `(${key}, r.id) ${sign} (${source.bind(after.position)}::timestamptz, ${source.bind(after.id)}::uuid)`;
  const asOf = `r.last_updated <= ${source.bind(after.asOf)}::timestamptz`;
  return sort.key.kind === 'updated' ? `${position} and ${asOf}` : `${position} and (${asOf} or r.version > 1)`;
}
