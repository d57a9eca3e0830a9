import type { PagingQuery } from '../portal-api/index.ts';

/** Number of entries on a page, unless the request asks for another number. */
const DEFAULT_PAGE_SIZE = 50;

/** Returns one page of a list, and how many entries the whole list has. */
export function paginate<Item>(
  all: readonly Item[],
  { page = 1, limit = DEFAULT_PAGE_SIZE }: PagingQuery,
): { readonly page: Item[]; readonly found: number } {
  return { page: all.slice((page - 1) * limit, page * limit), found: all.length };
}
