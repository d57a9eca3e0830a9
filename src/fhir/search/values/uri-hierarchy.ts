/** Maximum number of ancestors of a URI in its path hierarchy. No real canonical URL has more path segments. */
const MAX_ANCESTORS = 20;

/**
 * Returns the ancestors of a URI and the URI itself, the shortest first: `http://a.org/x/y|1.0` has `http://a.org`,
 * `http://a.org/x`, `http://a.org/x/y` and itself. A URN has no hierarchy. FHIR R4 search §3.1.1.4.13
 */
export function uriAncestors(uri: string): readonly string[] {
  const normalized = withoutTrailingSlash(uri);
  const start = /^[a-z][a-z0-9+.-]*:\/\/[^/|]*/i.exec(normalized)?.[0].length;
  if (start === undefined) return [normalized];
  const ends = [...normalized.matchAll(/[/|]/g)].map(({ index }) => index).filter((index) => index >= start);
  return [...new Set([...ends.slice(0, MAX_ANCESTORS), normalized.length].map((end) => normalized.slice(0, end)))];
}

/** Removes trailing slashes, so that `http://a.org/x/` and `http://a.org/x` are the same URI. */
export function withoutTrailingSlash(uri: string): string {
  let end = uri.length;
  while (uri[end - 1] === '/') end--;
  return uri.slice(0, end);
}
