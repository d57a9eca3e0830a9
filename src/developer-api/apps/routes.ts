import type { OAuthAddresses } from '../../oauth/index.ts';
import type { PortalApi } from '../../portal-api/index.ts';
import type { CatalogDeps, SubmissionDeps } from '../deps.ts';
import { appRoutes } from './app-routes.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { type CheckRouteDeps, checkRoutes } from './check-routes.ts';
import { lifecycleRoutes } from './lifecycle-routes.ts';
import { logoRoutes } from './logo-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { versionRoutes } from './version-routes.ts';

export interface AppRouteDeps extends SubmissionDeps, CatalogDeps, CheckRouteDeps {
  readonly addresses: OAuthAddresses;
}

/** Adds all routes with which developers manage their apps. */
export function appsRoutes(api: PortalApi, deps: AppRouteDeps): void {
  catalogRoutes(api, deps);
  checkRoutes(api, deps);
  appRoutes(api, deps);
  versionRoutes(api, deps);
  lifecycleRoutes(api, deps);
  secretRoutes(api, deps);
  logoRoutes(api, deps);
}
