import type { Api } from '../api/app.ts';
import type { PortalDeps } from '../deps.ts';
import { appRoutes } from './app-routes.ts';
import { catalogueRoutes } from './catalogue-routes.ts';
import { checkRoutes } from './check-routes.ts';
import { lifecycleRoutes } from './lifecycle-routes.ts';
import { logoRoutes } from './logo-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { versionRoutes } from './version-routes.ts';

/** Adds all routes for developers' apps. */
export function appsRoutes(api: Api, deps: PortalDeps): void {
  catalogueRoutes(api, deps);
  checkRoutes(api, deps);
  appRoutes(api, deps);
  versionRoutes(api, deps);
  lifecycleRoutes(api, deps);
  secretRoutes(api, deps);
  logoRoutes(api, deps);
}
