import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { ResourceRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { existedAtFirstPageSql } from './sql/known-since-sql.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';

/** The ids of one type's resources in one compartment, as they were at one moment. */
export interface IdList {
  /** The query that also fetches the contents. */
  readonly query: EnforcedQuery;
  /** record_id, or practice_id for directory types. */
  readonly home: number;
  /** The practice of the record, for queries that span several practices. */
  readonly practice?: number | undefined;
  /** Sorted ascending. */
  readonly ids: IdSequence;
}

/** A sequence of ids that need not be stored as an array. */
interface IdSequence {
  readonly length: number;
  slice(from: number, to: number): readonly string[];
}

/**
 * Keeps the ids as the single text that PostgreSQL returned. Separate strings would take twice the memory for as long
 * as the client reads.
 */
const parseIdSequence = (text: string): IdSequence => ({
  length: (text.length + 1) / (UUID_LENGTH + 1),
  slice: (from, to) => (to <= from ? [] : text.slice(from * (UUID_LENGTH + 1), to * (UUID_LENGTH + 1) - 1).split(',')),
});

const UUID_LENGTH = 36;

export interface CollectedIds {
  /** In the order of the queries. */
  readonly shelves: readonly IdList[];
  /** The latest change among the resources, as PostgreSQL prints it; undefined if it was not requested. */
  readonly asOf: string | undefined;
}

interface CollectedIdsRow {
  /** Index of the query group that found the row. */
  readonly part: number;
  readonly type: string;
  readonly home: number;
  readonly practice: number | null;
  readonly ids: string;
  readonly latest: string | null;
}

/**
 * Collects the ids of all matching resources in one statement, so that the count belongs to the same moment as the ids
 * that are sent. Ids are returned as one text per type, which is cheaper than one row each.
 * @param queries at most one per type and projection
 * @param dated whether to return the latest change as well; the index that covers the rest doesn't include it
 */
export async function collectIds(
  db: Executor,
  queries: readonly EnforcedQuery[],
  dated: boolean,
): Promise<CollectedIds> {
  if (queries.length === 0) return { shelves: [], asOf: undefined };
  const parameters: unknown[] = [];
  const latest = dated ? 'max(r.last_updated)' : 'null';
  const groups = groupByShape(queries);
  const parts = groups.map((group, part) => {
    const types = group.map(({ type }) => type);
    const {
      from,
      where,
      home,
      practice = NO_PRACTICE,
    } = buildQuerySql(group[0], { counting: true, parameters, types });
    return `select ${part} as part, r.type, ${home} as home, max(${practice}) as practice,
        string_agg(r.id::text, ',' order by r.id) as ids, ${latest}::timestamptz as at
      from ${from} where ${where} group by r.type, ${home}`;
  });
  const text = `select part, type, home, practice, ids, max(at) over ()::text as latest from (${parts.join(' union all ')}) as found`;
  const rows = await (queries.every(hasFixedShape) ? runPrepared : runQuery)<CollectedIdsRow>(db, { parameters }, text);
  const idLists = queries.flatMap((query) =>
    rows
      .filter(({ part, type }) => type === query.type && groups[part]?.includes(query))
      .sort((a, b) => (a.practice ?? 0) - (b.practice ?? 0))
      .map(
        ({ home, practice, ids }): IdList => ({
          query,
          home,
          practice: practice ?? undefined,
          ids: parseIdSequence(ids),
        }),
      ),
  );
  return { shelves: idLists, asOf: rows[0]?.latest ?? undefined };
}

/** A query over a single record does not select the practice column. */
const NO_PRACTICE = 'null::int4';

type SameShapeQueries = readonly [EnforcedQuery, ...EnforcedQuery[]];

/**
 * Groups queries that differ only in their type, so that they can share one statement. Most tokens may read whole
 * types.
 */
function groupByShape(queries: readonly EnforcedQuery[]): readonly SameShapeQueries[] {
  const groups = new Map<string, [EnforcedQuery, ...EnforcedQuery[]]>();
  for (const query of queries) {
    const shape = queryShape(query);
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, [query]);
    else group.push(query);
  }
  return [...groups.values()];
}

/**
 * Fingerprint of a query. Leaves the type out when no condition depends on a per-type index, so such queries can share
 * one statement.
 */
function queryShape({ type, ...rest }: EnforcedQuery): string {
  const { filters, conditions } = rest;
  const isTypeIndependent =
    filters.every(({ granted, targets }) => granted === undefined && targets === undefined) &&
    conditions.every(({ kind }) => kind === 'updated' || kind === 'records');
  return isTypeIndependent ? JSON.stringify(rest) : idListName({ type, projection: rest.projection });
}

/** Names an id list within a cursor. */
export const idListName = ({ type, projection }: Pick<EnforcedQuery, 'type' | 'projection'>): string =>
  projection === undefined ? type : `${projection} ${type}`;

/** The position where a page ended. */
export interface IdListPosition {
  /** Name of the id list. */
  readonly shelf: string;
  readonly id: string;
  /**
   * The practice of the record, for queries that span several practices. A practice has only one record per patient.
   */
  readonly practice: number | undefined;
}

interface CollectAfterOptions {
  /** The last row of the previous page. */
  readonly place: IdListPosition;
  /** Rows created later are left out, so that the pages add up to the total of the first page. */
  readonly asOf: string;
  readonly limit: number;
}

/** Collects the next ids after a position without reading the ids before it. */
export async function collectIdsAfter(
  db: Executor,
  queries: readonly EnforcedQuery[],
  { place, asOf, limit }: CollectAfterOptions,
): Promise<readonly IdList[]> {
  const first = queries.findIndex((query) => idListName(query) === place.shelf);
  if (first === -1) return [];
  const left = queries.slice(first);
  const parameters: unknown[] = [];
  const partOf = (query: EnforcedQuery, at: number, restOf: (source: QuerySql) => string): string => {
    const source = buildQuerySql(query, { counting: true, parameters });
    const { bind, home, practice = NO_PRACTICE } = source;
    const known = existedAtFirstPageSql(query, home, asOf, bind);
    return `(select ${at} as shelf, r.id, ${home} as home, ${practice} as practice from ${source.from}
      where ${source.where} and ${known}${restOf(source)} order by practice, r.id limit ${bind(limit)})`;
  };
  // Each of the two conditions is one range of the key. As a single row comparison, PostgreSQL would read from the
  // start of the record.
  const sameHome = ({ bind, practice }: QuerySql) =>
    `${practice === undefined ? '' : ` and ${practice} = ${bind(place.practice ?? 0)}::int`} and r.id > ${bind(place.id)}::uuid`;
  const laterHomes = ({ bind, practice }: QuerySql) =>
    practice === undefined ? ' and false' : ` and ${practice} > ${bind(place.practice ?? 0)}::int`;
  const parts = left.flatMap((query, at) =>
    (at === 0 ? [sameHome, laterHomes] : [() => '']).map((restOf) => partOf(query, at, restOf)),
  );
  const text = `select * from (${parts.join(' union all ')}) as found order by shelf, practice, id limit ${limit}`;
  const rows = await runQuery<CollectedIdRow>(db, { parameters }, text);
  return left.flatMap((query, at) =>
    toIdLists(
      query,
      rows.filter(({ shelf }) => shelf === at),
    ),
  );
}

interface CollectedIdRow {
  readonly shelf: number;
  readonly id: string;
  readonly home: number;
  readonly practice: number | null;
}

const toIdLists = (query: EnforcedQuery, rows: readonly CollectedIdRow[]): readonly IdList[] =>
  [...Map.groupBy(rows, ({ home }) => home)].map(
    ([home, own]): IdList => ({
      query,
      home,
      practice: own[0]?.practice ?? undefined,
      ids: own.map(({ id }) => id),
    }),
  );

/** A range of ids from one id list. */
export interface BatchSlice {
  readonly type: string;
  readonly ids: readonly string[];
}

/** Without the compartment id, which is the same for the whole batch. */
export type BatchRow = Omit<ResourceRow, 'home'>;

/** Rows that are fetched together: from one compartment, by one query. */
export interface ResourceBatch {
  readonly query: EnforcedQuery;
  readonly compartmentId: number;
  readonly slices: readonly BatchSlice[];
}

/**
 * Splits id lists into batches. Lists of the same compartment whose queries have the same shape share a batch.
 * @returns a function that returns the next batch of at most `most` rows, or undefined when no ids are left
 */
export function batches(idLists: readonly IdList[]): (most: number) => ResourceBatch | undefined {
  const shapes = idLists.map(({ query, home }) => `${home} ${queryShape(query)}`);
  let [at, from] = [0, 0];
  return (most) => {
    const first = idLists[at];
    if (first === undefined) return undefined;
    const [{ query, home: compartmentId }, shape] = [first, shapes[at]];
    const slices: BatchSlice[] = [];
    for (let left = most; left > 0 && shapes[at] === shape; ) {
      const { query: { type } = query, ids = [] } = idLists[at] ?? {};
      const next = ids.slice(from, from + left);
      slices.push({ type, ids: next });
      left -= next.length;
      from += next.length;
      if (from >= ids.length) [at, from] = [at + 1, 0];
    }
    return { query, compartmentId, slices };
  };
}

/**
 * Fetches one batch in id order. Authorization is checked again, so rows that were deleted or restricted since the ids
 * were listed are dropped. Each slice is one index range scan, which is cheaper than id lookups; rows inserted into the
 * range since then are filtered out.
 */
export async function fetchBatch(
  db: Executor,
  { query, compartmentId, slices }: ResourceBatch,
): Promise<readonly BatchRow[]> {
  const parameters: unknown[] = [];
  const ranges = slices.map(({ type, ids }) => {
    const { bind, unseen, ...source } = buildQuerySql(query, { parameters, types: [type] });
    return `(select r.type, r.id, ${source.content} as content${unseen === undefined ? '' : `, ${unseen} as unseen`}
      from ${source.from} where ${source.where} and ${source.home} = ${bind(compartmentId)}::bigint
        and r.id between ${bind(ids[0])}::uuid and ${bind(ids.at(-1))}::uuid order by r.id)`;
  });
  const text = ranges.join(' union all ');
  const rows = await (hasFixedShape(query) ? runPrepared : runQuery)<BatchRow>(db, { parameters }, text);
  return slices.flatMap(({ type, ids }) => {
    const own = rows.filter((row) => row.type === type);
    // Query plans may change the row order; the response must not change with them.
    return keepListed(own.sort(byId), ids);
  });
}

const byId = (a: BatchRow, b: BatchRow): number => (a.id < b.id ? -1 : 1);

/** Keeps the rows whose ids are listed. Both inputs are sorted by id. */
function keepListed(rows: readonly BatchRow[], ids: readonly string[]): readonly BatchRow[] {
  let at = 0;
  return rows.filter(({ id }) => {
    while ((ids[at] ?? id) < id) at += 1;
    return ids[at] === id;
  });
}

/**
 * Tells whether the query has one of a few fixed shapes. Granular scopes and client conditions can take any number of
 * shapes, which would fill the cache of prepared statements.
 */
const hasFixedShape = ({ filters, conditions }: EnforcedQuery): boolean =>
  conditions.length === 0 && filters.every(({ granted, targets }) => granted === undefined && targets === undefined);
