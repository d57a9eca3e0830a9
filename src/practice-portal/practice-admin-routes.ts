import type { FastifyInstance } from 'fastify';
import type { SignInCompletion } from '../identity/index.ts';
import { keepPrivate } from '../kernel/index.ts';
import { joinRoutes } from './accept-invitation/routes.ts';
import { administratorRoutes } from './administration/administrator-routes.ts';
import { administrationRoutes } from './administration/routes.ts';
import { usedAppsRoutes } from './apps/routes.ts';
import { disclosuresRoutes } from './disclosures/routes.ts';
import { type FeedRouteDeps, feedRoutes } from './feeds/routes.ts';
import { staffHomeRoutes } from './home/routes.ts';
import { outboxRoutes } from './outbox/routes.ts';
import { logoRoutes } from './settings/logo-routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { staffInvitationRoutes } from './staff/invitation-routes.ts';
import { staffRoutes } from './staff/routes.ts';

/**
 * Registers all staff pages except those about patients: joining, administration, staff, practice settings, apps,
 * disclosures, incoming
 * data and the outbox. Requires the cookie and form plugins.
 */
export function practiceAdminRoutes(
  app: FastifyInstance,
  deps: FeedRouteDeps & { readonly entrance: SignInCompletion },
): void {
  app.register(async (scope) => {
    keepPrivate(scope);
    joinRoutes(scope, deps);
    staffHomeRoutes(scope, deps);
    administrationRoutes(scope, deps);
    administratorRoutes(scope, deps);
    staffRoutes(scope, deps);
    staffInvitationRoutes(scope, deps);
    settingsRoutes(scope, deps);
    logoRoutes(scope, deps);
    usedAppsRoutes(scope, deps);
    disclosuresRoutes(scope, deps);
    feedRoutes(scope, deps);
    outboxRoutes(scope, deps);
  });
}
