import { isUnrestricted } from '../../authorization/access-filters.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { findCategoryIndex } from './sql/category-index-sql.ts';
import type { PageRequest } from './sql/page-sql.ts';

/** Most resources of a short page, with those before it that are skipped. The contents of more may come from the standby. */
const MAX_SHORT_PAGE = 99;

/**
 * True if PostgreSQL reads hardly more resources for the first page of a search with one plan than it returns, because an
 * index has exactly the matches, in the order of the page. Its statement is then about as short as some reads by id. A
 * converted (DSTU2) type may hide most resources of its R4 type, so its pages don't count as short.
 */
export const isShortPage = (
  { projection, filters, conditions }: EnforcedQuery,
  { sort, limit, offset }: Pick<PageRequest, 'sort' | 'limit' | 'offset'>,
): boolean =>
  sort.key.kind === 'main' &&
  limit + offset <= MAX_SHORT_PAGE &&
  projection === undefined &&
  filters.some(isUnrestricted) &&
  conditions.every((condition) => findCategoryIndex(condition)?.isWhole === true);
