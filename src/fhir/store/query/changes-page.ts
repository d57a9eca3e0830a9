import type { Executor } from '../../../database/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { SearchSort } from '../../model/condition.ts';
import type { SearchMatchRow } from './result-rows.ts';
import { runQuery } from './run-query.ts';
import { type AfterCursor, orderSql, type PageRequest, pageSql } from './sql/page-sql.ts';
import { buildQuerySql } from './sql/query-sql.ts';

/** Each practice gets its own branch of the UNION. */
const MAX_PRACTICE_BRANCHES = 32;

/**
 * Returns the practices of a search for changes (sorted by last update, no patient named, over whole practices), in
 * their order. undefined for any other search.
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
 * Fetches one page of changes at several practices, in order of last update. Each practice is read through the index
 * that begins with the practice, so the cost depends on the page size and not on the amount of data.
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
    const source = buildQuerySql(query, { genericPlan: true, practiceId, parameters });
    const from = after && { ...after, inclusive: !isOne && sortsAfter(practiceId, after, sort) };
    const page = pageSql(query, source, isOne ? slice : { ...slice, limit: limit + offset, offset: 0 }, {
      after: from,
      mergeable: !isOne,
    });
    return isOne ? page : `(select b.*, ${source.bind(practiceId)}::int as practice from (${page}) b)`;
  });
  if (isOne) return runQuery<SearchMatchRow>(db, { parameters }, pages.join());
  // Each branch arrives in index order, so PostgreSQL merges them and reads only as much of each as the page needs.
  const keys = ['u.first_key', 'u.id', 'u.practice'];
  const text = `select * from (${pages.join(' union all ')}) u ${orderSql(keys, sort)}
    limit $${parameters.push(limit + 1)} offset $${parameters.push(offset)}`;
  return runQuery<SearchMatchRow>(db, { parameters }, text);
}

/** Rows with the same time and id are ordered by practice. */
const sortsAfter = (practiceId: number, { practice = 0 }: AfterCursor, { descending }: SearchSort): boolean =>
  descending ? practiceId < practice : practiceId > practice;
