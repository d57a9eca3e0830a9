import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { activityRoutes } from './activity/routes.ts';
import type { Api } from './api/app.ts';
import { checkLater, serializeLater } from './api/compilers.ts';
import { gate } from './api/gate.ts';
import { requireToken } from './api/guard.ts';
import { logoPages } from './apps/logo-page.ts';
import { appsRoutes } from './apps/routes.ts';
import type { PortalDeps } from './deps.ts';
import { docsRoutes } from './docs/routes.ts';
import { explorerRoutes } from './explorer/routes.ts';
import { testPatientRoutes } from './explorer/test-patient-routes.ts';
import { groupRoutes } from './groups/routes.ts';
import { auditRoutes } from './operations/audit-routes.ts';
import { keyRoutes } from './operations/key-routes.ts';
import { settingRoutes } from './operations/setting-routes.ts';
import { organisationRoutes } from './organisations/routes.ts';
import {
  brandsPageRoutes,
  brandsReviewRoutes,
  galleryApi,
  galleryRoutes,
  incidentRoutes,
  statusApi,
  statusRoutes,
} from './public/index.ts';
import { reviewRoutes } from './review/routes.ts';
import { sessionRoutes } from './session/routes.ts';
import { signUpRoutes } from './sign-up/routes.ts';
import { swaggerRoutes } from './swagger/routes.ts';
import { webRoutes } from './web/routes.ts';

export { tellFirstCall } from './activity/first-call.ts';
export { type Guard, openGuard } from './api/guard.ts';
export { warnOfExpiringSecrets } from './apps/expiring.ts';
export type { PortalDeps } from './deps.ts';
export { explorerRedirects } from './explorer/addresses.ts';
export type { MadeAccount } from './explorer/test-patients.ts';
export { brandsRoutes, openBrands, openStatus, probesOf, sweepStatus } from './public/index.ts';
export { warnReviewers } from './review/warn.ts';
export { sweepSignUps } from './sign-up/store.ts';
export { openApiDocuments } from './swagger/documents.ts';

/**
 * Adds the JSON API of the portals. Its schemas describe it at `/api/openapi.json`. Everything the
 * portals do goes through it.
 */
export async function portalApi(scope: FastifyInstance, deps: PortalDeps): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `${deps.brandName}: portal API`, version: '1', description: ABOUT },
      servers: [{ url: deps.publicUrl }],
    },
  });
  const api: Api = scope.withTypeProvider<never>() as never;
  api.setValidatorCompiler(checkLater as never);
  api.setSerializerCompiler(serializeLater as never);
  api.addHook('onRequest', async (request) => requireToken(deps.cookies, request));
  api.addHook('onRequest', (request) => gate(deps.guard, request));
  sessionRoutes(api, deps);
  appsRoutes(api, deps);
  organisationRoutes(api, deps);
  explorerRoutes(api, deps);
  testPatientRoutes(api, deps);
  auditRoutes(api, deps);
  keyRoutes(api, deps);
  settingRoutes(api, deps);
  groupRoutes(api, deps);
  activityRoutes(api, deps);
  reviewRoutes(api, deps);
  brandsReviewRoutes(api, deps);
  incidentRoutes(api, deps);
  galleryApi(api, deps);
  statusApi(api, deps);
  api.get('/openapi.json', { schema: { hide: true } }, async () => api.swagger());
}

/** Adds the pages of the portals: the React app and the server-rendered pages. Needs the cookie and form plugins. */
export function portalPages(scope: FastifyInstance, deps: PortalDeps): void {
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
