import type { PortalApi, PortalDeps } from '../../portal-api/index.ts';
import { appRoutes } from './app-routes.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { lifecycleRoutes } from './lifecycle-routes.ts';
import { logoRoutes } from './logo-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { versionRoutes } from './version-routes.ts';

/** Adds all routes with which developers manage their apps. */
export function appsRoutes(api: PortalApi, deps: PortalDeps): void {
  catalogRoutes(api, deps);
  checkRoutes(api, deps);
  appRoutes(api, deps);
  versionRoutes(api, deps);
  lifecycleRoutes(api, deps);
  secretRoutes(api, deps);
  logoRoutes(api, deps);
}
