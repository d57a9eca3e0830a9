import type { Api } from '../api/app.ts';
import type { PortalDeps } from '../deps.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { oneRoutes } from './one-routes.ts';
import { ownRoutes } from './own-routes.ts';
import { peopleRoutes } from './people-routes.ts';

/** Adds all routes under `/api/developer/organisations`. */
export function organisationRoutes(api: Api, deps: PortalDeps): void {
  ownRoutes(api, deps);
  oneRoutes(api, deps);
  peopleRoutes(api, deps);
  invitationRoutes(api, deps);
}
