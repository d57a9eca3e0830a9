import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { type ContentForm, type ReadDatabase, readContents } from './contents/read-contents.ts';
import { recordVersionSql } from './count-matches.ts';
import { byId, copyIds, type FetchedResources, type IdList, parseIdSequence } from './id-lists.ts';
import { type NumberedRow, numberedColumnsSql, unpackNumbered } from './packed-rows.ts';
import { groupByShape, hasFixedShape, type SameShapeQueries } from './query-groups.ts';
import type { BatchRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { existedAtFirstPageSql } from './sql/known-since-sql.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';
import type { BindParameter } from './sql/sql.ts';
import { createVersionedCache, totalCacheKey, type VersionedCache } from './total-cache.ts';

export interface EverythingPageRequest {
  /** Maximum number of resources on the page. */
  readonly count: number;
  /** Number of resources whose contents are read together with the ids. */
  readonly withContent: number;
}

interface RestOfRecord {
  /** Id of the last resource of the first query on the previous page. Undefined if that page had none of them. */
  readonly after: string | undefined;
  /**
   * Time of the latest change when the first page was read. Resources that were created later are left out, so that the
   * pages add up to the total of the first page.
   */
  readonly asOf: string;
}

/** A page of `$everything`, as it was when one statement read it. */
export interface FoundEverythingPage {
  /** Ids of the resources on the page, in the order of the queries. */
  readonly idLists: readonly IdList[];
  /** The first resources of the page, in the order of `idLists`. */
  readonly fetched: readonly FetchedResources[];
  /** Number of resources from this page on. On later pages, it says only whether there are more than on the page. */
  readonly total: number;
  /** Time of the latest change among all resources, in the text format of PostgreSQL. Undefined on later pages. */
  readonly asOf: string | undefined;
}

/** Number of resources of one type in one record, as the first page counts them. */
interface CountedShare {
  readonly part: number;
  readonly list: number;
  readonly home: number;
  readonly practice: number | null;
  readonly found: number;
}
/** The numbers of resources that `$everything` counted in a version of a record. */
export type EverythingCounts = VersionedCache<{ readonly shares: readonly CountedShare[]; readonly latest: string }>;

/** Maximum number of records whose counts are cached. One takes a few kilobytes. */
const MAX_COUNTED_RECORDS = 1000;
export const createEverythingCounts = (): EverythingCounts => createVersionedCache(MAX_COUNTED_RECORDS);

/**
 * Finds the first page of one patient record. One statement counts the resources, lists the ids of the page and reads the
 * first contents, so all of it belongs to the same moment, and most pages need no further statement for the record. If
 * the record hasn't changed since it was counted, it isn't counted again.
 * @param queries at most one query for each R4 type and projection (stored conversion), all of the same record
 * @param counts default: no cache
 */
export function findFirstPageInRecord(
  db: ReadDatabase,
  queries: readonly EnforcedQuery[],
  request: EverythingPageRequest,
  counts: EverythingCounts = createEverythingCounts(),
): Promise<FoundEverythingPage> {
  const parts = groupByShape(queries).map((group): PagePart => ({ group, build: countAll }));
  const [first] = queries;
  const versionSql = first && recordVersionSql(first);
  if (versionSql === undefined) return readPage(db, queries, parts, request);
  const counted: unknown[] = [];
  const key = totalCacheKey(countsSql(queries, parts, counted), counted);
  const known = counts.latest(key);
  const onCounted = (version: string, shares: readonly CountedShare[], latest: string) =>
    counts.set(key, version, { shares, latest });
  return readPage(db, queries, parts, request, { versionSql, known, onCounted });
}

type VersionSql = NonNullable<ReturnType<typeof recordVersionSql>>;

/**
 * Finds a later page of one patient record. PostgreSQL doesn't read the resources before it.
 * @param queries the query in which the previous page ended, and those after it
 */
export function findNextPageInRecord(
  db: ReadDatabase,
  queries: readonly EnforcedQuery[],
  request: EverythingPageRequest,
  { after, asOf }: RestOfRecord,
): Promise<FoundEverythingPage> {
  const [current, ...later] = queries;
  const isKnown: RestCondition = (query, { bind, ...source }) => existedAtFirstPageSql(query, source, asOf, bind);
  const isRest: RestCondition = (query, source) => `r.id > ${source.bind(after)}::uuid and ${isKnown(query, source)}`;
  const limit = request.count + 1;
  const partOf = (group: SameShapeQueries, rest: RestCondition) => ({ group, build: countSome(limit, rest), rest });
  const parts =
    current === undefined || after === undefined
      ? groupByShape(queries).map((group) => partOf(group, isKnown))
      : [partOf([current], isRest), ...groupByShape(later).map((group) => partOf(group, isKnown))];
  return readPage(db, queries, parts, request);
}

/** Builds an SQL predicate that excludes resources of earlier pages, and those created since the first page. */
type RestCondition = (query: EnforcedQuery, source: QuerySql) => string;

/** Queries that one part of the statement reads. They differ only in the type. */
interface PagePart {
  readonly group: SameShapeQueries;
  /** Builds the SQL that counts the resources of each type. */
  readonly build: (part: PagePart, types: PartTypes, parameters: unknown[]) => string;
  readonly rest?: RestCondition;
}

/** The R4 types of a part as SQL: the rows `wanted (type, list)`, where `list` is the position of the type's query. */
interface PartTypes {
  readonly names: readonly string[];
  readonly rows: string;
}

/** Placeholder in the practice column. A query that searches a single patient record doesn't select the practice. */
const NO_PRACTICE = 'null::int4';

/** Counts all resources, and finds the time of the latest change, from an index that contains both. */
function countAll({ group: [query] }: PagePart, { names, rows }: PartTypes, parameters: unknown[]): string {
  const {
    from,
    where,
    home,
    practice = NO_PRACTICE,
  } = buildQuerySql(query, {
    counting: true,
    parameters,
    types: names,
  });
  return `select wanted.list, counted.* from (
      select r.type, ${home} as home, max(${practice}) as practice, count(*) as found, max(r.last_updated) as latest
      from ${from} where ${where} group by r.type, ${home}) as counted join ${rows} on wanted.type = counted.type`;
}

/** Counts at most `limit` resources of each type, which shows what is on the page and whether there are more. */
const countSome =
  (limit: number, rest: RestCondition): PagePart['build'] =>
  ({ group: [query] }, { rows }, parameters) => {
    const source = buildQuerySql(query, { counting: true, parameters, typeSql: 'wanted.type' });
    const { from, where, home, practice = NO_PRACTICE, bind } = source;
    return `select wanted.list, wanted.type, counted.home, counted.practice, count(*) as found, null::timestamptz as latest
      from ${rows} cross join lateral (
        select ${home} as home, ${practice} as practice from ${from} where ${where} and ${rest(query, source)}
        order by practice, r.id limit ${bind(limit)}) as counted
      group by wanted.list, wanted.type, counted.home, counted.practice`;
  };

/** The part of a page that has one type in one compartment. The statement returns it as JSON. */
interface Share {
  /** Number by which the resources of the page refer to their share. */
  readonly number: number;
  /** Position of the query in the list of queries. */
  readonly list: number;
  readonly home: number;
  readonly practice: number | null;
  /** Number of resources that the query matches. */
  readonly found: number;
  /** Number of resources that are on the page. */
  readonly listed: number;
  readonly latest: string | null;
  /** Version of the patient record. null if the counts can't be cached. */
  readonly version: string | null;
}
/** A row of the statement: a share, or a resource that has the number of its share. The other columns are null. */
interface PageRow extends Pick<NumberedRow, 'unseen'> {
  readonly share: string | null;
  /** Ids of the resources of the share on the page. null if all their contents were read. */
  readonly ids: string | null;
  readonly packed: string | null;
}

/** The cached counts of a record. */
interface KnownCounts {
  readonly versionSql: VersionSql;
  readonly known: ReturnType<EverythingCounts['latest']>;
  onCounted(version: string, shares: readonly CountedShare[], latest: string): void;
}

const readPage = (
  db: ReadDatabase,
  queries: readonly EnforcedQuery[],
  parts: readonly PagePart[],
  request: EverythingPageRequest,
  cached?: KnownCounts,
): Promise<FoundEverythingPage> =>
  readContents(db, {
    most: Math.min(request.count, request.withContent),
    async read(content) {
      if (cached?.known !== undefined) {
        const rows = await selectPage(db, queries, parts, { ...request, content }, cached);
        // Without rows, the record has changed since it was counted.
        if (rows.length > 0) return toPage(queries, rows);
      }
      const uncached = cached === undefined ? undefined : { ...cached, known: undefined };
      const rows = await selectPage(db, queries, parts, { ...request, content }, uncached);
      if (cached !== undefined) remember(queries, parts, rows, cached);
      return toPage(queries, rows);
    },
    rowsOf: ({ fetched }) => fetched,
  });

function remember(
  queries: readonly EnforcedQuery[],
  parts: readonly PagePart[],
  rows: readonly PageRow[],
  { onCounted }: KnownCounts,
): void {
  const shares = sharesOf(rows).map(([share]) => share);
  const [{ version = null, latest = null } = {}] = shares;
  if (version === null || latest === null) return;
  const partOf = (list: number) => parts.findIndex(({ group }) => group.some((query) => query === queries[list]));
  onCounted(
    version,
    shares.map(({ list, home, practice, found }) => ({ part: partOf(list), list, home, practice, found })),
    latest,
  );
}

/** SQL that counts the resources of all parts. */
const countsSql = (queries: readonly EnforcedQuery[], parts: readonly PagePart[], parameters: unknown[]): string => {
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const counts = parts.map((part, at) => {
    const names = part.group.map(({ type }) => type);
    const lists = part.group.map((query) => queries.indexOf(query));
    // Citus 15 mixes up the columns of a function that is joined like a table, so the function is in a subquery.
    const rows = `(select * from unnest(${bind(names)}::text[], ${bind(lists)}::int[]) as w (type, list)) as wanted`;
    return `select ${at} as part, listed.* from (${part.build(part, { names, rows }, parameters)}) as listed`;
  });
  return counts.join(' union all ');
};

/** SQL for cached counts with the columns of `countsSql`, if the record still has their version. */
function knownCountsSql(
  queries: readonly EnforcedQuery[],
  { version, facts: { shares, latest } }: NonNullable<KnownCounts['known']>,
  versionSql: VersionSql,
  bind: BindParameter,
): string {
  const column = (type: string, read: (share: CountedShare) => unknown) => `${bind(shares.map(read))}::${type}[]`;
  const columns = [
    column('int4', ({ part }) => part),
    column('int4', ({ list }) => list),
    column('text', ({ list }) => queries[list]?.type),
    column('int8', ({ home }) => home),
    column('int4', ({ practice }) => practice),
    column('int8', ({ found }) => found),
  ];
  return `select k.*, ${bind(latest)}::timestamptz as latest
    from (select * from unnest(${columns.join(', ')}) as u (part, list, type, home, practice, found)) as k
    where (${versionSql(bind)}) = ${bind(version)}::text`;
}

/**
 * Runs the statement that reads a page. `share` has a row for each type, with the numbers of resources that are
 * on the page and whose contents are read. The page consists of those of the first rows, until it is full.
 */
async function selectPage(
  db: Executor,
  queries: readonly EnforcedQuery[],
  parts: readonly PagePart[],
  { count, withContent, content }: EverythingPageRequest & { readonly content: ContentForm },
  cached: KnownCounts | undefined,
): Promise<readonly PageRow[]> {
  if (parts.length === 0) return [];
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const counts =
    cached?.known === undefined
      ? countsSql(queries, parts, parameters)
      : knownCountsSql(queries, cached.known, cached.versionSql, bind);
  const upTo = (limit: number) => `least(found, greatest(0, ${bind(limit)}::bigint - before))::bigint`;
  const version = cached === undefined ? 'null::text' : `(${cached.versionSql(bind)})`;
  const text = `with counted as materialized (${counts}),
    share as materialized (
      select part, row_number() over (order by list, practice, home) as number, list, type, home, practice, found,
        max(latest) over () as latest, ${version} as version, ${upTo(count)} as listed, ${upTo(Math.min(count, withContent))} as read
      from (select *, (sum(found) over (order by list, practice, home rows unbounded preceding) - found)::bigint as before
        from counted) as one)
    ${parts.map((part, at) => partSql(part, at, parameters, content)).join(' union all ')}`;
  const run = queries.every(hasFixedShape) ? runPrepared : runQuery;
  return run<PageRow>(db, { parameters }, text);
}

/** SQL for the rows of one part: one for each share, and one for each resource whose content is read. */
function partSql(
  { group: [query], rest }: PagePart,
  part: number,
  parameters: unknown[],
  content: ContentForm,
): string {
  const rowsOf = (source: QuerySql) =>
    `from ${source.from} where ${source.where} and ${source.home} = share.home${rest === undefined ? '' : ` and ${rest(query, source)}`}
     order by r.id`;
  const typeSql = 'share.type';
  const listed = buildQuerySql(query, { counting: true, parameters, typeSql });
  const read = buildQuerySql(query, { parameters, typeSql, content });
  return `select json_build_object('number', number, 'list', list, 'home', home, 'practice', practice, 'found', found,
        'listed', listed, 'latest', latest::text, 'version', version)::text as share,
      case when listed > read then (select string_agg(id::text, ',' order by id)
        from (select r.id ${rowsOf(listed)} limit share.listed) as page) end as ids,
      null as packed, null as unseen
    from share where part = ${part}
    union all
    select null, null, page.packed, page.unseen
    from share cross join lateral (
      select ${numberedColumnsSql('share.number', read)} ${rowsOf(read)} limit share.read) as page
    where part = ${part} and read > 0`;
}

const sharesOf = (rows: readonly PageRow[]): (readonly [Share, ids: string | null])[] =>
  rows.flatMap(({ share, ids }) => (share === null ? [] : [[JSON.parse(share) as Share, ids] as const]));

function toPage(queries: readonly EnforcedQuery[], rows: readonly PageRow[]): FoundEverythingPage {
  // PostgreSQL may return the rows in any order, depending on its plan. The order of the response must not change.
  const shares = sharesOf(rows).sort(([a], [b]) => a.number - b.number);
  const contents = new Map(
    shares.map(([{ number, list }]) => [number, { type: queries[list]?.type, resources: [] as BatchRow[] }]),
  );
  for (const { packed, unseen } of rows) {
    if (packed === null) continue;
    const { number, row } = unpackNumbered({ packed, unseen }, (share) => contents.get(share)?.type);
    contents.get(number)?.resources.push(row);
  }
  const idLists: IdList[] = [];
  const fetched: FetchedResources[] = [];
  for (const [{ number, list, home, practice, listed }, ids] of shares) {
    const query = queries[list];
    if (query === undefined || listed === 0) continue;
    const resources = contents.get(number)?.resources.sort(byId) ?? [];
    if (resources.length > 0) fetched.push({ query, home, rows: resources });
    idLists.push({
      query,
      home,
      practice: practice ?? undefined,
      ids: ids === null ? copyIds(resources.map(({ id }) => id)) : parseIdSequence(ids),
    });
  }
  return {
    idLists,
    fetched,
    total: shares.reduce((sum, [{ found }]) => sum + found, 0),
    asOf: shares[0]?.[0].latest ?? undefined,
  };
}
