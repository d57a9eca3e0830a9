import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { SearchSort } from '../../model/condition.ts';
import type { SearchMatchRow } from './result-rows.ts';
import { runQuery } from './run-query.ts';
import { type AfterCursor, orderSql, type PageRequest, pageSql } from './sql/page-sql.ts';
import { buildQuerySql } from './sql/query-sql.ts';

/**
 * Maximum number of practices for which a search for changes reads each practice separately, in one branch of a UNION
 * for each. With more practices, an ordinary search reads all of them together.
 */
const MAX_PRACTICE_BRANCHES = 32;

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

/**
 * Fetches one page of the resources that changed at several practices, in the order of their last change. PostgreSQL
 * reads each practice through the index that starts with practice_id, so the cost depends on the page size and not on
 * the amount of data.
 */
export async function findChangesPage(
  db: Executor,
  query: EnforcedQuery,
  practiceIds: readonly number[],
  slice: PageRequest,
  after?: AfterCursor,
): Promise<SearchMatchRow[]> {
  const parameters: unknown[] = [];
  const { limit, offset, sort } = slice;
  const isOne = practiceIds.length === 1;
  const pages = practiceIds.map((practiceId) => {
    const source = buildQuerySql(query, { genericPlan: true, practiceId, parameters, content: slice.content });
    const from = after && { ...after, inclusive: !isOne && sortsAfter(practiceId, after, sort) };
    const page = pageSql(query, source, isOne ? slice : { ...slice, limit: limit + offset, offset: 0 }, {
      after: from,
      mergeable: !isOne,
    });
    return isOne ? page : `(select b.*, ${source.bind(practiceId)}::int as practice from (${page}) b)`;
  });
  if (isOne) return runQuery<SearchMatchRow>(db, { parameters }, pages.join());
  // PostgreSQL reads each branch in index order and merges the branches, so it reads only as much of each as the page
  // needs.
  const keys = ['u.first_key', 'u.id', 'u.practice'];
  const text = `select * from (${pages.join(' union all ')}) u ${orderSql(keys, sort)}
    limit $${parameters.push(limit + 1)} offset $${parameters.push(offset)}`;
  return runQuery<SearchMatchRow>(db, { parameters }, text);
}

/**
 * True if resources of this practice come after those of the cursor's practice. The practice decides the order of
 * resources with the same time and id.
 */
const sortsAfter = (practiceId: number, { practice = 0 }: AfterCursor, { descending }: SearchSort): boolean =>
  descending ? practiceId < practice : practiceId > practice;
