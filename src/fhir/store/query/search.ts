import type { Executor } from '../../../database/index.ts';
import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { type ChangePosition, findChangesPage, practicesOfChangeSearch } from './changes-page.ts';
import { type ReadDatabase, readContents, restoreConverted } from './contents/read-contents.ts';
import { countSql, getTotalAtVersion, latestTotal, parseTotalSnapshot, recordVersionSql } from './count-matches.ts';
import { limitToRecords } from './limit-to-records.ts';
import { type PackedRow, unpackMatch } from './packed-rows.ts';
import type { RunAndRecord } from './read-resource.ts';
import { fillConstantColumns, type RawRow, type ResourceRow, type SearchMatchRow } from './result-rows.ts';
import { runPrepared, runQuery } from './run-query.ts';
import { isShortPage } from './short-pages.ts';
import { type AfterCursor, orderSql, type PageRequest, pageSql, resultColumnsSql } from './sql/page-sql.ts';
import { getStatementName, usesGenericPlan } from './sql/query-shapes.ts';
import { buildQuerySql } from './sql/query-sql.ts';
import type { BindParameter } from './sql/sql.ts';
import { createTotalCache, type TotalCache } from './total-cache.ts';

export { countMatches } from './count-matches.ts';
export {
  type DocumentRow,
  type ReadResourceRow,
  type RunAndRecord,
  readDocument,
  readResource,
} from './read-resource.ts';
export type { ResourceRow, SearchMatchRow } from './result-rows.ts';

export interface SearchMatches {
  readonly rows: readonly SearchMatchRow[];
  /** True if there is a next page. */
  readonly more: boolean;
  /** Number of matches on all pages. Undefined if the client didn't request the total. */
  readonly total: number | undefined;
  /**
   * Time of the latest change among all matches when the first page was read. Later pages use it to leave out newer
   * resources. In one record, each commit has a later time than the one before. Across records that isn't guaranteed: a
   * resource that is being stored when the first page is read can still appear on a later page.
   */
  readonly asOf: string;
  /**
   * Set if there is a next page because this one ended before it was full: the last resource that was checked. Other
   * next pages start after the last match.
   */
  readonly checkedUntil?: ChangePosition | undefined;
}

/**
 * Finds the first page of a search and, if the client requested it, the total. The total comes from the cache if the
 * patient record hasn't changed since it was counted. A new count is valid if the record hasn't changed since the page
 * was read. Otherwise one statement reads both the page and the total. Two statements could see different data, and
 * then the pages would not add up to the total.
 * @param totals cache of totals; default: no cache
 * @param record runs the statement of the page and records the disclosure; default: nothing is recorded
 */
export const findFirstPage = (
  db: ReadDatabase,
  query: EnforcedQuery,
  slice: PageRequest,
  totals: TotalCache = createTotalCache(),
  record?: RecordPage,
): Promise<SearchMatches> =>
  readContents(db, {
    most: slice.limit,
    read: (content) => findFirst(db, query, { ...slice, content }, totals, record),
    rowsOf: ({ rows }) => [{ query, rows }],
  });

async function findFirst(
  db: ReadDatabase,
  query: EnforcedQuery,
  slice: PageRequest,
  totals: TotalCache,
  record: RecordPage | undefined,
): Promise<SearchMatches> {
  if (!slice.counted) return findPageWithoutTotal(db, query, slice);
  const versionSql = recordVersionSql(query);
  if (versionSql === undefined) return findPageWithTotal(db, query, slice);
  const known = latestTotal(query, totals);
  const { facts, ...page } = await findPage(db, query, slice, {
    // Each row has the version, which is null while the known total is valid, because PostgreSQL sends nothing for a null.
    factsOf: (bind) => `nullif(coalesce((${versionSql(bind)}), ''), ${bind(known?.version ?? null)}::text)`,
    ...(record === undefined || slice.offset > 0 ? {} : { recorded: { record, disclosed: disclosedWithTotal(known) } }),
  });
  // If the whole result fits on the page, its length is the total. This isn't so for a page that skips matches.
  if (slice.offset === 0 && !page.more) return { ...page, total: page.rows.length, asOf: '-infinity' };
  if (known !== undefined && facts === null) return { ...page, ...known.facts };
  const total = facts == null ? undefined : await getTotalAtVersion(db, query, facts, totals);
  return total === undefined ? findPageWithTotal(db, query, slice) : { ...page, ...total };
}

/**
 * Finds the page after a cursor. The cursor contains the sort value of the last match (keyset paging), so every page
 * costs the same. Resources that appear or disappear don't shift the others from page to page.
 */
export async function findNextPage(
  db: ReadDatabase,
  query: EnforcedQuery,
  slice: PageRequest,
  after: AfterCursor,
  record?: RecordPage,
): Promise<SearchMatches> {
  const recorded = record === undefined ? {} : { recorded: { record, disclosed: disclosedRows } };
  const { facts: _, ...page } = await readContents(db, {
    most: slice.limit,
    read: (content) => findPage(db, query, { ...slice, offset: 0, content }, { after, ...recorded }),
    rowsOf: ({ rows }) => [{ query, rows }],
  });
  return { ...page, total: after.total, asOf: after.asOf };
}

async function findPageWithoutTotal(
  db: ReadDatabase,
  query: EnforcedQuery,
  slice: PageRequest,
): Promise<SearchMatches> {
  const { facts, ...page } = await findPage(db, query, slice, {
    factsOf: (bind) => latestChangeSql(query, bind),
  });
  const isKnown = slice.saidIfKnown === true && slice.offset === 0 && !page.more;
  return { ...page, total: isKnown ? page.rows.length : undefined, asOf: facts ?? '-infinity' };
}

interface MatchedPage extends Pick<SearchMatches, 'rows' | 'more' | 'checkedUntil'> {
  /**
   * Text about the whole result, such as its total, that every row of the page repeats; see `PageSqlOptions.facts`.
   * Undefined if the page is empty, null if the SQL has returned null.
   */
  readonly facts: string | null | undefined;
}
interface FindPageOptions {
  readonly after?: AfterCursor;
  readonly factsOf?: (bind: BindParameter) => string;
  /** Set to record the disclosure of the page. */
  readonly recorded?: { readonly record: RecordPage; readonly disclosed: DisclosedSql };
}
type MatchedPageRow = (RawRow<SearchMatchRow> | PackedRow) & { readonly facts?: string | null };

async function findPage(
  db: ReadDatabase,
  query: EnforcedQuery,
  slice: PageRequest,
  { after, factsOf: sqlOf, recorded }: FindPageOptions,
): Promise<MatchedPage> {
  const practices = slice.byPractice === false ? undefined : practicesOfChangeSearch(query, slice.sort);
  if (practices !== undefined) {
    const { rows: found, checkedUntil } = await findChangesPage(db, query, practices, slice, after);
    const rows = found.slice(0, slice.limit);
    // Other searches leave out of later pages what was created after the first page, so that the pages add up to the
    // total. A search for what changed since a time has no total. `infinity` as the time of its first page means that
    // its later pages contain those resources too.
    return { rows, more: found.length > slice.limit || checkedUntil !== undefined, checkedUntil, facts: 'infinity' };
  }
  const genericPlan = usesGenericPlan(query, slice.sort);
  const source = buildQuerySql(query, {
    genericPlan,
    byMainDate: slice.sort.key.kind === 'main',
    content: slice.content,
  });
  const isPacked = genericPlan && source.unseen === undefined && source.practice === undefined;
  const text = pageSql(query, source, slice, { after, facts: sqlOf?.(source.bind), isPacked });
  const name = recorded === undefined || !genericPlan ? undefined : getStatementName(text);
  const { parameters } = source;
  const isShort = genericPlan && after === undefined && isShortPage(query, slice);
  const found = await (recorded !== undefined && name !== undefined
    ? recorded.record({ name, text, disclosed: recorded.disclosed(slice, source.bind), parameters, isShort })
    : genericPlan
      ? runPrepared<MatchedPageRow>(isShort ? (db.shortPages?.executor(db) ?? db) : db, source, text)
      : runQuery<MatchedPageRow>(db, source, text));
  const matches = found.slice(0, slice.limit).map((row) => ('packed' in row ? unpackMatch(row) : row));
  return { rows: fillConstantColumns(query, matches), more: found.length > slice.limit, facts: found[0]?.facts };
}

/** Runs the statement of a page, and records its disclosure. */
export type RecordPage = RunAndRecord<MatchedPageRow>;

/** SQL for what a page discloses; see `FindStatement`. */
type DisclosedSql = (slice: PageRequest, bind: BindParameter) => string;

/** The rows of a page. The audit log has the total only for a first page. */
const disclosedRows: DisclosedSql = ({ limit }, bind) =>
  `select least(count(*), ${bind(limit)}::int8)::int4 as resources, '{}'::jsonb as detail from found having count(*) > 0`;

/**
 * The rows of a first page, and the total. If there are more matches, the total must have been counted for the version
 * of the record that the statement sees: then `facts` is null.
 */
const disclosedWithTotal =
  (known: ReturnType<typeof latestTotal>): DisclosedSql =>
  ({ limit }, bind) => {
    const [most, total] = [`${bind(limit)}::int8`, `${bind(known?.facts.total ?? null)}::int8`];
    return `select least(count(*), ${most})::int4 as resources,
        jsonb_build_object('total', case when count(*) <= ${most} then count(*) else ${total} end) as detail
      from found having count(*) > 0 and (count(*) <= ${most} or count(facts) = 0)`;
  };

/**
 * SQL for the time of the latest change of any resource of the type in the patient record, which takes one index
 * lookup. For other searches there is no such cheap lookup, so they get the time `infinity`, and new resources may
 * appear on their later pages. This includes searches under a grant that doesn't allow all resources of the type: the
 * time in the cursor would reveal when a hidden resource changed.
 */
function latestChangeSql({ scope, type, compartment, filters }: EnforcedQuery, bind: BindParameter): string {
  if (compartment !== 'record' || scope?.kind !== 'record' || !filters.some(isUnrestricted)) return "select 'infinity'";
  return `select coalesce(max(n.last_updated), '-infinity')::text from resource n
    where n.record_id = ${bind(scope.recordId)} and n.type = ${bind(type)}`;
}

/** Finds the first page and the total in one statement. PostgreSQL counts only if the page is full or skips matches. */
async function findPageWithTotal(db: Executor, query: EnforcedQuery, slice: PageRequest): Promise<SearchMatches> {
  const { limit, offset, sort } = slice;
  const parameters: unknown[] = [];
  const source = buildQuerySql(query, { parameters, content: slice.content });
  const keys = ['page.position::timestamptz', 'page.id', ...(source.practice === undefined ? [] : ['page.practice'])];
  const needed = offset > 0 ? 'true' : `(select count(*) from page) > ${source.bind(limit)}`;
  const counted = countSql(buildQuerySql(query, { counting: true, parameters }));
  const text = `with page as materialized (${pageSql(query, source, slice)}),
    counted as (select case when ${needed} then (${counted}) end as facts)
    select page.*, counted.facts from counted left join page on true ${orderSql(keys, sort)}`;
  const all = await runQuery<RawRow<SearchMatchRow> & { readonly facts: string | null }>(db, source, text);
  // An empty page is one row with the total and without a resource.
  const found = fillConstantColumns(
    query,
    all.filter(({ id }) => id !== null),
  );
  const facts = parseTotalSnapshot(all[0]?.facts) ?? { total: found.length, asOf: '-infinity' };
  return { rows: found.slice(0, limit), more: found.length > limit, ...facts };
}

/**
 * Finds all matches of a query, newest first.
 * @param maxMatches maximum number of matches; the result doesn't say whether there are more, so a caller that gets
 * this many must assume so
 */
export async function findAllMatches(
  db: Executor,
  query: EnforcedQuery,
  maxMatches?: number,
): Promise<readonly ResourceRow[]> {
  const limited = await limitToRecords(db, query);
  const source = buildQuerySql(limited);
  const keys = ['r.sort_at desc', 'r.id desc', ...(source.practice === undefined ? [] : [source.practice])];
  const limit = maxMatches === undefined ? '' : ` limit ${source.bind(maxMatches)}`;
  const text = `select ${resultColumnsSql(limited, source)} from ${source.from}
    where ${source.where} order by ${keys.join(', ')}${limit}`;
  return restoreConverted(query, fillConstantColumns(limited, await runQuery<RawRow<ResourceRow>>(db, source, text)));
}
