import type { Executor } from '../../database/index.ts';
import type { Sort } from '../core/condition.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { FoundMatch } from './found.ts';
import { type After, orderSql, pageSql, type Slice } from './page.ts';
import { run } from './run.ts';
import { sourceOf } from './where.ts';

/** Each practice gets its own branch of the UNION. */
const MOST_PRACTICES = 32;

/**
 * Returns the practices of a search for changes (sorted by last update, no patient named, over whole practices), in
 * their order. undefined for any other search.
 */
export function practicesPolled({ kept, place }: EnforcedQuery, { key }: Sort): readonly number[] | undefined {
  if (kept !== 'record' || place?.kind !== 'practices' || place.patientIds !== undefined) return undefined;
  const isPolled = key.kind === 'updated' && key.toldBy === undefined && place.practiceIds.length <= MOST_PRACTICES;
  return isPolled ? place.practiceIds : undefined;
}

/**
 * Fetches one page of changes at several practices, in order of last update. Each practice is read through the index
 * that begins with the practice, so the cost depends on the page size and not on the amount of data.
 */
export async function findChanges(
  db: Executor,
  query: EnforcedQuery,
  practiceIds: readonly number[],
  slice: Slice,
  after?: After,
): Promise<FoundMatch[]> {
  const parameters: unknown[] = [];
  const { limit, offset, sort } = slice;
  const isOne = practiceIds.length === 1;
  const pages = practiceIds.map((practiceId) => {
    const source = sourceOf(query, { genericPlan: true, practiceId, parameters });
    const from = after && { ...after, inclusive: !isOne && comesAfter(practiceId, after, sort) };
    const page = pageSql(query, source, isOne ? slice : { ...slice, limit: limit + offset, offset: 0 }, {
      after: from,
      mergeable: !isOne,
    });
    return isOne ? page : `(select b.*, ${source.bind(practiceId)}::int as practice from (${page}) b)`;
  });
  if (isOne) return run<FoundMatch>(db, { parameters }, pages.join());
  // Each branch arrives in index order, so PostgreSQL merges them and reads only as much of each as the page needs.
  const keys = ['u.first_key', 'u.id', 'u.practice'];
  const text = `select * from (${pages.join(' union all ')}) u ${orderSql(keys, sort)}
    limit $${parameters.push(limit + 1)} offset $${parameters.push(offset)}`;
  return run<FoundMatch>(db, { parameters }, text);
}

/** Rows with the same time and id are ordered by practice. */
const comesAfter = (practiceId: number, { practice = 0 }: After, { descending }: Sort): boolean =>
  descending ? practiceId < practice : practiceId > practice;
