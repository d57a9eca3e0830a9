/** A path of the server whose routes belong to one surface, such as `fhir-r4`. */
export interface SurfacePath {
  readonly surface: string;
  readonly path: string;
}

/** Surface and route as metrics and traces name them. Their number is fixed: the routes of the server. */
export interface RouteNames {
  readonly surface: string;
  readonly route: string;
}

/**
 * Returns a function that names a route by its pattern. It remembers the names.
 * @param paths the paths of surfaces; the longest one that matches counts, and all other routes are `pages`
 */
export function createRouteNames(paths: readonly SurfacePath[]): (route: string | undefined) => RouteNames {
  const known = new Map<string | undefined, RouteNames>();
  const longestFirst = paths.toSorted((a, b) => b.path.length - a.path.length);
  function find(route: string | undefined): RouteNames {
    if (route === undefined) return { surface: 'none', route: 'none' };
    const surface = longestFirst.find(({ path }) => route.toLowerCase().startsWith(`${path.toLowerCase()}/`))?.surface;
    // Each stylesheet, script and image has a route of its own. They have one name.
    if (surface === undefined && /\.[a-z\d]+$/i.test(route)) return { surface: 'assets', route: 'assets' };
    return { surface: surface ?? 'pages', route };
  }
  return (route) => {
    const names = known.get(route) ?? find(route);
    known.set(route, names);
    return names;
  };
}

/** Methods that have routes. Requests with other methods are named together. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export const nameMethod = (method: string): string => (METHODS.has(method) ? method : 'other');
