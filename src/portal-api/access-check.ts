import type { FastifyRequest } from 'fastify';
import type { PortalGuard } from './guard.ts';

/** Routes below `/api/developer` that need no account, so that people can try the sandbox before they sign up. */
const PUBLIC_PATHS = ['/api/developer/explorer', '/api/developer/test-patients'];

/**
 * Routes below `/api/review` that the sandbox's administrator may call. Such a route reads and changes apps,
 * organizations and brands through `reviewSpace` only. All other routes, also future ones, reject this account.
 */
const MADE_UP_PATHS = [
  '/api/review/queue',
  '/api/review/apps',
  '/api/review/organisations',
  '/api/review/brands',
  '/api/review/made-up',
];

/**
 * Checks who sent a request. Runs before the request is validated, so that callers without access
 * don't learn the schemas of the API.
 */
export async function checkAccess(guard: PortalGuard, request: FastifyRequest): Promise<void> {
  const { url = '' } = request.routeOptions;
  const below = (path: string): boolean => url === path || url.startsWith(`${path}/`);
  if (MADE_UP_PATHS.some(below)) await guard.anyReviewer(request);
  else if (url.startsWith('/api/review/')) await guard.reviewer(request);
  else if (url.startsWith('/api/developer/') && !PUBLIC_PATHS.some(below)) await guard.anyDeveloper(request);
}
