import type { FastifyInstance } from 'fastify';
import { openChanges } from './changes.ts';
import type { PeopleDeps } from './deps.ts';
import { lostRoutes } from './lost/routes.ts';
import { securityRoutes } from './security/routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { secondFactorRoutes } from './sign-in/second-factor.ts';
import { setUpRoutes } from './sign-in/set-up.ts';

/**
 * Registers the routes of sign-in, sign-out, second factors, account recovery and account security. Needs the cookie
 * and form plugins.
 */
export function peopleRoutes(app: FastifyInstance, deps: PeopleDeps): void {
  const changes = openChanges(deps);
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  signInRoutes(app, deps);
  secondFactorRoutes(app, deps, changes);
  setUpRoutes(app, deps, changes);
  lostRoutes(app, deps, changes);
  securityRoutes(app, deps, changes);
}
