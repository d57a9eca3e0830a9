import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import { accessFilterSql, hiddenTargetsSql } from './access-filter-sql.ts';
import { enforcedConditionSql, isRowCondition, type LinkSource } from './link-sql.ts';
import { notHiddenSql, projectionRowSql } from './projection-sql.ts';
import { withFilterSelectivity } from './query-shapes.ts';
import { getRowSource, practiceRowSource, type RowSource } from './row-source.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql.ts';

/** SQL of an enforced query, with its parameters. */
export interface QuerySql extends Pick<RowSource, 'home' | 'practice'> {
  /** `resource r …` with its joins. */
  readonly from: string;
  readonly where: string;
  /** SQL of the text to serve. */
  readonly content: string;
  /**
   * For projected (DSTU2) content: SQL that tells whether it depends only on this row, and SQL of the converter version
   * that produced it. undefined for content served as stored.
   */
  readonly made: { readonly alone: string; readonly maker: string } | undefined;
  /** SQL of the positions of Provenance targets that must be left out; undefined if rows are served as stored. */
  readonly unseen: string | undefined;
  readonly bind: BindParameter;
  readonly parameters: readonly unknown[];
}

interface QuerySqlOptions {
  /**
   * Builds a query that doesn't read the content. Hidden rows are excluded by a condition, because they are few, and
   * the projection is not joined.
   */
  readonly counting?: boolean;
  /** Reads replaced versions from the history instead of current rows. */
  readonly superseded?: boolean;
  /** For a prepared plan: gives conditions a neutral estimate (see `withFilterSelectivity`). */
  readonly genericPlan?: boolean;
  /** Reads only this practice's rows, through the index of changes. */
  readonly practiceId?: number;
  /** Reads several types that share all conditions. */
  readonly types?: readonly string[];
  /** Parameters of the statement that this SQL becomes part of. */
  readonly parameters?: unknown[];
}

export function buildQuerySql(query: EnforcedQuery, options: QuerySqlOptions = {}): QuerySql {
  const { counting = false, superseded = false, genericPlan = false, parameters = [], types = [query.type] } = options;
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const rows = { alias: 'r', type: query.type, bind };
  const { table, home, record, practice, inScope } =
    options.practiceId === undefined
      ? getRowSource(query, bind, superseded)
      : practiceRowSource(options.practiceId, bind);
  const linked: LinkSource = {
    ...rows,
    compartmentIdSql: home,
    recordSql: record,
    isSingleRecord: query.compartment === 'record' && query.scope?.kind === 'record',
    practiceSql: practiceSql(query, record),
    practiceIds: practicesIfFew(query),
    practiceFilter: practiceFilterSql(query, bind),
    filters: query.filters,
  };
  const where = [inScope, isOneOfSql('r.type', types, 'text', bind)];
  for (const condition of query.conditions) {
    const sql = enforcedConditionSql(linked, condition);
    // Conditions on the last update stay plain, because an index can serve them.
    where.push(genericPlan && condition.kind !== 'updated' ? withFilterSelectivity(sql) : sql);
  }
  where.push(...accessFilterSql(rows, home, query.filters, query.conditions.filter(isRowCondition)));
  const projected = query.projection !== undefined;
  if (counting) where.push(...notHiddenSql({ ...query, alias: 'r' }, bind));
  return {
    from: projected && !counting ? `${table} ${joinProjectionSql(query, bind)}` : table,
    where: andSql(where),
    content: projected ? 'p.content' : 'r.content',
    made: projected ? { alone: 'p.alone', maker: 'p.maker' } : undefined,
    // PostgreSQL rejects a placeholder that the SQL never mentions.
    unseen: counting ? undefined : hiddenTargetsSql(rows, home, query.filters),
    home,
    practice,
    bind,
    parameters,
  };
}

/** For directory rows: builds an SQL predicate that restricts a practice column to the query's practices. */
function practiceFilterSql(
  { compartment, scope }: EnforcedQuery,
  bind: BindParameter,
): ((column: string) => string) | undefined {
  if (compartment !== 'practice' || scope?.kind !== 'practices') return undefined;
  return (column) => isOneOfSql(column, scope.practiceIds, 'int', bind);
}

/** Each practice gets its own branch in the SQL. */
const MAX_PRACTICE_BRANCHES = 8;

const practicesIfFew = ({ scope }: EnforcedQuery): readonly number[] | undefined =>
  scope?.kind === 'practices' && scope.practiceIds.length <= MAX_PRACTICE_BRANCHES ? scope.practiceIds : undefined;

/** SQL of the row's practice. */
const practiceSql = ({ compartment }: EnforcedQuery, record: string): string =>
  compartment === 'practice' ? 'r.practice_id' : `(select o.practice_id from record o where o.record_id = ${record})`;

/**
 * Joins the projection. A resource without content in it is hidden and must not be counted either. `offset 0` keeps
 * PostgreSQL from reordering the join: it would take it for very selective and sort the whole record for each page.
 */
function joinProjectionSql(query: EnforcedQuery, bind: BindParameter): string {
  const { from, ofRow, alone } = projectionRowSql({ ...query, alias: 'r' }, bind);
  return `cross join lateral (
    select q.content, q.maker, ${alone} as alone from ${from}
    where ${ofRow} and q.content is not null offset 0) p`;
}
