import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { SearchSort } from '../../model/condition.ts';
import type { SearchMatchRow } from './result-rows.ts';
import { runQuery } from './run-query.ts';
import { conditionSql } from './sql/condition-sql.ts';
import { type AfterCursor, orderSql, type PageRequest, pageSql } from './sql/page-sql.ts';
import { buildQuerySql } from './sql/query-sql.ts';
import { candidateRowSource } from './sql/row-source.ts';
import { andSql, type BindParameter } from './sql/sql.ts';

/**
 * Maximum number of practices for which a search for changes reads each practice separately, in one branch of a UNION
 * for each. With more practices, an ordinary search reads all of them together.
 */
const MAX_PRACTICE_BRANCHES = 32;

/**
 * Maximum number of changes that a page checks. If too few of them match, the page has fewer matches than requested, and
 * the next page continues after the last change that was checked.
 */
export const MAX_CHECKED_CHANGES = 1000;

/**
 * Returns the practices of a search for changes that reads each practice separately. Such a search covers whole
 * practices (at most `MAX_PRACTICE_BRANCHES`), is sorted by the time of the last change, and names no patient.
 * Undefined for any other search.
 */
export function practicesOfChangeSearch(
  { compartment, scope }: EnforcedQuery,
  { key }: SearchSort,
): readonly number[] | undefined {
  if (compartment !== 'record' || scope?.kind !== 'practices' || scope.patientIds !== undefined) return undefined;
  const isPolled =
    key.kind === 'updated' && key.projection === undefined && scope.practiceIds.length <= MAX_PRACTICE_BRANCHES;
  return isPolled ? scope.practiceIds : undefined;
}

/** Position of a change in the order of a search for changes. */
export interface ChangePosition {
  /** Time of the change, in the text format of PostgreSQL. */
  readonly position: string;
  readonly id: string;
  readonly practice?: number;
}

interface ChangesPage {
  /** Matches in the order of the search, one more than the page has if there are more. */
  readonly rows: readonly SearchMatchRow[];
  /** Last change that was checked, if too few changes matched. Undefined if all others were checked too. */
  readonly checkedUntil: ChangePosition | undefined;
}

type ChangesPageRow = SearchMatchRow & {
  readonly until_position: string | null;
  readonly until_id: string | null;
  readonly until_practice: number | null;
};

/**
 * Fetches one page of the resources that changed at several practices, in the order of their last change. PostgreSQL
 * reads each practice through the index that starts with practice_id and merges them, until the page is full or
 * `MAX_CHECKED_CHANGES` are checked. So the cost depends on neither the amount of data nor the conditions.
 */
export async function findChangesPage(
  db: Executor,
  query: EnforcedQuery,
  practiceIds: readonly number[],
  slice: PageRequest,
  after?: AfterCursor,
): Promise<ChangesPage> {
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const candidates = changesSql(query, practiceIds, slice.sort, after, bind);
  const source = buildQuerySql(query, {
    rowsFrom: () => candidateRowSource(candidates, practiceIds),
    parameters,
    content: slice.content,
  });
  const page = pageSql(query, source, slice);
  const [keys, isOne] = [['page.position::timestamptz', 'page.id'], practiceIds.length === 1];
  const text = `with page as materialized (${page})
    select page.*, u.until_position, u.until_id, u.until_practice
    from (select 1) one left join lateral (
      select r.last_updated::timestamp as until_position, r.id as until_id, r.practice_id as until_practice from (${candidates}) r
      where (select count(*) from page) <= ${bind(slice.limit)} offset ${MAX_CHECKED_CHANGES - 1}) u on true
    left join page on true ${orderSql(isOne ? keys : [...keys, 'page.practice'], slice.sort)}`;
  const found = await runQuery<ChangesPageRow>(db, { parameters }, text);
  const [{ until_position: position, until_id: id, until_practice: practice } = NOTHING_CHECKED] = found;
  return {
    rows: found.filter((row) => row.id !== null).map(({ until_position, until_id, until_practice, ...row }) => row),
    checkedUntil:
      position === null || id === null ? undefined : { position, id, ...(isOne ? {} : { practice: Number(practice) }) },
  };
}

const NOTHING_CHECKED = { until_position: null, until_id: null, until_practice: null };

/**
 * SQL for the changes that a page checks, in the order of the search. Only the practice, the type, the time and the
 * cursor limit them, because the index has these.
 */
function changesSql(
  query: EnforcedQuery,
  practiceIds: readonly number[],
  sort: SearchSort,
  after: AfterCursor | undefined,
  bind: BindParameter,
): string {
  const rows = { alias: 'r', type: query.type, bind };
  const times = query.conditions.filter((one) => one.kind === 'updated').map((one) => conditionSql(rows, one));
  const type = bind(query.type);
  const order = (keys: readonly string[]) => `${orderSql(keys, sort)} limit ${MAX_CHECKED_CHANGES}`;
  const isOne = practiceIds.length === 1;
  const branches = practiceIds.map((practiceId) => {
    const where = [`r.practice_id = ${bind(practiceId)}`, `r.type = ${type}`, ...times];
    if (after !== undefined)
      where.push(afterChangeSql(after, { sort, bind, inclusive: !isOne && sortsAfter(practiceId, after, sort) }));
    // The version of a row isn't among the columns of a table.
    return `select r.*, r.xmin from resource r where ${andSql(where)} ${order(['r.last_updated', 'r.id'])}`;
  });
  if (isOne) return branches.join();
  const all = branches.map((branch) => `(${branch})`).join(' union all ');
  return `select * from (${all}) r ${order(['r.last_updated', 'r.id', 'r.practice_id'])}`;
}

interface AfterChange {
  readonly sort: SearchSort;
  readonly bind: BindParameter;
  readonly inclusive: boolean;
}

/**
 * SQL predicate: the change comes after that of the cursor. A resource that changes between two pages would move and
 * appear twice, so later pages leave it out. The client's next search by _lastUpdated finds it.
 */
function afterChangeSql(after: AfterCursor, { sort: { descending }, bind, inclusive }: AfterChange): string {
  const [time, id] = [`${bind(after.position)}::timestamptz`, `${bind(after.id)}::uuid`];
  const [comparison, bound] = descending ? ['<', '<='] : ['>', '>='];
  const position = `(r.last_updated, r.id) ${comparison}${inclusive ? '=' : ''} (${time}, ${id})`;
  // The extra bound on `last_updated` is where PostgreSQL starts the index scan. PostgreSQL uses the narrowest bound on
  // a single column, unless there is a row comparison that is inclusive too. `is true` hides such a row comparison from
  // the planner.
  const row = inclusive ? `(${position}) is true` : position;
  return `${row} and r.last_updated ${bound} ${time} and r.last_updated <= ${bind(after.asOf)}::timestamptz`;
}

/**
 * True if resources of this practice come after those of the cursor's practice. The practice decides the order of
 * resources with the same time and id.
 */
const sortsAfter = (practiceId: number, { practice = 0 }: AfterCursor, { descending }: SearchSort): boolean =>
  descending ? practiceId < practice : practiceId > practice;
