import type { Executor } from '../../../database/index.ts';
import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { findChangesPage, practicesOfChangeSearch } from './changes-page.ts';
import { countSql, getTotalAtVersion, parseTotalSnapshot, recordVersionSql } from './count-matches.ts';
import { fillConstantColumns, type RawRow, type ResourceRow, type SearchMatchRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { type AfterCursor, orderSql, type PageRequest, pageSql, resultColumnsSql } from './sql/page-sql.ts';
import { usesGenericPlan } from './sql/query-shapes.ts';
import { buildQuerySql } from './sql/query-sql.ts';
import type { BindParameter } from './sql/sql.ts';
import { createTotalCache, recordOfTotal, type TotalCache } from './total-cache.ts';

export { countMatches } from './count-matches.ts';
export { type DocumentRow, type ReadResourceRow, readDocument, readResource } from './read-resource.ts';
export type { ResourceRow, SearchMatchRow } from './result-rows.ts';

export interface SearchMatches {
  readonly rows: readonly SearchMatchRow[];
  /** Whether more matches follow. */
  readonly more: boolean;
  /** undefined if it wasn't requested. */
  readonly total: number | undefined;
  /**
   * The latest change among all matches. Later pages use it to leave out newer resources. Times rise with every commit
   * at one practice; in a search over several practices, data being imported at another practice may still appear on a
   * later page.
   */
  readonly asOf: string;
}

/**
 * Finds the first page and, if requested, the total. A total cached for the record's current version is reused, and a
 * count is valid if the record's version hasn't changed since the page was read. Otherwise one statement reads page and
 * total together: two statements could see different data, and the pages would not add up to the total.
 * @param totals the total cache to use; default: an empty one
 */
export async function findFirstPage(
  db: Executor,
  query: EnforcedQuery,
  slice: PageRequest,
  totals: TotalCache = createTotalCache(),
): Promise<SearchMatches> {
  if (!slice.counted) return findPageWithoutTotal(db, query, slice);
  const recordId = recordOfTotal(query);
  if (recordId === undefined) return findPageWithTotal(db, query, slice);
  const { facts: version, ...page } = await findPage(db, query, slice, {
    factsOf: (bind) => recordVersionSql(recordId, bind),
  });
  // The length of a page after an offset doesn't tell the total.
  if (slice.offset === 0 && !page.more) return { ...page, total: page.rows.length, asOf: '-infinity' };
  const facts = version === undefined ? undefined : await getTotalAtVersion(db, query, version, totals);
  return facts === undefined ? findPageWithTotal(db, query, slice) : { ...page, ...facts };
}

/** Keyset paging: every page costs the same, and rows that appear or disappear don't shift other rows. */
export async function findNextPage(
  db: Executor,
  query: EnforcedQuery,
  slice: PageRequest,
  after: AfterCursor,
): Promise<SearchMatches> {
  const { rows, more } = await findPage(db, query, { ...slice, offset: 0 }, { after });
  return { rows, more, total: after.total, asOf: after.asOf };
}

async function findPageWithoutTotal(db: Executor, query: EnforcedQuery, slice: PageRequest): Promise<SearchMatches> {
  const { facts = '-infinity', ...page } = await findPage(db, query, slice, {
    factsOf: (bind) => latestChangeSql(query, bind),
  });
  const isKnown = slice.saidIfKnown === true && slice.offset === 0 && !page.more;
  return { ...page, total: isKnown ? page.rows.length : undefined, asOf: facts };
}

interface MatchedPage extends Pick<SearchMatches, 'rows' | 'more'> {
  /** The text returned with every row (see `PageSqlOptions.facts`); undefined if the page is empty. */
  readonly facts: string | undefined;
}
interface FindPageOptions {
  readonly after?: AfterCursor;
  readonly factsOf?: (bind: BindParameter) => string;
}
type MatchedPageRow = RawRow<SearchMatchRow> & { readonly facts?: string };

async function findPage(
  db: Executor,
  query: EnforcedQuery,
  slice: PageRequest,
  { after, factsOf: sqlOf }: FindPageOptions,
): Promise<MatchedPage> {
  const practices = slice.byPractice === false ? undefined : practicesOfChangeSearch(query, slice.sort);
  if (practices !== undefined) {
    const found = await findChangesPage(db, query, practices, slice, after);
    // A later change will be found by the next search. No page of this search depends on it.
    return { rows: found.slice(0, slice.limit), more: found.length > slice.limit, facts: 'infinity' };
  }
  const genericPlan = usesGenericPlan(query, slice.sort);
  const source = buildQuerySql(query, { genericPlan });
  const text = pageSql(query, source, slice, { after, facts: sqlOf?.(source.bind) });
  const found = await (genericPlan
    ? runPrepared<MatchedPageRow>(db, source, text)
    : runQuery<MatchedPageRow>(db, source, text));
  const rows = fillConstantColumns(query, found.slice(0, slice.limit));
  return { rows, more: found.length > slice.limit, facts: found[0]?.facts };
}

/**
 * SQL of the latest change of any resource of the type in the record, which takes a single index lookup. Other searches
 * have no such cheap lookup, so new resources may appear on later pages. They include searches that may not read all
 * resources of the type, because the cursor would reveal when a hidden one changed.
 */
function latestChangeSql({ scope, type, compartment, filters }: EnforcedQuery, bind: BindParameter): string {
  if (compartment !== 'record' || scope?.kind !== 'record' || !filters.some(isUnrestricted)) return "select 'infinity'";
  return `select coalesce(max(n.last_updated), '-infinity')::text from resource n
    where n.record_id = ${bind(scope.recordId)} and n.type = ${bind(type)}`;
}

/** Evaluates the count only if it is needed, which is when the page is full or starts at an offset. */
async function findPageWithTotal(db: Executor, query: EnforcedQuery, slice: PageRequest): Promise<SearchMatches> {
  const { limit, offset, sort } = slice;
  const parameters: unknown[] = [];
  const source = buildQuerySql(query, { parameters });
  const keys = ['page.position::timestamptz', 'page.id', ...(source.practice === undefined ? [] : ['page.practice'])];
  const needed = offset > 0 ? 'true' : `(select count(*) from page) > ${source.bind(limit)}`;
  const counted = countSql(buildQuerySql(query, { counting: true, parameters }));
  const text = `with page as materialized (${pageSql(query, source, slice)}),
    counted as (select case when ${needed} then (${counted}) end as facts)
    select page.*, counted.facts from counted left join page on true ${orderSql(keys, sort)}`;
  const all = await runQuery<MatchedPageRow>(db, source, text);
  // An empty page still carries the count.
  const found = fillConstantColumns(
    query,
    all.filter(({ id }) => id !== null),
  );
  const facts = parseTotalSnapshot(all[0]?.facts) ?? { total: found.length, asOf: '-infinity' };
  return { rows: found.slice(0, limit), more: found.length > limit, ...facts };
}

/** Finds all matches, newest first, up to a limit. The caller must detect that the limit was reached. */
export async function findAllMatches(
  db: Executor,
  query: EnforcedQuery,
  most?: number,
): Promise<readonly ResourceRow[]> {
  const source = buildQuerySql(query);
  const limit = most === undefined ? '' : ` limit ${source.bind(most)}`;
  const text = `select ${resultColumnsSql(query, source)} from ${source.from}
    where ${source.where} order by r.sort_at desc, r.id desc${limit}`;
  return fillConstantColumns(query, await runQuery<RawRow<ResourceRow>>(db, source, text));
}
