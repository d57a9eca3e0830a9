import type { Executor } from '../../../database/index.ts';
import { onlyRecord } from '../../authorization/enforce.ts';
import type { VariantQuery } from '../../authorization/enforce-variants.ts';
import type { SearchSort } from '../../model/condition.ts';
import type { PageCursor } from '../../search/cursor.ts';
import { type ContentForm, type ReadDatabase, readContents } from './contents/read-contents.ts';
import { countSql, parseTotalSnapshot } from './count-matches.ts';
import type { SearchMatchRow } from './result-rows.ts';
import { runQuery } from './run-query.ts';
import type { SearchMatches } from './search.ts';
import { type AfterCursor, type PageRequest, pageSql } from './sql/page-sql.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';

/** A search match. `part` is the position of its R4 type in the list of searched types. */
export interface VariantMatch extends SearchMatchRow {
  readonly part: number;
}
export interface VariantMatches extends Omit<SearchMatches, 'rows'> {
  readonly rows: readonly VariantMatch[];
}

/**
 * A match as the combined statement returns it. The columns are the same for all searched types, so the practice is
 * null if a type's query doesn't select it.
 */
interface VariantPageRow extends Omit<VariantMatch, 'practice'> {
  readonly practice: number | null;
  /** Total and time of the latest change, for each searched type. null if the statement didn't count. */
  readonly facts: readonly string[] | null;
}

/**
 * Finds one page of a search for a type under whose name several R4 types are served, such as CarePlan and CareTeam as
 * DSTU2 CarePlan. One statement fetches a page of each R4 type through the type's own database index, takes the first
 * resources of all these pages, and counts the matches.
 * @param after cursor of the previous page; undefined for the first page, which also counts
 */
export const searchVariants = (
  db: ReadDatabase,
  forms: readonly VariantQuery[],
  slice: Omit<PageRequest, 'sort'>,
  after?: PageCursor,
): Promise<VariantMatches> =>
  readContents(db, {
    most: slice.limit,
    read: (content) => findVariants(db, forms, { ...slice, content }, after),
    rowsOf: ({ rows }) => forms.map(({ query }, part) => ({ query, rows: rows.filter((row) => row.part === part) })),
  });

async function findVariants(
  db: Executor,
  forms: readonly VariantQuery[],
  slice: Omit<PageRequest, 'sort'>,
  after: PageCursor | undefined,
): Promise<VariantMatches> {
  if (forms.length === 0) return { rows: [], more: false, total: slice.counted ? 0 : undefined, asOf: '-infinity' };
  const parameters: unknown[] = [];
  const { limit, offset, content = 'text' } = slice;
  const direction = forms[0]?.sort.descending === false ? 'asc' : 'desc';
  const order = (of: string) =>
    `order by ${of}.position::timestamptz ${direction}, ${of}.id ${direction}, coalesce(${of}.practice, 0) ${direction}, ${of}.part`;
  const pages = forms.map(
    (form, variantIndex) =>
      `(${variantPageSql(form, variantIndex, { limit: limit + offset, content, parameters }, after)})`,
  );
  const counts =
    after === undefined ? forms.map(({ query }) => buildQuerySql(query, { counting: true, parameters })) : [];
  // PostgreSQL rejects a statement with a parameter that its SQL doesn't mention, so the parameter is added only if it
  // is used.
  const needed = () => (offset > 0 ? 'true' : `(select count(*) from page) > $${parameters.push(limit)}`);
  const facts =
    counts.length === 0 ? 'null' : `case when ${needed()} then array[${counts.map((one) => `(${countSql(one)})`)}] end`;
  const text = `with page as materialized (
      select * from (${pages.join(' union all ')}) u ${order('u')}
      limit $${parameters.push(limit + 1)} offset $${parameters.push(offset)}),
    counted as (select ${facts}::text[] as facts)
    select page.*, counted.facts from counted left join page on true ${order('page')}`;
  const all = await runQuery<VariantPageRow>(db, { parameters }, text);
  const matches = all
    .filter(({ id }) => id !== null)
    .map(({ facts: _, practice, ...row }) => toVariantMatch(row, practice));
  const rows = matches.slice(0, limit);
  const known = after ?? sumTotals(all[0]?.facts, matches.length);
  const total = after === undefined && !slice.counted ? undefined : known.total;
  return { rows, more: matches.length > rows.length, total, asOf: known.asOf };
}

const toVariantMatch = (row: Omit<VariantMatch, 'practice'>, practice: number | null): VariantMatch =>
  practice === null ? row : { ...row, practice };

interface VariantPageOptions {
  readonly limit: number;
  readonly content: ContentForm;
  readonly parameters: unknown[];
}

/** SQL that selects one page of one R4 type, with the columns that all searched types have in common. */
function variantPageSql(
  { query, sort }: VariantQuery,
  variantIndex: number,
  { limit, content, parameters }: VariantPageOptions,
  after: PageCursor | undefined,
): string {
  const source = buildQuerySql(query, { parameters, content });
  const page = pageSql(
    query,
    source,
    { sort, limit, offset: 0, counted: false },
    { after: variantCursor(after, variantIndex, sort, source) },
  );
  const own = onlyRecord(query);
  const [type, home] =
    own === undefined ? ['b.type', 'b.home'] : [`${source.bind(query.type)}::text`, `${source.bind(own)}::int8`];
  const practice = source.practice === undefined ? 'null::int8' : 'b.practice::int8';
  return `select ${variantIndex} as part, b.id, b.content, b.position, ${type} as type, ${home} as home, ${practice} as practice
    from (${page}) b`;
}

/**
 * Returns the cursor for the query of one R4 type. Matches with the same sort value and id are ordered by practice, if
 * there are several, and then by R4 type.
 */
function variantCursor(
  after: PageCursor | undefined,
  variantIndex: number,
  { descending }: SearchSort,
  { practice }: QuerySql,
): AfterCursor | undefined {
  if (after === undefined) return undefined;
  const isElsewhere = practice === undefined && after.practice !== undefined;
  return { ...after, inclusive: isElsewhere ? descending : variantIndex > (after.variantIndex ?? 0) };
}

function sumTotals(facts: readonly string[] | null | undefined, matchCount: number): { total: number; asOf: string } {
  const each = (facts ?? []).map(parseTotalSnapshot).filter((one) => one !== undefined);
  if (each.length === 0) return { total: matchCount, asOf: '-infinity' };
  // Times in the text format of PostgreSQL sort chronologically when they are compared as text.
  const asOf =
    each
      .map((one) => one.asOf)
      .toSorted()
      .at(-1) ?? '-infinity';
  return { total: each.reduce((sum, one) => sum + one.total, 0), asOf };
}
