import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { ResourceRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { existedAtFirstPageSql } from './sql/known-since-sql.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';

/** Ids of the resources of one type in one patient record or directory, as they were when the list was read. */
export interface IdList {
  /** The query that found the ids. It also fetches the contents of the resources. */
  readonly query: EnforcedQuery;
  /** Compartment of the resources: record_id or, for resources of a practice's directory, practice_id. */
  readonly home: number;
  /** Practice of the patient record. Set if the query covers several practices. */
  readonly practice?: number | undefined;
  /** Ids of the resources in ascending order. */
  readonly ids: IdSequence;
}

/** The array methods that an id list needs. `parseIdSequence` implements them without an array. */
interface IdSequence {
  readonly length: number;
  slice(from: number, to: number): readonly string[];
}

/**
 * Stores ids as the single text that PostgreSQL returned. An array of texts would need twice the memory. The ids stay
 * in memory until the client has read the whole response.
 */
const parseIdSequence = (text: string): IdSequence => ({
  length: (text.length + 1) / (UUID_LENGTH + 1),
  slice: (from, to) => (to <= from ? [] : text.slice(from * (UUID_LENGTH + 1), to * (UUID_LENGTH + 1) - 1).split(',')),
});

const UUID_LENGTH = 36;

export interface CollectedIds {
  /** Id lists in the order of the queries that found the ids. */
  readonly idLists: readonly IdList[];
  /**
   * Time of the latest change among the resources, in the text format of PostgreSQL. Undefined if the caller didn't ask
   * for it.
   */
  readonly asOf: string | undefined;
}

interface CollectedIdsRow {
  /**
   * Position, in the list of query groups, of the group that found the ids. Queries of a group differ only in the type.
   */
  readonly part: number;
  readonly type: string;
  readonly home: number;
  readonly practice: number | null;
  readonly ids: string;
  readonly latest: string | null;
}

/**
 * Finds the ids of all resources that match some queries. One statement reads the ids and their number, so both belong
 * to the same moment. PostgreSQL returns the ids of a type as one text, which is cheaper than one row for each id.
 * @param queries at most one query for each R4 type and projection (stored conversion)
 * @param dated true to return the time of the latest change as well; that costs more, because the database index with
 * the ids doesn't contain the time
 */
export async function collectIds(
  db: Executor,
  queries: readonly EnforcedQuery[],
  dated: boolean,
): Promise<CollectedIds> {
  if (queries.length === 0) return { idLists: [], asOf: undefined };
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
  return { idLists, asOf: rows[0]?.latest ?? undefined };
}

/** Placeholder in the practice column. A query that searches a single patient record doesn't select the practice. */
const NO_PRACTICE = 'null::int4';

type SameShapeQueries = readonly [EnforcedQuery, ...EnforcedQuery[]];

/**
 * Groups queries that differ only in their type, so that they can share one statement. This is the usual case, because
 * most access tokens allow whole types.
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
 * Returns a text that is equal for queries that can share a statement. It doesn't contain the type, unless a condition
 * depends on the search index of the type.
 */
function queryShape({ type, ...rest }: EnforcedQuery): string {
  const { filters, conditions } = rest;
  const isTypeIndependent =
    filters.every(({ granted, targets }) => granted === undefined && targets === undefined) &&
    conditions.every(({ kind }) => kind === 'updated' || kind === 'records');
  return isTypeIndependent ? JSON.stringify(rest) : idListName({ type, projection: rest.projection });
}

/** Returns the name by which a page cursor refers to the id list of a query. */
export const idListName = ({ type, projection }: Pick<EnforcedQuery, 'type' | 'projection'>): string =>
  projection === undefined ? type : `${projection} ${type}`;

/** Position of the last resource of a page. */
export interface IdListPosition {
  /** Name of the id list; see `idListName`. */
  readonly listName: string;
  readonly id: string;
  /**
   * Practice of the patient record, if the query covers several practices. The practice identifies the record, because
   * the query is about one patient, and a practice has at most one record for a patient.
   */
  readonly practice: number | undefined;
}

interface CollectAfterOptions {
  /** Position of the last resource on the previous page. */
  readonly position: IdListPosition;
  /**
   * Time of the latest change when the first page was read. Resources that were created later are left out, so that the
   * pages add up to the total of the first page.
   */
  readonly asOf: string;
  readonly limit: number;
}

/** Finds the next ids after a position. PostgreSQL doesn't read the ids before it. */
export async function collectIdsAfter(
  db: Executor,
  queries: readonly EnforcedQuery[],
  { position, asOf, limit }: CollectAfterOptions,
): Promise<readonly IdList[]> {
  const first = queries.findIndex((query) => idListName(query) === position.listName);
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
  // The rest of the current record and all later records are read by two queries, so that each reads one range of the
  // primary key. With one row comparison for both, PostgreSQL would read the current record from its start.
  const sameHome = ({ bind, practice }: QuerySql) =>
    `${practice === undefined ? '' : ` and ${practice} = ${bind(position.practice ?? 0)}::int`} and r.id > ${bind(position.id)}::uuid`;
  const laterHomes = ({ bind, practice }: QuerySql) =>
    practice === undefined ? ' and false' : ` and ${practice} > ${bind(position.practice ?? 0)}::int`;
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
    ([home, homeRows]): IdList => ({
      query,
      home,
      practice: homeRows[0]?.practice ?? undefined,
      ids: homeRows.map(({ id }) => id),
    }),
  );

/** Ids of one resource type in a batch, in ascending order. */
export interface BatchSlice {
  readonly type: string;
  readonly ids: readonly string[];
}

/** A fetched resource. The compartment id isn't selected, because it is the same for all resources of a batch. */
export type BatchRow = Omit<ResourceRow, 'home'>;

/**
 * Resources that one statement fetches. They are in one patient record or directory, and their queries are equal except
 * for the type.
 */
export interface ResourceBatch {
  readonly query: EnforcedQuery;
  readonly compartmentId: number;
  readonly slices: readonly BatchSlice[];
}

/**
 * Divides id lists into batches, which are fetched by one statement each. Several lists share a batch if they belong to
 * the same compartment and their queries differ only in the type.
 * @returns a function that returns the next batch of at most `limit` resources, or undefined when there are none left
 */
export function batches(idLists: readonly IdList[]): (limit: number) => ResourceBatch | undefined {
  const shapes = idLists.map(({ query, home }) => `${home} ${queryShape(query)}`);
  let [at, from] = [0, 0];
  return (limit) => {
    const first = idLists[at];
    if (first === undefined) return undefined;
    const [{ query, home: compartmentId }, shape] = [first, shapes[at]];
    const slices: BatchSlice[] = [];
    for (let left = limit; left > 0 && shapes[at] === shape; ) {
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
 * Fetches the resources of one batch, ordered by id. The query checks authorization again: resources that were deleted
 * or restricted since their ids were read are left out. For each type, PostgreSQL reads the range from the first to the
 * last id, because an index range scan is cheaper than a lookup of each id. Resources that were added to the range
 * since the ids were read are filtered out.
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
    const typeRows = rows.filter((row) => row.type === type);
    // PostgreSQL may return the rows in any order, depending on its plan. The order of the response must not change.
    return selectListed(typeRows.sort(byId), ids);
  });
}

const byId = (a: BatchRow, b: BatchRow): number => (a.id < b.id ? -1 : 1);

/** Returns the rows whose ids are in the list. Both must be sorted by id. */
function selectListed(rows: readonly BatchRow[], ids: readonly string[]): readonly BatchRow[] {
  let at = 0;
  return rows.filter(({ id }) => {
    while ((ids[at] ?? id) < id) at += 1;
    return ids[at] === id;
  });
}

/**
 * True if the query can be a prepared statement, because only a few different SQL texts are possible. Granular scopes
 * and search parameters lead to any number of SQL texts, which would fill the cache of prepared statements.
 */
const hasFixedShape = ({ filters, conditions }: EnforcedQuery): boolean =>
  conditions.length === 0 && filters.every(({ granted, targets }) => granted === undefined && targets === undefined);
