import type { Pair } from './search-request.ts';

/** The address of a page of a search: absolute, on the base the request came to. */
export function pageLink(base: string, type: string, understood: readonly Pair[], cursor?: string): string {
  const kept = cursor === undefined ? understood : understood.filter(([name]) => name !== '_cursor');
  const pairs = cursor === undefined ? kept : [...kept, ['_cursor', cursor] as const];
  const query = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return query === '' ? `${base}/${type}` : `${base}/${type}?${query}`;
}
