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
 * The first page and how many match in all. What is known of the record as it is now is not counted again, and what is
 * counted now holds if nothing has changed since the page was found. Otherwise both are asked in one statement: of two,
 * each would see what the other does not, and the pages would not add up to the total.
 * @param totals those remembered; default: none
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
  // Of a later page one can't tell from its length how many match.
  if (slice.offset === 0 && !page.more) return { ...page, total: page.rows.length, asOf: '-infinity' };
  const facts = version === undefined ? undefined : await factsAt(db, query, version, totals);
  return facts === undefined ? findCounted(db, query, slice) : { ...page, ...facts };
}

/** Keyset paging: a page costs the same wherever it is, and rows that come or go move no other. */
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
  /** What each row says of them all; undefined: there is none. */
  readonly facts: string | undefined;
}
interface PageOptions {
  readonly after?: After;
  /** SQL of `facts`. */
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
    // A later change comes first in the next search. No page of this one depends on it.
    return { rows: found.slice(0, slice.limit), more: found.length > slice.limit, facts: 'infinity' };
  }
  const steady = isSteady(query, slice.sort);
  const source = sourceOf(query, { steady });
  const text = pageSql(query, source, slice, { after, facts: sqlOf?.(source.bind) });
  const found = await (steady ? runKept<PageRow>(db, source, text) : run<PageRow>(db, source, text));
  const rows = completed(query, found.slice(0, slice.limit));
  return { rows, more: found.length > slice.limit, facts: found[0]?.facts };
}

/**
 * The latest change of anything of the type in the record, which one look at an index tells. Across records nothing tells
 * it as cheaply, and what is new may come in on later pages; where something of the type is not seen, too: the cursor
 * would tell when that was changed.
 */
function latestSql({ place, type, kept, parts }: EnforcedQuery, bind: Bind): string {
  if (kept !== 'record' || place?.kind !== 'record' || !parts.some(isEverything)) return "select 'infinity'";
  return `select coalesce(max(n.last_updated), '-infinity')::text from resource n
    where n.record_id = ${bind(place.recordId)} and n.type = ${bind(type)}`;
}

/** PostgreSQL counts only when it has to, that is when the page is full. */
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
  // A page without rows still has its count.
  const found = completed(
    query,
    all.filter(({ id }) => id !== null),
  );
  const facts = factsOf(all[0]?.facts) ?? { total: found.length, asOf: '-infinity' };
  return { rows: found.slice(0, limit), more: found.length > limit, ...facts };
}

/** Everything that fulfils the query, up to so many: whoever asks tells when there are more. */
export async function findAll(db: Executor, query: EnforcedQuery, most?: number): Promise<readonly FoundRow[]> {
  const source = sourceOf(query);
  const limit = most === undefined ? '' : ` limit ${source.bind(most)}`;
  const text = `select ${columnsSql(query, source)} from ${source.from}
    where ${source.where} order by r.sort_at desc, r.id desc${limit}`;
  return completed(query, await run<Bare<FoundRow>>(db, source, text));
}
