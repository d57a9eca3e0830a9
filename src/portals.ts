import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  auditRoutes,
  brandsAdminRoutes,
  groupRoutes,
  incidentRoutes,
  jobRoutes,
  keyRoutes,
  reviewRoutes,
  settingRoutes,
} from './admin-api/index.ts';
import type { BrandsService } from './brands/index.ts';
import {
  activityRoutes,
  addOrganisationRoutes,
  appsRoutes,
  explorerRoutes,
  logoPages,
  sessionRoutes,
  testPatientRoutes,
} from './developer-api/index.ts';
import {
  checkAccess,
  lazySerializer,
  lazyValidator,
  type PortalApi,
  type PortalDeps,
  requireCsrfToken,
} from './portal-api/index.ts';
import {
  brandsPageRoutes,
  docsRoutes,
  galleryApi,
  galleryRoutes,
  type StatusMonitor,
  statusApi,
  statusRoutes,
  swaggerRoutes,
  webRoutes,
} from './public-site/index.ts';
import { signUpRoutes } from './sign-up/index.ts';

export { warnOfDeadlines } from './admin-api/index.ts';
export { brandsRoutes, createBrands } from './brands/index.ts';
export { createFirstCallNotifier, warnOfExpiringSecrets } from './developer-api/index.ts';
export { createPortalGuard, explorerRedirects, type PortalGuard } from './portal-api/index.ts';
export { createProbes, createStatusMonitor, openApiDocuments, purgeStatus } from './public-site/index.ts';
export { purgeSignUps } from './sign-up/index.ts';

/** Dependencies of all portals. */
export interface AllPortalsDeps extends PortalDeps {
  /** The published practice brands. */
  readonly brands: BrandsService;
  readonly status: StatusMonitor;
}

/**
 * Adds the JSON API of the portals. Its schemas describe it at `/api/openapi.json`. Everything the
 * portals do goes through it.
 */
export async function addPortalApi(scope: FastifyInstance, deps: AllPortalsDeps): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `${deps.brandName}: portal API`, version: '1', description: ABOUT },
      servers: [{ url: deps.publicUrl }],
    },
  });
  const api: PortalApi = scope.withTypeProvider<never>() as never;
  api.setValidatorCompiler(lazyValidator as never);
  api.setSerializerCompiler(lazySerializer as never);
  api.addHook('onRequest', async (request) => requireCsrfToken(deps.cookies, request));
  api.addHook('onRequest', (request) => checkAccess(deps.guard, request));
  sessionRoutes(api, deps);
  appsRoutes(api, deps);
  addOrganisationRoutes(api, deps);
  explorerRoutes(api, deps);
  testPatientRoutes(api, deps);
  auditRoutes(api, deps);
  keyRoutes(api, deps);
  jobRoutes(api, deps);
  settingRoutes(api, deps);
  groupRoutes(api, deps);
  activityRoutes(api, deps);
  reviewRoutes(api, deps);
  brandsAdminRoutes(api, deps);
  incidentRoutes(api, deps);
  galleryApi(api, deps);
  statusApi(api, deps);
  api.get('/openapi.json', { schema: { hide: true } }, async () => api.swagger());
}

/** Adds the pages of the portals: the React app and the server-rendered pages. Needs the cookie and form plugins. */
export function addPortalPages(scope: FastifyInstance, deps: AllPortalsDeps): void {
  docsRoutes(scope, deps);
  logoPages(scope, deps);
  swaggerRoutes(scope, deps);
  signUpRoutes(scope, deps);
  galleryRoutes(scope, deps);
  brandsPageRoutes(scope, deps);
  statusRoutes(scope, deps);
  webRoutes(scope, deps);
}

const ABOUT =
  'By the session cookie of a person who signed in at /sign-in. Whatever changes something carries the header ' +
  'X-CSRF-Token, which GET /api/session gives. Refusals are application/problem+json (RFC 9457).';
