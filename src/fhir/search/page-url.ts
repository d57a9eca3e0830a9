import type { QueryParameter } from './search-request.ts';

/** Builds the absolute URL of a page of search results. It starts with the base URL of the client's request. */
export function searchPageUrl(
  base: string,
  type: string,
  understood: readonly QueryParameter[],
  cursor?: string,
): string {
  const parameters = cursor === undefined ? understood : understood.filter(([name]) => name !== '_cursor');
  const pairs = cursor === undefined ? parameters : [...parameters, ['_cursor', cursor] as const];
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return query === '' ? `${base}/${type}` : `${base}/${type}?${query}`;
}
