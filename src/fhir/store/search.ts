import type { Executor } from '../../database/index.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { isEverything } from '../core/parts.ts';
import { findChanges, practicesPolled } from './changes.ts';
import { countSql, factsAt, factsOf, versionSql } from './counts.ts';
import { type Bare, completed, type FoundMatch, type FoundRow } from './found.ts';
import { type After, columnsSql, orderSql, pageSql, type Slice } from './page.ts';
import { run, runKept } from './run.ts';
import { isSteady } from './shapes.ts';
import type { Bind } from './sql.ts';
import { openTotals, recordCounted, type Totals } from './totals.ts';
import { sourceOf } from './where.ts';

export { countMatches } from './counts.ts';
export type { FoundMatch, FoundRow } from './found.ts';
export { type DocumentRow, type ReadRow, readDocument, readOne } from './read.ts';

export interface Matches {
  readonly rows: readonly FoundMatch[];
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
export async function findFirst(
  db: Executor,
  query: EnforcedQuery,
  slice: Slice,
  totals: Totals = openTotals(),
): Promise<Matches> {
  if (!slice.counted) return findUncounted(db, query, slice);
  const recordId = recordCounted(query);
  if (recordId === undefined) return findCounted(db, query, slice);
  const { facts: version, ...page } = await findPage(db, query, slice, {
    factsOf: (bind) => versionSql(recordId, bind),
  });
  // The length of a page after an offset doesn't tell the total.
  if (slice.offset === 0 && !page.more) return { ...page, total: page.rows.length, asOf: '-infinity' };
  const facts = version === undefined ? undefined : await factsAt(db, query, version, totals);
  return facts === undefined ? findCounted(db, query, slice) : { ...page, ...facts };
}

/** Keyset paging: every page costs the same, and rows that appear or disappear don't shift other rows. */
export async function findAfter(db: Executor, query: EnforcedQuery, slice: Slice, after: After): Promise<Matches> {
  const { rows, more } = await findPage(db, query, { ...slice, offset: 0 }, { after });
  return { rows, more, total: after.total, asOf: after.asOf };
}

async function findUncounted(db: Executor, query: EnforcedQuery, slice: Slice): Promise<Matches> {
  const { facts = '-infinity', ...page } = await findPage(db, query, slice, {
    factsOf: (bind) => latestSql(query, bind),
  });
  const isKnown = slice.saidIfKnown === true && slice.offset === 0 && !page.more;
  return { ...page, total: isKnown ? page.rows.length : undefined, asOf: facts };
}

interface Page extends Pick<Matches, 'rows' | 'more'> {
  /** The text returned with every row (see `PageSqlOptions.facts`); undefined if the page is empty. */
  readonly facts: string | undefined;
}
interface PageOptions {
  readonly after?: After;
  readonly factsOf?: (bind: Bind) => string;
}
type PageRow = Bare<FoundMatch> & { readonly facts?: string };

async function findPage(
  db: Executor,
  query: EnforcedQuery,
  slice: Slice,
  { after, factsOf: sqlOf }: PageOptions,
): Promise<Page> {
  const practices = slice.byPractice === false ? undefined : practicesPolled(query, slice.sort);
  if (practices !== undefined) {
    const found = await findChanges(db, query, practices, slice, after);
    // A later change will be found by the next search. No page of this search depends on it.
    return { rows: found.slice(0, slice.limit), more: found.length > slice.limit, facts: 'infinity' };
  }
  const genericPlan = isSteady(query, slice.sort);
  const source = sourceOf(query, { genericPlan });
  const text = pageSql(query, source, slice, { after, facts: sqlOf?.(source.bind) });
  const found = await (genericPlan ? runKept<PageRow>(db, source, text) : run<PageRow>(db, source, text));
  const rows = completed(query, found.slice(0, slice.limit));
  return { rows, more: found.length > slice.limit, facts: found[0]?.facts };
}

/**
 * SQL of the latest change of any resource of the type in the record, which takes a single index lookup. Other searches
 * have no such cheap lookup, so new resources may appear on later pages. They include searches that may not read all
 * resources of the type, because the cursor would reveal when a hidden one changed.
 */
function latestSql({ place, type, kept, parts }: EnforcedQuery, bind: Bind): string {
  if (kept !== 'record' || place?.kind !== 'record' || !parts.some(isEverything)) return "select 'infinity'";
  return `select coalesce(max(n.last_updated), '-infinity')::text from resource n
    where n.record_id = ${bind(place.recordId)} and n.type = ${bind(type)}`;
}

/** Evaluates the count only if it is needed, which is when the page is full or starts at an offset. */
async function findCounted(db: Executor, query: EnforcedQuery, slice: Slice): Promise<Matches> {
  const { limit, offset, sort } = slice;
  const parameters: unknown[] = [];
  const source = sourceOf(query, { parameters });
  const keys = ['page.position::timestamptz', 'page.id', ...(source.practice === undefined ? [] : ['page.practice'])];
  const needed = offset > 0 ? 'true' : `(select count(*) from page) > ${source.bind(limit)}`;
  const counted = countSql(sourceOf(query, { counting: true, parameters }));
  const text = `with page as materialized (${pageSql(query, source, slice)}),
    counted as (select case when ${needed} then (${counted}) end as facts)
    select page.*, counted.facts from counted left join page on true ${orderSql(keys, sort)}`;
  const all = await run<PageRow>(db, source, text);
  // An empty page still carries the count.
  const found = completed(
    query,
    all.filter(({ id }) => id !== null),
  );
  const facts = factsOf(all[0]?.facts) ?? { total: found.length, asOf: '-infinity' };
  return { rows: found.slice(0, limit), more: found.length > limit, ...facts };
}

/** Finds all matches, newest first, up to a limit. The caller must detect that the limit was reached. */
export async function findAll(db: Executor, query: EnforcedQuery, most?: number): Promise<readonly FoundRow[]> {
  const source = sourceOf(query);
  const limit = most === undefined ? '' : ` limit ${source.bind(most)}`;
  const text = `select ${columnsSql(query, source)} from ${source.from}
    where ${source.where} order by r.sort_at desc, r.id desc${limit}`;
  return completed(query, await run<Bare<FoundRow>>(db, source, text));
}
