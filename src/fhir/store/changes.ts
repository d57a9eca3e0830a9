import type { Executor } from '../../database/index.ts';
import type { Sort } from '../core/condition.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import type { FoundMatch } from './found.ts';
import { type After, orderSql, pageSql, type Slice } from './page.ts';
import { run } from './run.ts';
import { sourceOf } from './where.ts';

/** Each practice has a part of its own in the statement. */
const MOST_PRACTICES = 32;

/** Practices whose changes a search is for, in their order; undefined: it is another search. */
export function practicesPolled({ kept, place }: EnforcedQuery, { key }: Sort): readonly number[] | undefined {
  if (kept !== 'record' || place?.kind !== 'practices' || place.patientIds !== undefined) return undefined;
  const isPolled = key.kind === 'updated' && key.toldBy === undefined && place.practiceIds.length <= MOST_PRACTICES;
  return isPolled ? place.practiceIds : undefined;
}

/**
 * A page of what changed at practices, in the order of changes: of each practice by the index that begins with it, until the
 * page is full. It costs the same however much there is.
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
    const source = sourceOf(query, { steady: true, practiceId, parameters });
    const from = after && { ...after, inclusive: !isOne && comesAfter(practiceId, after, sort) };
    const page = pageSql(query, source, isOne ? slice : { ...slice, limit: limit + offset, offset: 0 }, {
      after: from,
      mergeable: !isOne,
    });
    return isOne ? page : `(select b.*, ${source.bind(practiceId)}::int as practice from (${page}) b)`;
  });
  if (isOne) return run<FoundMatch>(db, { parameters }, pages.join());
  // In the order of the index PostgreSQL merges the parts, and reads of each only what the page needs.
  const keys = ['u.first_key', 'u.id', 'u.practice'];
  const text = `select * from (${pages.join(' union all ')}) u ${orderSql(keys, sort)}
    limit $${parameters.push(limit + 1)} offset $${parameters.push(offset)}`;
  return run<FoundMatch>(db, { parameters }, text);
}

/** In one place of the order, with one id, rows come by their practices. */
const comesAfter = (practiceId: number, { practice = 0 }: After, { descending }: Sort): boolean =>
  descending ? practiceId < practice : practiceId > practice;
