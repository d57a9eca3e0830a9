import type { PortalApi } from '../../portal-api/index.ts';
import { invitationRoutes, type OrganisationRouteDeps } from './invitation-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { organisationRoutes } from './organisation-routes.ts';
import { ownOrganisationsRoutes } from './own-organisations-routes.ts';

/** Adds all routes under `/api/developer/organisations`. */
export function addOrganisationRoutes(api: PortalApi, deps: OrganisationRouteDeps): void {
  ownOrganisationsRoutes(api, deps);
  organisationRoutes(api, deps);
  memberRoutes(api, deps);
  invitationRoutes(api, deps);
}
