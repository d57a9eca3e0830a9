import type { Executor } from '../../../database/index.ts';
import type { VariantQuery } from '../../authorization/enforce-variants.ts';
import type { SearchSort } from '../../model/condition.ts';
import type { PageCursor } from '../../search/cursor.ts';
import { countSql, parseTotalSnapshot } from './count-matches.ts';
import type { SearchMatchRow } from './result-rows.ts';
import { runQuery } from './run-query.ts';
import type { SearchMatches } from './search.ts';
import { type AfterCursor, type PageRequest, pageSql } from './sql/page-sql.ts';
import { buildQuerySql, type QuerySql } from './sql/query-sql.ts';

/** A match and the index of its variant in the list of searched variants. */
export interface VariantMatch extends SearchMatchRow {
  readonly part: number;
}
export interface VariantMatches extends Omit<SearchMatches, 'rows'> {
  readonly rows: readonly VariantMatch[];
}

/** A row with the same columns for every variant, even if the variant's rows are all of one record. */
interface VariantPageRow extends Omit<VariantMatch, 'practice'> {
  readonly practice: number | null;
  /** Total and latest change of each variant; null if not counted. */
  readonly facts: readonly string[] | null;
}

/**
 * Finds one page over several stored types that are served as one type. One statement fetches a page of each variant
 * through its own index, takes the first rows of them all, and counts.
 * @param after the cursor of the last row, including its variant; the total was determined for page 1
 */
export async function searchVariants(
  db: Executor,
  forms: readonly VariantQuery[],
  slice: Omit<PageRequest, 'sort'>,
  after?: PageCursor,
): Promise<VariantMatches> {
  if (forms.length === 0) return { rows: [], more: false, total: slice.counted ? 0 : undefined, asOf: '-infinity' };
  const parameters: unknown[] = [];
  const { limit, offset } = slice;
  const direction = forms[0]?.sort.descending === false ? 'asc' : 'desc';
  const order = (of: string) =>
    `order by ${of}.position::timestamptz ${direction}, ${of}.id ${direction}, coalesce(${of}.practice, 0) ${direction}, ${of}.part`;
  const pages = forms.map((form, part) => `(${variantPageSql(form, part, limit + offset, parameters, after)})`);
  const counts =
    after === undefined ? forms.map(({ query }) => buildQuerySql(query, { counting: true, parameters })) : [];
  // PostgreSQL rejects a placeholder that the SQL never mentions, so it is added only when it is used.
  const needed = () => (offset > 0 ? 'true' : `(select count(*) from page) > $${parameters.push(limit)}`);
  const facts =
    counts.length === 0 ? 'null' : `case when ${needed()} then array[${counts.map((one) => `(${countSql(one)})`)}] end`;
  const text = `with page as materialized (
      select * from (${pages.join(' union all ')}) u ${order('u')}
      limit $${parameters.push(limit + 1)} offset $${parameters.push(offset)}),
    counted as (select ${facts}::text[] as facts)
    select page.*, counted.facts from counted left join page on true ${order('page')}`;
  const all = await runQuery<VariantPageRow>(db, { parameters }, text);
  const found = all
    .filter(({ id }) => id !== null)
    .map(({ facts: _, practice, ...row }) => toVariantMatch(row, practice));
  const rows = found.slice(0, limit);
  const known = after ?? sumTotals(all[0]?.facts, found.length);
  const total = after === undefined && !slice.counted ? undefined : known.total;
  return { rows, more: found.length > rows.length, total, asOf: known.asOf };
}

const toVariantMatch = (row: Omit<VariantMatch, 'practice'>, practice: number | null): VariantMatch =>
  practice === null ? row : { ...row, practice };

/** SQL of one variant's page, with the columns all variants have. */
function variantPageSql(
  { query, sort }: VariantQuery,
  part: number,
  limit: number,
  parameters: unknown[],
  after: PageCursor | undefined,
): string {
  const source = buildQuerySql(query, { parameters });
  const page = pageSql(
    query,
    source,
    { sort, limit, offset: 0, counted: false },
    { after: variantCursor(after, part, sort, source) },
  );
  const own = query.compartment === 'record' && query.scope?.kind === 'record' ? query.scope.recordId : undefined;
  const [type, home] =
    own === undefined ? ['b.type', 'b.home'] : [`${source.bind(query.type)}::text`, `${source.bind(own)}::int8`];
  const practice = source.practice === undefined ? 'null::int8' : 'b.practice::int8';
  return `select ${part} as part, b.id, b.content, b.position, ${type} as type, ${home} as home, ${practice} as practice
    from (${page}) b`;
}

/** Rows with the same position and id are ordered by practice, if they have one, and then by variant. */
function variantCursor(
  after: PageCursor | undefined,
  part: number,
  { descending }: SearchSort,
  { practice }: QuerySql,
): AfterCursor | undefined {
  if (after === undefined) return undefined;
  const isElsewhere = practice === undefined && after.practice !== undefined;
  return { ...after, inclusive: isElsewhere ? descending : part > (after.part ?? 0) };
}

function sumTotals(facts: readonly string[] | null | undefined, found: number): { total: number; asOf: string } {
  const each = (facts ?? []).map(parseTotalSnapshot).filter((one) => one !== undefined);
  if (each.length === 0) return { total: found, asOf: '-infinity' };
  // Instants as PostgreSQL prints them sort chronologically as text.
  const asOf =
    each
      .map((one) => one.asOf)
      .toSorted()
      .at(-1) ?? '-infinity';
  return { total: each.reduce((sum, one) => sum + one.total, 0), asOf };
}
