import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { findCategoryIndex } from './sql/category-index-sql.ts';
import type { PageRequest } from './sql/page-sql.ts';
import { usesGenericPlan } from './sql/query-shapes.ts';

/** Most resources of a short page, with those before it that are skipped. */
const MAX_SHORT_PAGE = 99;

/**
 * True if PostgreSQL reads hardly more resources for a page than it returns, because an index has exactly the matches,
 * in the order of the page. Its statement is then about as short as some reads by id.
 */
export const isShortPage = (
  query: EnforcedQuery,
  { sort, limit, offset }: Pick<PageRequest, 'sort' | 'limit' | 'offset'>,
): boolean =>
  usesGenericPlan(query, sort) &&
  sort.key.kind === 'main' &&
  limit + offset <= MAX_SHORT_PAGE &&
  query.filters.some(isUnrestricted) &&
  query.conditions.every((condition) => findCategoryIndex(condition)?.isWhole === true);
