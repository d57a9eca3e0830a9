import type { Executor } from '../../database/index.ts';
import { type PracticeId, Problem } from '../../kernel/index.ts';
import type { Sort } from '../core/condition.ts';
import type { Cursor } from '../core/cursor.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { dateColumns } from './conditions.ts';
import { nameOfShape } from './shapes.ts';
import { type Source, sourceOf } from './where.ts';

export interface FoundRow {
  /** As stored. */
  readonly type: string;
  readonly id: string;
  /** Its record; in the directory, its practice. */
  readonly home: number;
  readonly content: string;
  /** The places of targets, from 1, that are to be left out. */
  readonly unseen?: readonly number[];
}
export interface FoundMatch extends FoundRow {
  /** Its place in the order, as PostgreSQL prints it: what a cursor holds. */
  readonly position: string;
  /** Where there are rows of several practices. */
  readonly practice?: number;
}
export interface ReadRow extends FoundRow {
  readonly version: number;
  readonly last_updated: Date;
}

/** How much of a search's matches, in which order. */
export interface Slice {
  readonly sort: Sort;
  readonly limit: number;
  /** Matches before the page. */
  readonly offset: number;
  /** Whether it is asked how many match in all. */
  readonly counted: boolean;
}
type After = Omit<Cursor, 'sort'>;

export interface Matches {
  readonly rows: readonly FoundMatch[];
  /** Whether there are others after these. */
  readonly more: boolean;
  /** undefined: it was not asked for. */
  readonly total: number | undefined;
  /**
   * The latest change among all matches: with it later pages leave out what is new since. The times rise with every
   * commit at a practice; of several, what was being loaded at another may come in on a later page.
   */
  readonly asOf: string;
}

/**
 * The first page and how many match in all, in one statement: of two, each would see what the other does not, and the
 * pages would not add up to the total. PostgreSQL counts only when it is asked to, that is when the page is full.
 */
export async function findFirst(db: Executor, query: EnforcedQuery, slice: Slice): Promise<Matches> {
  const { sort, limit, offset, counted: isCounted } = slice;
  const parameters: unknown[] = [];
  const source = sourceOf(query, { parameters });
  const practice = source.practice === undefined ? [] : ['page.practice'];
  const unseen = source.unseen === undefined ? [] : ['page.unseen'];
  // Of a later page one can't tell from its length how many match.
  const needed = offset > 0 ? 'true' : `(select count(*) from page) > ${source.bind(limit)}`;
  const facts = isCounted ? countSql(sourceOf(query, { counting: true, parameters })) : latestSql(query, source);
  const text = `with page as materialized (${pageSql(query, source, slice)}),
    counted as (select case when ${needed} then (${facts}) end as facts)
    select ${[...PAGE_COLUMNS, ...practice, ...unseen].join(', ')}, counted.facts from counted left join page on true
    ${orderSql(['page.sort_key', 'page.id', ...practice], sort)}`;
  const all = await run<FoundMatch & Counted>(db, source, text);
  // A page without rows still has its count.
  const found = all.filter(({ id }) => id !== null);
  const counts = factsOf(all[0]) ?? { total: isCounted ? found.length : undefined, asOf: '-infinity' };
  return { rows: found.slice(0, limit), more: found.length > limit, ...counts };
}

/** Keyset paging: a page costs the same wherever it is, and rows that come or go move no other. */
export async function findAfter(db: Executor, query: EnforcedQuery, slice: Slice, after: After): Promise<Matches> {
  const { limit } = slice;
  const source = sourceOf(query);
  const text = pageSql(query, source, { ...slice, offset: 0 }, after);
  const found = await run<FoundMatch>(db, source, text);
  return { rows: found.slice(0, limit), more: found.length > limit, total: after.total, asOf: after.asOf };
}

export async function countMatches(db: Executor, query: EnforcedQuery): Promise<number> {
  const source = sourceOf(query, { counting: true });
  const [row] = await run<Counted>(db, source, `select (${countSql(source)}) as facts`);
  return factsOf(row)?.total ?? 0;
}

/** How many and the latest change as one column: `120 2026-11-02 09:00:00+00`. */
interface Counted {
  readonly facts: string | null;
}
const countSql = ({ from, where }: Source): string =>
  `select count(*) || ' ' || coalesce(max(r.last_updated), '-infinity') from ${from} where ${where}`;

/**
 * In the form of `countSql`, without how many there are: the latest change of anything of the type in the record, which one
 * look at an index tells. Across records nothing tells it as cheaply, and what is new may come in on later pages.
 */
function latestSql({ place, type, kept }: EnforcedQuery, { bind }: Source): string {
  if (kept !== 'record' || place?.kind !== 'record') return "select '- infinity'";
  return `select '- ' || coalesce(max(n.last_updated), '-infinity') from resource n
    where n.record_id = ${bind(place.recordId)} and n.type = ${bind(type)}`;
}

function factsOf(row: Counted | undefined): Pick<Matches, 'total' | 'asOf'> | undefined {
  const [, total, asOf] = /^(\d+|-) (.+)$/.exec(row?.facts ?? '') ?? [];
  return asOf === undefined ? undefined : { total: total === '-' ? undefined : Number(total), asOf };
}

/** One row more than the page has, which tells whether there is a next one. */
function pageSql(query: EnforcedQuery, source: Source, { sort, limit, offset }: Slice, after?: After): string {
  const key = sortColumn(query, sort);
  // Of several practices two rows may have the same id.
  const keys = [key, 'r.id', ...(source.practice === undefined ? [] : [source.practice])];
  const practice = source.practice === undefined ? '' : `, ${source.practice} as practice`;
  const rest = after === undefined ? '' : ` and ${afterSql(source, keys, sort, after)}`;
  return `select ${columnsSql(source)}, ${key}::text as position, ${key} as sort_key${practice}
    from ${source.from} where ${source.where}${rest} ${orderSql(keys, sort)} limit ${source.bind(limit + 1)}${offset === 0 ? '' : ` offset ${source.bind(offset)}`}`;
}

const columnsSql = ({ home, content, unseen }: Source): string =>
  `r.type, r.id, ${home} as home, ${content} as content${unseen === undefined ? '' : `, ${unseen} as unseen`}`;
const PAGE_COLUMNS = ['page.type', 'page.id', 'page.home', 'page.content', 'page.position'];

function orderSql(keys: readonly string[], { descending }: Sort): string {
  return `order by ${keys.map((key) => `${key} ${descending ? 'desc' : 'asc'}`).join(', ')}`;
}

/** Everything that fulfils the query: what is included beside the matches is never cut. */
export async function findAll(db: Executor, query: EnforcedQuery): Promise<readonly FoundRow[]> {
  const source = sourceOf(query);
  const text = `select ${columnsSql(source)} from ${source.from}
    where ${source.where} order by r.sort_at desc, r.id desc`;
  return run(db, source, text);
}

export async function readOne(db: Executor, query: EnforcedQuery): Promise<ReadRow | undefined> {
  const source = sourceOf(query);
  const text = `select ${columnsSql(source)}, r.version, r.last_updated from ${source.from}
    where ${source.where}${preferSql(query, source)}`;
  const [row] = await runKept<ReadRow>(db, query, source, text);
  return row;
}

/** Of several practices' that of the record in context, which the client means; otherwise always the same one. */
const preferSql = ({ practice = 0 as PracticeId }: EnforcedQuery, source: Source): string =>
  source.practice === undefined
    ? ''
    : ` order by ${source.practice} = ${source.bind(practice)} desc, ${source.practice} limit 1`;

export interface DocumentRow {
  readonly content_type: string;
  readonly bytes: Buffer;
  readonly resource_id: string;
  /** Its record. */
  readonly home: number;
}

/** @param query of DocumentReferences: only a document of one of these is found */
export async function readDocument(db: Executor, query: EnforcedQuery, id: string): Promise<DocumentRow | undefined> {
  const source = sourceOf(query);
  const text = `select d.content_type, d.bytes, d.resource_id, d.record_id as home from ${source.from}
    join document d on d.record_id = r.record_id and d.resource_id = r.id
    where ${source.where} and d.id = ${source.bind(id)}${preferSql(query, source)}`;
  const [row] = await runKept<DocumentRow>(db, query, source, text);
  return row;
}

/**
 * For what is found by its key: planned once, but for granular scopes, whose shapes are as many as clients think of.
 * Searches are planned each time, a tenth of a millisecond: a plan for any value takes every condition for selective, and
 * would fetch and sort the whole record for each page.
 */
const runKept = async <Row>(db: Executor, query: EnforcedQuery, source: Source, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, sendable(source), isGranular(query) ? undefined : nameOfShape(text));
const isGranular = ({ parts }: EnforcedQuery): boolean =>
  parts.some(({ granted, about }) => granted !== undefined || (about !== undefined && about.some.length > 0));
const run = async <Row>(db: Executor, source: Source, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, sendable(source));

/** PostgreSQL refuses more as if the connection were at fault, and the answer would say that it can't be reached. */
const MOST_PARAMETERS = 65_535;

function sendable({ parameters }: Source): readonly unknown[] {
  if (parameters.length <= MOST_PARAMETERS) return parameters;
  throw new Problem('search-invalid', {
    status: 400,
    message: 'This search, with the granular scopes of its access token, asks for more than can be looked for at once.',
  });
}

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
function afterSql({ bind }: Source, keys: readonly string[], sort: Sort, after: After): string {
  const last = [`${bind(after.position)}::timestamptz`, `${bind(after.id)}::uuid`];
  if (keys.length > last.length) last.push(`${bind(after.practice ?? 0)}::bigint`);
  const position = `(${keys.join(', ')}) ${sort.descending ? '<' : '>'} (${last.join(', ')})`;
  const asOf = `r.last_updated <= ${bind(after.asOf)}::timestamptz`;
  return sort.key.kind === 'updated' ? `${position} and ${asOf}` : `${position} and (${asOf} or r.version > 1)`;
}
