import type { EnforcedQuery } from '../../../authorization/enforce.ts';
import type { ContentForm } from '../contents/read-contents.ts';
import { rowVersionSql } from '../contents/row-version.ts';
import { accessFilterSql, hiddenTargetsSql } from './access-filter-sql.ts';
import { findCategoryIndex } from './category-index-sql.ts';
import { isSurvivingPatientSql } from './condition-sql.ts';
import { enforcedConditionSql, isRowCondition, type LinkSource } from './link-sql.ts';
import { convertedSql, notHiddenSql } from './projection-sql.ts';
import { withFilterSelectivity } from './query-shapes.ts';
import { getRowSource, type RowSource } from './row-source.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql.ts';

/** The parts of the SQL for an authorized query, with its parameters. */
export interface QuerySql extends Pick<RowSource, 'home' | 'record' | 'practice'> {
  /** SQL after `from`: the table `resource r` or `shared_resource r`, with its joins. */
  readonly from: string;
  readonly where: string;
  /**
   * SQL expression for the JSON text that the API returns: the stored R4 text, or its DSTU2 conversion as `restoreText`
   * reads it. With the content form `version`, it is the version of the row that has this text.
   */
  readonly content: string;
  /**
   * SQL expressions about converted (DSTU2) text: `alone` tells whether it depends on this resource only, and `maker`
   * is the version of the converter that wrote it. Undefined for stored R4 text.
   */
  readonly made: { readonly alone: string; readonly maker: string } | undefined;
  /**
   * SQL expression for the positions of Provenance targets that must be removed. Undefined if the client may see all
   * targets.
   */
  readonly unseen: string | undefined;
  readonly bind: BindParameter;
  readonly parameters: readonly unknown[];
}

interface QuerySqlOptions {
  /**
   * If true, the SQL only counts matches and doesn't read the content of resources. The few resources that the FHIR
   * version hides are excluded by a condition, and the converted texts aren't joined.
   */
  readonly counting?: boolean;
  /** If true, older versions of resources are read from the history table, instead of the current ones. */
  readonly superseded?: boolean;
  /**
   * Set for a prepared statement. It changes how many resources PostgreSQL expects to meet a condition; see
   * `withFilterSelectivity`.
   */
  readonly genericPlan?: boolean;
  /** Set if a prepared statement sorts by the main date, so that it can use an index of one category. */
  readonly byMainDate?: boolean;
  /**
   * Set if the resources are few, so that PostgreSQL tests each condition and access filter for them. Otherwise it might
   * look one of them up in all records.
   */
  readonly withoutIndexes?: boolean;
  /**
   * Table from which the resources are read, and the condition that limits them. Default: the table of the compartment,
   * limited to the scope of the query.
   */
  readonly rowsFrom?: (bind: BindParameter) => RowSource;
  /** Form of `content`. Default: the text. */
  readonly content?: ContentForm | undefined;
  /** R4 types of the resources to read. Default: the type of the query. */
  readonly types?: readonly string[];
  /** SQL for the type of the resources to read, such as a column of another table. It replaces `types`. */
  readonly typeSql?: string;
  /** Parameters of the statement to which this SQL will belong. New parameters are appended. */
  readonly parameters?: unknown[];
}

export function buildQuerySql(query: EnforcedQuery, options: QuerySqlOptions = {}): QuerySql {
  const {
    counting = false,
    superseded = false,
    genericPlan = false,
    byMainDate = false,
    withoutIndexes = false,
    content = 'text',
    parameters = [],
    types = [query.type],
    typeSql,
  } = options;
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const { table, home, record, practice, owner, inScope } =
    options.rowsFrom?.(bind) ?? getRowSource(query, bind, superseded);
  const rows = { alias: 'r', type: query.type, table: table.split(' ', 1)[0] ?? '', recordSql: record, bind };
  const linked: LinkSource = {
    ...rows,
    compartmentIdSql: home,
    // Otherwise the record is a column of each resource.
    isSingleRecord: query.compartment === 'record' && record !== home,
    isSurviving: owner?.isSurviving ?? isSurvivingPatientSql(record),
    practiceSql: owner?.practice ?? practiceSql(query, record),
    practiceIds: owner?.practiceIds ?? practicesIfFew(query),
    practiceFilter: practiceFilterSql(query, bind),
    filters: query.filters,
  };
  const where = [inScope, typeSql === undefined ? isOneOfSql('r.type', types, 'text', bind) : `r.type = ${typeSql}`];
  for (const condition of query.conditions) {
    const index = genericPlan && byMainDate ? findCategoryIndex(condition) : undefined;
    if (index !== undefined) where.push(index.predicate);
    if (index?.isWhole) continue;
    const sql = enforcedConditionSql(linked, condition);
    // A database index covers conditions on the last change, so PostgreSQL's own estimate of their matches is used.
    const isTested = (genericPlan || withoutIndexes) && condition.kind !== 'updated';
    where.push(isTested ? withFilterSelectivity(sql) : sql);
  }
  const allowed = accessFilterSql(linked, home, query.filters, query.conditions.filter(isRowCondition));
  where.push(...(withoutIndexes ? allowed.map(withFilterSelectivity) : allowed));
  const projected = { ...query, alias: 'r', home: query.compartment === 'record' ? record : home };
  if (counting) where.push(...notHiddenSql(projected, bind));
  const converted = query.projection === undefined || counting ? undefined : convertedSql(projected, content, bind);
  if (converted !== undefined) where.push(...converted.where);
  return {
    from: converted === undefined ? table : `${table} ${converted.join}`,
    where: andSql(where),
    content: converted?.content ?? (content === 'version' ? rowVersionSql('r.xmin') : 'r.content'),
    made: converted?.made,
    // The SQL of a count doesn't use the positions of hidden Provenance targets. They aren't built either, because that
    // would add parameters that the SQL doesn't mention, and PostgreSQL rejects such parameters.
    unseen: counting ? undefined : hiddenTargetsSql(linked, home, query.filters),
    home,
    record,
    practice,
    bind,
    parameters,
  };
}

/**
 * Only for resources of a directory: returns a function that builds the SQL predicate that limits a practice column to
 * the practices of the query.
 */
function practiceFilterSql(
  { compartment, scope }: EnforcedQuery,
  bind: BindParameter,
): ((column: string) => string) | undefined {
  if (compartment !== 'practice' || scope?.kind !== 'practices') return undefined;
  return (column) => isOneOfSql(column, scope.practiceIds, 'int', bind);
}

/** Maximum number of practices for which a chain is evaluated practice by practice. The SQL has one branch for each. */
export const MAX_PRACTICE_BRANCHES = 8;

const practicesIfFew = ({ scope }: EnforcedQuery): readonly number[] | undefined =>
  scope?.kind === 'practices' && scope.practiceIds.length <= MAX_PRACTICE_BRANCHES ? scope.practiceIds : undefined;

/** SQL for the practice of a resource. */
const practiceSql = ({ compartment }: EnforcedQuery, record: string): string =>
  compartment === 'practice' ? 'r.practice_id' : `(select o.practice_id from record o where o.record_id = ${record})`;
